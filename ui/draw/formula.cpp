#include "ui/draw/formula.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

QString joined(const std::vector<Formula>& parts)
{
    QString line;
    for (const Formula& part : parts)
        line += part.toPlainText();
    return line;
}

/// In one line a sum over or under a fraction bar needs brackets.
QString grouped(const Formula& formula)
{
    const bool compound = formula.kind == Formula::Kind::Row && formula.parts.size() > 1;
    return compound ? u'(' + formula.toPlainText() + u')' : formula.toPlainText();
}

Formula node(Formula::Kind kind, std::vector<Formula> parts)
{
    return {kind, {}, std::move(parts)};
}

Formula leaf(Formula::Kind kind, const QString& text)
{
    return {kind, text, {}};
}

} // namespace

bool operator==(const Formula& a, const Formula& b)
{
    return a.kind == b.kind && a.text == b.text && a.parts == b.parts;
}

QString Formula::toPlainText() const
{
    switch (kind) {
    case Kind::Row:
        return joined(parts);
    case Kind::Text:
    case Kind::Variable:
        return text;
    case Kind::Relation:
    case Kind::Operator:
        return u' ' + text + u' ';
    case Kind::Subscript:
        return parts[0].toPlainText() + u'_' + parts[1].toPlainText();
    case Kind::Superscript:
        return parts[0].toPlainText()
            + (parts[1].text == u"2"_s ? u"²"_s : u'^' + parts[1].toPlainText());
    case Kind::Hat:
        return parts[0].toPlainText() + QChar(0x0302); // combining circumflex
    case Kind::Fraction:
        return grouped(parts[0]) + u'/' + grouped(parts[1]);
    case Kind::Root:
        return u"√("_s + parts[0].toPlainText() + u')';
    case Kind::Break:
        break;
    case Kind::Brackets:
        return u'(' + parts[0].toPlainText() + u')';
    }
    return {};
}

std::vector<Formula> Formula::brokenIntoLines() const
{
    if (kind != Kind::Row)
        return {*this};
    const auto lastOf = [this](Kind wanted) {
        const auto found = std::find_if(parts.rbegin(), parts.rend(),
                                        [wanted](const Formula& p) { return p.kind == wanted; });
        return found == parts.rend() ? parts.begin() : found.base() - 1;
    };
    auto division = lastOf(Kind::Break);
    if (division == parts.begin())
        division = lastOf(Kind::Relation);
    if (division == parts.begin())
        return {*this};
    return {node(Kind::Row, {parts.begin(), division}), node(Kind::Row, {division, parts.end()})};
}

namespace math {

Formula row(std::initializer_list<Formula> parts)
{
    return node(Formula::Kind::Row, parts);
}
Formula text(const QString& upright)
{
    return leaf(Formula::Kind::Text, upright);
}
Formula var(const QString& italic)
{
    return leaf(Formula::Kind::Variable, italic);
}
Formula rel(const QString& sign)
{
    return leaf(Formula::Kind::Relation, sign);
}
Formula op(const QString& sign)
{
    return leaf(Formula::Kind::Operator, sign);
}

Formula sub(const Formula& base, const Formula& index)
{
    return node(Formula::Kind::Subscript, {base, index});
}

Formula sup(const Formula& base, const Formula& exponent)
{
    return node(Formula::Kind::Superscript, {base, exponent});
}

Formula hat(const Formula& base)
{
    return node(Formula::Kind::Hat, {base});
}

Formula frac(const Formula& numerator, const Formula& denominator)
{
    return node(Formula::Kind::Fraction, {numerator, denominator});
}

Formula root(const Formula& radicand)
{
    return node(Formula::Kind::Root, {radicand});
}
Formula brackets(const Formula& inside)
{
    return node(Formula::Kind::Brackets, {inside});
}

Formula lineBreak()
{
    return node(Formula::Kind::Break, {});
}

} // namespace math

} // namespace qbn::ui
