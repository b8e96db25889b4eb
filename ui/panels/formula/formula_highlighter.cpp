#include "ui/panels/formula/formula_highlighter.h"

#include "core/formula/functions.h"
#include "ui/look/theme.h"

#include <QPalette>
#include <QRegularExpression>

namespace qbn::ui {

namespace {

bool isFunction(const QString& word)
{
    static const QStringList casts{QStringLiteral("f64"), QStringLiteral("f32"),
                                   QStringLiteral("f16"), QStringLiteral("bf16"),
                                   QStringLiteral("i64"), QStringLiteral("i32")};
    return casts.contains(word) || formula::find_function(word.toStdString());
}

} // namespace

void FormulaHighlighter::setPalette(const QPalette& palette)
{
    const Colors colors = colorsFor(palette);
    m_comment = palette.color(QPalette::PlaceholderText);
    m_header = colors.code;
    m_function = colors.real;
    m_number = colors.output;
    rehighlight();
}

void FormulaHighlighter::highlightBlock(const QString& line)
{
    const qsizetype comment = line.indexOf(u'#');
    const qsizetype end = comment < 0 ? line.size() : comment;
    if (comment >= 0)
        setFormat(static_cast<int>(comment), static_cast<int>(line.size() - comment), m_comment);
    static const QRegularExpression heading(
        QStringLiteral("^\\s*(title|group|checked|source|sound|parameters|scales|layer|channel|"
                       "code)\\b(?!\\s*=)"));
    if (const auto match = heading.match(line.left(end)); match.hasMatch()) {
        QTextCharFormat format;
        format.setForeground(m_header);
        format.setFontWeight(QFont::Bold);
        setFormat(static_cast<int>(match.capturedStart(1)),
                  static_cast<int>(match.capturedLength(1)), format);
        return;
    }
    highlightWords(line, end);
}

void FormulaHighlighter::highlightWords(const QString& line, qsizetype end)
{
    static const QRegularExpression words(
        QStringLiteral("[A-Za-z_][A-Za-z0-9_]*|[0-9.][A-Za-z0-9.]*"));
    auto matches = words.globalMatch(line.left(end));
    while (matches.hasNext()) {
        const auto match = matches.next();
        const QString word = match.captured();
        const bool number = !word.front().isLetter() && word.front() != u'_';
        if (number || isFunction(word))
            setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(word.size()),
                      number ? m_number : m_function);
    }
}

} // namespace qbn::ui

#include "moc_formula_highlighter.cpp"
