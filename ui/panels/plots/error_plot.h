#pragma once

#include "ui/panels/plots/code_plot.h"

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

    /// How many codes lie above and below what the axis shows.
    int codesBeyond() const { return m_codesBeyond; }

protected:
    QCPRange wholeValues() const override;
    void updateCurves() override;
    void applyColors() override;
    double valueOf(const CodeRow& row) const override;
    QString cursorTextOf(const CodeRow& row) const override;
    QString readoutOf(const CodeRow& row) const override;
    QString sentence() const override;
    QString nothingText() const override;
    std::unique_ptr<CodePlot> another() const override;
    bool isStrip() const override { return true; }

private:
    QColor colorOf(const QColor& known) const;
    void adaptWidth();

    QCPGraph *m_upperHalf, *m_lowerHalf;
    QCPGraph* m_error;
    QCPGraph *m_arrowsUp, *m_arrowsDown;
    int m_codesBeyond = 0;
};

} // namespace qbn::ui
