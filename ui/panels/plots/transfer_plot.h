#pragma once

#include "ui/panels/plots/code_plot.h"

namespace qbn::ui {

/// The output code of every input code as steps, over the line that exact mathematics draws before
/// rounding and clamp, and over the codes from before the last change.
///
/// Dragging the marker up or down asks for another output code: it says which gamma or beta gives
/// it, and letting go sets that of gamma, with Shift that of beta, as one step of undo.
///
/// Where activations are loaded their histograms stand on the axes: of the input codes below, of the output codes that the chosen
/// backend makes of them at the right, and as a line the output that was read, where it is another. Heights go by the logarithm of 1 + count.
class TransferPlot : public CodePlot
{
    Q_OBJECT

public:
    explicit TransferPlot(Document& document, QWidget* parent = nullptr);

    QString caption() const override;

protected:
    QCPRange wholeValues() const override;
    QCPRange shownValues() const override;
    bool lift(double value) override;
    void endLift(bool apply, Qt::KeyboardModifiers modifiers) override;
    void updateCurves() override;
    void applyColors() override;
    double valueOf(const CodeRow& row) const override;
    QString cursorTextOf(const CodeRow& row) const override;
    QString readoutOf(const CodeRow& row) const override;
    QString sentence() const override;
    QString nothingText() const override;
    std::unique_ptr<CodePlot> another() const override;

private:
    void addHistograms();
    void updateHistograms();
    struct Wanted
    {
        std::int32_t code = 0;
        std::optional<double> gamma, beta; ///< that give it
    };
    QString wantedText() const;

    std::optional<Wanted> m_wanted; ///< while the marker is dragged
    QCPGraph *m_inputs = nullptr, *m_outputs = nullptr, *m_readOutputs = nullptr; ///< histograms
    QCPGraph* m_before;
    QCPGraph* m_exact;
    QCPGraph* m_steps;
};

} // namespace qbn::ui
