#pragma once

#include <QWidget>

namespace qbn::ui {

class CodePlot;
class Document;

/// The transfer curve and, as a strip below it, the rounding error, over one axis of input codes:
/// a zoom or pan of one is that of the other. Without room for both, the curve alone.
class PlotPanel : public QWidget
{
    Q_OBJECT

public:
    explicit PlotPanel(Document& document, QWidget* parent = nullptr);

    CodePlot* transferPlot() const { return m_transfer; }
    CodePlot* errorPlot() const { return m_error; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    CodePlot* m_transfer;
    CodePlot* m_error;
};

} // namespace qbn::ui
