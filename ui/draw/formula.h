#pragma once

#include <QString>

#include <initializer_list>
#include <vector>

namespace qbn::ui {

/// A piece of mathematics as a tree; a value. Built with the functions of namespace math,
/// measured and painted by FormulaLayout.
struct Formula
{
    enum class Kind : unsigned char
    {
        Row, ///< parts side by side
        Text, ///< upright: numbers and names of functions
        Variable, ///< italic
        Relation, ///< = and its like, wide space on both sides
        Operator, ///< + and its like, less space
        Subscript, ///< parts: base, index
        Superscript, ///< parts: base, exponent
        Hat, ///< parts: base
        Fraction, ///< parts: numerator, denominator
        Root, ///< parts: what stands under the root
        Brackets, ///< parts: what stands between the round brackets
        Break, ///< nothing; where a row may be broken into two lines
    };

    Kind kind = Kind::Row;
    QString text;
    std::vector<Formula> parts;

    bool isEmpty() const { return text.isEmpty() && parts.empty(); }

    /// One line for screen readers and the clipboard: x̂ = (x − μ)/√(σ² + ε).
    QString toPlainText() const;

    /// Two formulas, divided at the Break of this row, or else before its last relation; this one
    /// alone if it has neither.
    std::vector<Formula> brokenIntoLines() const;
};

bool operator==(const Formula& a, const Formula& b);

namespace math {

Formula row(std::initializer_list<Formula> parts);
Formula text(const QString& upright);
Formula var(const QString& italic);
Formula rel(const QString& sign);
Formula op(const QString& sign);
Formula sub(const Formula& base, const Formula& index);
Formula sup(const Formula& base, const Formula& exponent);
Formula hat(const Formula& base);
Formula frac(const Formula& numerator, const Formula& denominator);
Formula root(const Formula& radicand);
Formula brackets(const Formula& inside);
Formula lineBreak();

} // namespace math

} // namespace qbn::ui
