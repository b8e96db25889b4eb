#include "ui/panels/pipeline/stage_lines.h"

#include "ui/look/number_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

struct StageLines
{
    Q_DECLARE_TR_FUNCTIONS(StageLines)
};

/// Gives a line that cannot be drawn the range -1 to 1.
NumberLineModel drawable(NumberLineModel line)
{
    if (std::isfinite(line.low) && std::isfinite(line.high) && line.low < line.high)
        return line;
    line.low = -1;
    line.high = 1;
    line.regions.clear();
    return line;
}

ValueKind kindOf(double value)
{
    return std::isfinite(value) ? ValueKind::Real : ValueKind::Problem;
}

} // namespace

NumberLineModel dequantizedLine(const Evaluation& evaluation)
{
    const QuantizationParameters& input = evaluation.layer->input;
    const auto value = static_cast<double>(evaluation.row().dequantized);
    NumberLineModel line
        = realLine(static_cast<double>(dequantize(input, input.type.qmin())),
                   static_cast<double>(dequantize(input, input.type.qmax())), value);
    line.kind = kindOf(value);
    return drawable(line);
}

NumberLineModel normalizedLine(double normalized)
{
    double reach = 4;
    if (std::isfinite(normalized) && std::abs(normalized) > reach) {
        const double step = niceStep(std::abs(normalized), 4);
        reach = std::ceil(std::abs(normalized) / step) * step;
    }
    NumberLineModel line = realLine(-reach, reach, normalized);
    line.kind = kindOf(normalized);
    return drawable(line);
}

NumberLineModel affineLine(const QuantizationParameters& output, double affine)
{
    const auto atMin = static_cast<double>(dequantize(output, output.type.qmin()));
    const auto atMax = static_cast<double>(dequantize(output, output.type.qmax()));
    NumberLineModel line = realLine(atMin, atMax, affine);
    line.kind = kindOf(affine);
    const double low = line.low;
    const double high = line.high;
    const double half = std::abs(output.scale) / 2;
    const double margin = 0.18 * (high - low);
    // Whole numbers make short labels.
    const bool wide = margin > 10;
    line.low = wide ? std::floor(low - margin) : low - margin;
    line.high = wide ? std::ceil(high + margin) : high + margin;
    // A negative scale turns the ends around.
    const bool turned = atMin > atMax;
    const QString names[] = {StageLines::tr("low"), StageLines::tr("high")};
    line.regions = {{line.low, low - half, names[turned ? 1 : 0]},
                    {high + half, line.high, names[turned ? 0 : 1]}};
    return drawable(line);
}

NumberLineModel requantizedLine(double requantized, const Requantized& result, CodeType type)
{
    NumberLineModel line = roundingLine(requantized, result.output_code, type.qmin(), type.qmax());
    // binary64 may show a value that is no tie as one, and only the rounding itself knows.
    line.tie = result.tie;
    if (!result.relu_clamped || !std::isfinite(requantized))
        return drawable(line);
    const double code = result.output_code;
    const double distance = std::max(1.0, code - requantized);
    line.low = requantized - 0.2 * distance;
    line.high = code + 0.35 * distance;
    line.points = {{code, QString::number(result.output_code)}};
    line.boundaries.clear();
    line.regions = {{line.low, code - 0.5, StageLines::tr("ReLU")}};
    return drawable(line);
}

} // namespace qbn::ui
