#pragma once

#include "ui/edit/edit_gesture.h"
#include "ui/edit/slider_range.h"

#include <QFont>
#include <QSlider>
#include <QStaticText>

#include <functional>

namespace qbn::ui {

/// A slider over a double. It shows any number, also one outside of its range, and never changes
/// one by itself; only the user's hand does. A drag is one gesture, and one that ends where
/// it began ends with the number that it began with. The ends are labelled where there is room. The
/// handle stays where it was let go: the range becomes another only when the number leaves it from
/// elsewhere, or has become small in it.
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

    /// Where ranges come from instead of a kind.
    using RangeSource = std::function<SliderRange(double number)>;
    void setRangeSource(RangeSource source);
    /// Takes the range that suits the number now.
    void resetRange();
    /// The same, but only where the source would no longer give the present range for the number that
    /// it was taken for: what the range hangs on is another. The handle does not jump in a drag.
    void followRangeSource();

    /// Where the middle of the handle is, and between which x it moves.
    qreal handleX() const;
    qreal grooveLeft() const { return m_labelWidth + sideMargin(); }
    qreal grooveRight() const { return width() - m_labelWidth - sideMargin(); }
    QString lowLabel() const;
    QString highLabel() const;

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
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void editTo(int position);
    void placeHandle();
    void adaptRange();
    void takeRange(const SliderRange& range);
    void measureLabels();
    void layOutLabels();
    void shrinkLabelFont();
    qreal handleRadius() const; ///< it grows with the text
    qreal sideMargin() const { return handleRadius() + 2; }
    int positionAt(qreal x) const;

    double m_number = 0;
    double m_numberAtPress = 0;
    int m_positionAtPress = 0;
    qreal m_grabOffset = 0;
    RangeSource m_rangeFor; ///< empty: the range is fixed
    SliderRange m_range;
    double m_numberOfRange = 0; ///< for which m_rangeFor gave it
    QStaticText m_lowText, m_highText;
    QFont m_labelFont;
    qreal m_labelWidth = 0; ///< left and right of the way; 0: no room
    EditGesture m_gesture;
};

} // namespace qbn::ui
