#pragma once

#include <QWidget>

class QLabel;

namespace qbn::ui {

/// A line with a label whose text changes with every edit. A label in a layout tells the window of each new
/// text, and the window lays out and paints all panels; this one has the room of a line, whatever
/// stands in it.
class SteadyLine : public QWidget
{
    Q_OBJECT

public:
    /// It owns the label.
    explicit SteadyLine(QLabel* label, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QLabel* m_label;
};

} // namespace qbn::ui
