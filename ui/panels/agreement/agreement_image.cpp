#include "ui/panels/agreement/agreement_image.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace qbn::ui {

namespace {

/// Pixels from first up to, but without, last.
struct Span
{
    int first = 0;
    int last = 0;
};

/// What the cell around `middle` covers.
Span spanOf(int middle, PlotRange shown, int pixels, int smallest)
{
    const double scale = pixels / shown.span();
    const auto first = static_cast<int>(std::floor((middle - 0.5 - shown.low) * scale));
    const auto last = static_cast<int>(std::floor((middle + 0.5 - shown.low) * scale));
    if (last < 0 || first >= pixels)
        return {};
    // At the end there is no room behind it.
    const int begin = std::clamp(first, 0, std::max(0, pixels - smallest));
    return {begin, std::clamp(std::max(last, first + smallest), 0, pixels)};
}

void put(std::int16_t& place, std::int16_t difference)
{
    if (std::abs(difference) > std::abs(place))
        place = difference;
}

std::size_t classOf(int difference)
{
    const auto found = std::find_if(differenceClasses.begin(), differenceClasses.end(),
                                    [difference](const DifferenceClass& c) {
                                        return difference >= c.least && difference <= c.most;
                                    });
    return static_cast<std::size_t>(found - differenceClasses.begin());
}

QString signedText(int value)
{
    return value > 0 ? u'+' + QString::number(value) : QString::number(value);
}

/// For each row of pixels the differences of all codes.
std::vector<std::vector<std::int16_t>> rowsOf(const LayerSummary& summary, PlotRange channels,
                                              int height, int smallest)
{
    std::vector<std::vector<std::int16_t>> rows(static_cast<std::size_t>(height));
    for (int c = 0; c < static_cast<int>(summary.channels.size()); ++c) {
        const ChannelSummary& channel = summary.channels[static_cast<std::size_t>(c)];
        if (channel.differing == 0)
            continue;
        const Span span = spanOf(c, channels, height, smallest);
        for (int y = span.first; y < span.last; ++y) {
            std::vector<std::int16_t>& row = rows[static_cast<std::size_t>(y)];
            row.resize(channel.differences.size());
            for (std::size_t i = 0; i < row.size(); ++i)
                put(row[i], channel.differences[i]);
        }
    }
    return rows;
}

} // namespace

QString DifferenceClass::text() const
{
    if (least == most)
        return signedText(least);
    const bool above = least > 0;
    if (std::max(std::abs(least), std::abs(most)) == 255)
        return above
            ? QCoreApplication::translate("DifferenceClass", "%1 and more").arg(signedText(least))
            : QCoreApplication::translate("DifferenceClass", "%1 and less").arg(signedText(most));
    const QString from = signedText(above ? least : most);
    const QString to = signedText(above ? most : least);
    return most - least == 1
        ? from + QStringLiteral(", ") + to
        : QCoreApplication::translate("DifferenceClass", "%1 to %2").arg(from, to);
}

QColor DifferenceClass::color(const Colors& colors) const
{
    const bool above = least > 0;
    const QColor& pure = above ? colors.problem : colors.code;
    switch (above ? least : -most) {
    case 1:
        return blend(colors.surface, pure, 0.7);
    case 2:
        return blend(colors.surface, pure, 0.85);
    case 4:
        return pure;
    default:
        return blend(pure, colors.text, 0.4);
    }
}

QImage agreementImage(const LayerSummary& summary, PlotRange codes, PlotRange channels,
                      QSize pixels, const Colors& colors, int smallest)
{
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    std::array<QRgb, differenceClasses.size()> rgb{};
    std::transform(differenceClasses.begin(), differenceClasses.end(), rgb.begin(),
                   [&](const DifferenceClass& c) { return c.color(colors).rgb(); });

    const int qmin = summary.layer->input.type.qmin();
    const auto rows = rowsOf(summary, channels, pixels.height(), smallest);
    std::vector<std::int16_t> line(static_cast<std::size_t>(pixels.width()));
    for (int y = 0; y < pixels.height(); ++y) {
        const std::vector<std::int16_t>& row = rows[static_cast<std::size_t>(y)];
        std::fill(line.begin(), line.end(), std::int16_t{0});
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i] == 0)
                continue;
            const Span span = spanOf(qmin + static_cast<int>(i), codes, pixels.width(), smallest);
            for (int x = span.first; x < span.last; ++x)
                put(line[static_cast<std::size_t>(x)], row[i]);
        }
        auto* out = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (std::size_t x = 0; x < line.size(); ++x) {
            if (line[x] != 0)
                out[x] = rgb[classOf(line[x])];
        }
    }
    return image;
}

} // namespace qbn::ui
