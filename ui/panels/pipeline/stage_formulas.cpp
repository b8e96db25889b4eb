#include "ui/panels/pipeline/stage_formulas.h"

using namespace Qt::StringLiterals;

namespace qbn::ui {

using namespace math;

namespace {

const auto equals = u"="_s;
const auto plus = u"+"_s;
const auto minus = u"−"_s;

Formula indexed(const QString& letter, const QString& index)
{
    return sub(var(letter), var(index));
}
Formula inputCode()
{
    return indexed(u"x"_s, u"q"_s);
}
Formula outputCode()
{
    return indexed(u"y"_s, u"q"_s);
}
Formula inputScale()
{
    return indexed(u"s"_s, u"x"_s);
}
Formula outputScale()
{
    return indexed(u"s"_s, u"y"_s);
}
Formula inputZeroPoint()
{
    return indexed(u"z"_s, u"x"_s);
}
Formula outputZeroPoint()
{
    return indexed(u"z"_s, u"y"_s);
}
Formula thin()
{
    return text(QString(QChar(0x2009)));
}
Formula fusedOffset()
{
    return row({var(u"β"_s), text(u"′"_s)});
}

Formula deviation()
{
    return root(row({sup(var(u"σ"_s), text(u"2"_s)), op(plus), var(u"ε"_s)}));
}

Formula call(const QString& name, const Formula& argument)
{
    return row({text(name), brackets(argument)});
}

} // namespace

Formula inputCodeFormula()
{
    return inputCode();
}

Formula dequantizeFormula()
{
    return row({var(u"x"_s), rel(equals), inputScale(), thin(),
                brackets(row({inputCode(), op(minus), inputZeroPoint()}))});
}

Formula normalizeFormula()
{
    return row({hat(var(u"x"_s)), rel(equals),
                frac(row({var(u"x"_s), op(minus), var(u"μ"_s)}), deviation())});
}

Formula affineFormula()
{
    return row(
        {var(u"y"_s), rel(equals), var(u"γ"_s), thin(), hat(var(u"x"_s)), op(plus), var(u"β"_s)});
}

Formula requantizeFormula()
{
    return row(
        {var(u"r"_s), rel(equals), frac(var(u"y"_s), outputScale()), op(plus), outputZeroPoint()});
}

Formula outputCodeFormula(bool relu)
{
    const Formula steps = row({var(u"y"_s), text(u"/"_s), outputScale()});
    const Formula sum = row({call(u"round"_s, steps), op(plus), outputZeroPoint()});
    // A fused ReLU is a clamp that begins at the zero point; max() around it would not fit.
    const Formula clamp
        = relu ? sub(text(u"clamp"_s), row({text(u"≥"_s), outputZeroPoint()})) : text(u"clamp"_s);
    return row({outputCode(), rel(equals), clamp, brackets(sum)});
}

Formula multiplierFormula()
{
    return row({var(u"α"_s), rel(equals),
                frac(row({var(u"γ"_s), thin(), inputScale()}),
                     row({outputScale(), thin(), deviation()}))});
}

Formula offsetFormula()
{
    const Formula shift = frac(row({var(u"μ"_s), thin(), var(u"γ"_s)}), deviation());
    return row({fusedOffset(), rel(equals), frac(text(u"1"_s), outputScale()),
                brackets(row({var(u"β"_s), op(minus), shift}))});
}

} // namespace qbn::ui
