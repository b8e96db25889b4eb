#pragma once

#include "ui/edit/edit_gesture.h"
#include "ui/edit/slider_range.h"

#include <QSlider>

namespace qbn::ui {

/// A slider over a double. It shows any number, also one outside of its range, and never changes
/// one by itself; only the user's hand does. A drag is one gesture, and one that ends where
/// it began ends with the number that it began with. The range stays as it is during a gesture.
class ValueSlider : public QSlider
{
    Q_OBJECT

public:
    explicit ValueSlider(QWidget* parent = nullptr);
    ValueSlider(SliderKind kind, QWidget* parent = nullptr);

    double number() const { return m_number; }

    /// Shows `number`, without a signal. With a kind, takes a new sensible range where the number
    /// left the present one or has become small in it.
    void setNumber(double number);

    const SliderRange& numberRange() const { return m_range; }

    /// A fixed range, instead of a kind's.
    void setNumberRange(const SliderRange& range);

    bool isBeyondRange() const { return !m_range.contains(m_number); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void gestureStarted();
    void valueEdited(double number);
    void gestureFinished();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void editTo(int position);
    void placeHandle();
    void adaptRange();
    int positionAt(qreal x) const;
    qreal handleX() const;

    double m_number = 0;
    double m_numberAtPress = 0;
    int m_positionAtPress = 0;
    qreal m_grabOffset = 0;
    SliderKind m_kind = SliderKind::Mean;
    bool m_adapts = false;
    SliderRange m_range;
    EditGesture m_gesture;
};

} // namespace qbn::ui
