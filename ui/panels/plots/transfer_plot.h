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

private:
    QCPGraph* m_exact;
    QCPGraph* m_steps;
};

} // namespace qbn::ui
