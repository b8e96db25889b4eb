#pragma once

#include "ui/panels/plots/code_plot.h"

namespace qbn::ui {

/// The output code of every input code as steps, over the line that exact mathematics draws before
/// rounding and clamp.
class TransferPlot : public CodePlot
{
    Q_OBJECT

public:
    explicit TransferPlot(Document& document, QWidget* parent = nullptr);

    QString caption() const override;
    std::unique_ptr<CodePlot> twin() const override;

protected:
    PlotRange wholeValues() const override;
    QString valueLabel() const override;
    void updateCurves() override;
    void colorCurves(const Colors& colors) override;
    double valueOf(const CodeRow& row) const override;
    QString cursorTextOf(const CodeRow& row) const override;
    QString readoutOf(const CodeRow& row) const override;
    QString sentence() const override;
    QString noteText() const override;

private:
    QCPGraph* m_exact;
    QCPGraph* m_steps;
};

} // namespace qbn::ui
