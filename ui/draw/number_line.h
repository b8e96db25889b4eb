#pragma once

#include "ui/draw/number_line_painter.h"

#include <QWidget>

namespace qbn::ui {

/// Shows where a value falls. With setInteractive it is also a control: click, drag, arrow keys (by
/// 1), PageUp and PageDown (by 10), Home and End ask for another value; the model changes only by
/// setModel.
class NumberLine : public QWidget
{
    Q_OBJECT

public:
    explicit NumberLine(QWidget* parent = nullptr);

    const NumberLineModel& model() const { return m_model; }
    void setModel(const NumberLineModel& model);

    void setInteractive(bool interactive);

    /// Where a finite value is painted, in widget coordinates.
    qreal positionOf(double value) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void valueDragged(double value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void ask(double value);
    void dragTo(const QPointF& position);

    NumberLineModel m_model;
    NumberLineParts m_parts;
    bool m_interactive = false;
};

} // namespace qbn::ui
