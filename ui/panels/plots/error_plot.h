#pragma once

#include "ui/panels/plots/code_plot.h"

#include <vector>

namespace qbn::ui {

/// How far the output code of every input code lies from exact mathematics before rounding, in
/// output steps: output_code - requantized. Rounding alone stays within half a step. Codes that a
/// clamp or a ReLU put far away are shown by arrows at the edge.
class ErrorPlot : public CodePlot
{
    Q_OBJECT

public:
    explicit ErrorPlot(Document& document, QWidget* parent = nullptr);

    QString caption() const override;
    std::unique_ptr<CodePlot> twin() const override;

    /// How many codes lie above and below what the axis shows.
    int codesBeyond() const { return static_cast<int>(m_above.size() + m_below.size()); }

protected:
    PlotRange wholeValues() const override;
    QString valueLabel() const override;
    void updateCurves() override;
    void colorCurves(const Colors& colors) override;
    void placeCurves() override;
    double valueOf(const CodeRow& row) const override;
    QString cursorTextOf(const CodeRow& row) const override;
    QString readoutOf(const CodeRow& row) const override;
    QString sentence() const override;
    QString noteText() const override;

private:
    QCPGraph* m_error;
    QCPGraph* m_arrowsUp;
    QCPGraph* m_arrowsDown;
    QCPGraph* m_upperHalf;
    QCPGraph* m_lowerHalf;
    std::vector<std::int32_t> m_above, m_below; ///< input codes beyond the axis
};

} // namespace qbn::ui
