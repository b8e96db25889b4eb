#include "ui/panels/agreement/agreement_image.h"

#include "core/evaluate/stage.h"

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

/// A row of pixels.
struct Row
{
    std::vector<std::int16_t> differences; ///< of all codes; empty: none
    std::vector<std::int16_t> placeholders; ///< the same of channels that hang on what nobody gave
    bool isHatched = false; ///< such a channel lies in it
};

void putAll(std::vector<std::int16_t>& places, const std::vector<std::int16_t>& differences)
{
    places.resize(differences.size());
    for (std::size_t i = 0; i < places.size(); ++i)
        put(places[i], differences[i]);
}

std::vector<Row> rowsOf(const LayerSummary& summary, PlotRange channels, int height, int smallest)
{
    const bool isKnown = unknown_fields(*summary.layer).empty();
    std::vector<Row> rows(static_cast<std::size_t>(height));
    for (int c = 0; c < static_cast<int>(summary.channels.size()); ++c) {
        const ChannelSummary& channel = *summary.channels[static_cast<std::size_t>(c)];
        const bool isPlaceholder = !isKnown && !unknown_fields(*summary.layer, c).empty();
        if (channel.differing == 0 && !isPlaceholder)
            continue;
        const Span span = spanOf(c, channels, height, channel.differing == 0 ? 1 : smallest);
        for (int y = span.first; y < span.last; ++y) {
            Row& row = rows[static_cast<std::size_t>(y)];
            row.isHatched |= isPlaceholder;
            if (channel.differing != 0)
                putAll(isPlaceholder ? row.placeholders : row.differences, channel.differences);
        }
    }
    return rows;
}

using ClassColors = std::array<QRgb, differenceClasses.size()>;

ClassColors classColors(const Colors& colors, QColor (DifferenceClass::*color)(const Colors&) const)
{
    ClassColors rgb{};
    std::transform(differenceClasses.begin(), differenceClasses.end(), rgb.begin(),
                   [&](const DifferenceClass& c) { return (c.*color)(colors).rgb(); });
    return rgb;
}

/// Spreads the differences over pixels, of which each has the greatest one in it.
class LinePainter
{
public:
    LinePainter(PlotRange codes, int qmin, int width, int smallest)
        : m_codes(codes)
        , m_qmin(qmin)
        , m_smallest(smallest)
        , m_line(static_cast<std::size_t>(width))
    { }

    void paint(const std::vector<std::int16_t>& differences, const ClassColors& rgb, QRgb* out)
    {
        if (differences.empty())
            return;
        std::fill(m_line.begin(), m_line.end(), std::int16_t{0});
        const auto width = static_cast<int>(m_line.size());
        for (std::size_t i = 0; i < differences.size(); ++i) {
            if (differences[i] == 0)
                continue;
            const Span span = spanOf(m_qmin + static_cast<int>(i), m_codes, width, m_smallest);
            for (int x = span.first; x < span.last; ++x)
                put(m_line[static_cast<std::size_t>(x)], differences[i]);
        }
        for (std::size_t x = 0; x < m_line.size(); ++x) {
            if (m_line[x] != 0)
                out[x] = rgb[classOf(m_line[x])];
        }
    }

private:
    PlotRange m_codes;
    int m_qmin;
    int m_smallest;
    std::vector<std::int16_t> m_line;
};

/// Strokes from the lower left to the upper right.
void hatch(QRgb* out, int y, int width, int spacing, QRgb color)
{
    for (int x = spacing - 1 - y % spacing; x < width; x += spacing)
        out[x] = color;
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

QColor DifferenceClass::mutedColor(const Colors& colors) const
{
    const int size = std::min(std::abs(least), std::abs(most));
    return blend(colors.surface, colors.muted, size == 1 ? 0.55 : size < 16 ? 0.75 : 1);
}

QImage agreementImage(const LayerSummary& summary, PlotRange codes, PlotRange channels,
                      QSize pixels, const Colors& colors, int smallest)
{
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    const ClassColors known = classColors(colors, &DifferenceClass::color);
    const ClassColors muted = classColors(colors, &DifferenceClass::mutedColor);
    LinePainter line(codes, summary.layer->input.type.qmin(), pixels.width(), smallest);
    const auto rows = rowsOf(summary, channels, pixels.height(), smallest);
    for (int y = 0; y < pixels.height(); ++y) {
        const Row& row = rows[static_cast<std::size_t>(y)];
        auto* out = reinterpret_cast<QRgb*>(image.scanLine(y));
        if (row.isHatched)
            hatch(out, y, pixels.width(), 2 * smallest, colors.line.rgb());
        line.paint(row.placeholders, muted, out);
        line.paint(row.differences, known, out);
    }
    return image;
}

} // namespace qbn::ui
