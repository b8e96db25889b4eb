#pragma once

#include "core/evaluate/layer_summary.h"
#include "ui/look/theme.h"
#include "ui/panels/agreement/plot_view.h"

#include <QColor>
#include <QImage>
#include <QSize>
#include <QString>

#include <array>

namespace qbn::ui {

/// Differences of codes by sign and size, from the highest to the lowest. One colour each: a
/// difference of 1 has to be seen beside one of 255.
struct DifferenceClass
{
    int least = 0;
    int most = 0;

    QString text() const; ///< "+16 and more", "+2, +3", "-1"
    QColor color(const Colors& colors) const; ///< red above 0, blue below
    QColor mutedColor(const Colors& colors) const; ///< grey, where it hangs on what nobody gave
};

inline constexpr std::array<DifferenceClass, 8> differenceClasses{
    {{16, 255}, {4, 15}, {2, 3}, {1, 1}, {-1, -1}, {-3, -2}, {-15, -4}, {-255, -16}}};

/// Pixels, each way, that a differing code takes at least.
inline constexpr int smallestCell = 5;

/// Channels downwards, input codes to the right: a difference in its colour, transparent where all
/// agree. Code c reaches from c - 0.5 to c + 0.5, a channel likewise. Where cells are smaller than
/// `smallest` pixels, differing ones spread over their neighbours to the right and below; where
/// several meet, the greatest magnitude is shown, so that not a single one is lost. Channels that
/// hang on a value that nobody gave are hatched, their differences grey and below all others.
QImage agreementImage(const LayerSummary& summary, PlotRange codes, PlotRange channels,
                      QSize pixels, const Colors& colors, int smallest = smallestCell);

} // namespace qbn::ui
