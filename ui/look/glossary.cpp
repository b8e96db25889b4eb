#include "ui/look/glossary.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace qbn::ui {

namespace {

struct Term
{
    const char* name; ///< in lower case
    const char* definition;
};

/// By name.
constexpr std::array terms{
    Term{"affine",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "gamma * normalized + beta: the layer's own scale and offset, after normalization.")},
    Term{"agreement",
         QT_TRANSLATE_NOOP("Glossary", "Where all compared backends give the same output code.")},
    Term{"backend",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "An implementation of the layer: its arithmetic decides how each step is rounded.")},
    Term{"beta",
         QT_TRANSLATE_NOOP("Glossary", "Offset added after normalization; PyTorch calls it bias.")},
    Term{"binary32",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "The 32-bit floating point number of IEEE 754, C's float: 24 bits of precision.")},
    Term{"boundary",
         QT_TRANSLATE_NOOP("Glossary",
                           "The real value at which the output code changes to the next one.")},
    Term{"channel",
         QT_TRANSLATE_NOOP("Glossary",
                           "One feature map: it has its own mean, var, gamma and beta.")},
    Term{"code",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "The integer that stands for a real value: real = scale * (code - zero point).")},
    Term{"dequantize",
         QT_TRANSLATE_NOOP("Glossary", "From a code to the real value that it stands for.")},
    Term{
        "differ",
        QT_TRANSLATE_NOOP(
            "Glossary", "Where a compared backend gives another output code than the chosen one.")},
    Term{"eps",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "A small number added to each channel's variance, so that its root is never 0.")},
    Term{
        "exact",
        QT_TRANSLATE_NOOP("Glossary", "Computed in mathematics without any rounding, with proof.")},
    Term{
        "fixed point",
        QT_TRANSLATE_NOOP(
            "Glossary",
            "Integer arithmetic in which a real factor is an integer with so many fraction bits.")},
    Term{"fold",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "Multiplying the layer into the weights and bias of the convolution before it.")},
    Term{
        "fused",
        QT_TRANSLATE_NOOP(
            "Glossary",
            "Computed as one operation with one rounding, where separate ones would round twice.")},
    Term{"fused relu",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "The output is clamped at its zero point, the real 0, within the same operation.")},
    Term{"gamma",
         QT_TRANSLATE_NOOP("Glossary", "Factor after normalization; PyTorch calls it weight.")},
    Term{"input code",
         QT_TRANSLATE_NOOP("Glossary",
                           "The integer that the layer is given, in the range of the input type.")},
    Term{"inv_std",
         QT_TRANSLATE_NOOP("Glossary", "1 / sqrt(var + eps), by which normalization multiplies.")},
    Term{"layer",
         QT_TRANSLATE_NOOP("Glossary",
                           "One batch norm of the model: it has its own scales and channels.")},
    Term{"margin",
         QT_TRANSLATE_NOOP(
             "Glossary", "How far the exact value lies from where the output code would change.")},
    Term{"mean",
         QT_TRANSLATE_NOOP("Glossary", "Running mean of the channel, taken away from the input.")},
    Term{"near tie",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "A value so close to a tie that the roundings of binary32 may decide its code.")},
    Term{"normalize",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "(value - mean) / sqrt(var + eps): mean 0 and variance 1 for the trained input.")},
    Term{"output code",
         QT_TRANSLATE_NOOP("Glossary",
                           "The integer that the layer gives, in the range of the output type.")},
    Term{"placeholder",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "A value that nobody gave; it stands there so that something can be computed.")},
    Term{"requantize",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "From a real value to the nearest output code, clamped to the type's range.")},
    Term{"saturation",
         QT_TRANSLATE_NOOP("Glossary",
                           "The code would lie beyond the type's range and is cut to its end.")},
    Term{"scale", QT_TRANSLATE_NOOP("Glossary", "The real value of one step between two codes.")},
    Term{"sqnr",
         QT_TRANSLATE_NOOP("Glossary",
                           "Signal to quantization noise ratio: how much larger the signal is than "
                           "the error, in dB.")},
    Term{"tie",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "A value exactly in the middle between two codes: the rounding mode decides.")},
    Term{"type",
         QT_TRANSLATE_NOOP(
             "Glossary",
             "The integer type of the codes: its bits, and whether it reaches below 0.")},
    Term{
        "ulp",
        QT_TRANSLATE_NOOP(
            "Glossary", "Unit in the last place: the distance to the next floating point number.")},
    Term{"var",
         QT_TRANSLATE_NOOP("Glossary",
                           "Running variance of the channel; the input is divided by its root.")},
    Term{"zero point", QT_TRANSLATE_NOOP("Glossary", "The code that stands for the real 0.")},
};

} // namespace

QString definitionOf(const QString& term)
{
    const QByteArray name = term.toLower().toUtf8();
    const auto found = std::find_if(terms.begin(), terms.end(), [&name](const Term& known) {
        return name == known.name || name == QByteArray(known.name) + 'd'; // dequantized
    });
    return found == terms.end() ? QString()
                                : QCoreApplication::translate("Glossary", found->definition);
}

QStringList glossaryTerms()
{
    QStringList names;
    for (const Term& term : terms)
        names << QString::fromLatin1(term.name);
    return names;
}

} // namespace qbn::ui
