#pragma once

#include "ui/edit/edit_gesture.h"
#include "ui/edit/number_step.h"

#include <QLineEdit>

class QAction;

namespace qbn::ui {

/// Entry of a number without loss: the field shows the shortest digits that read back to the same
/// double, and takes what people type or paste ("tensor([5.2803])", "1/127", "0,5").
///
/// A text becomes the value on Enter, when the field is left, and before a step; valueEdited is
/// emitted only if the bits differ. A text that is no number leaves the value alone and is marked;
/// Escape brings the value back. Up, Down and the wheel (with the focus) step: see number_step.h;
/// Ctrl or PageUp and PageDown are coarse, Shift is fine.
/// Undo and Redo go to the window unless the text is being changed.
class FloatEdit : public QLineEdit
{
    Q_OBJECT

public:
    explicit FloatEdit(QWidget* parent = nullptr);

    double value() const { return m_value; }

    /// Shows `value`, without a signal. A text that is being typed is dropped: commit() it before
    /// what the field stands for may become another.
    void setValue(double value);

    /// Makes a text that is being typed the value, as Enter does. False if it is no number.
    bool commit();

    /// Where a step from 0 leads; 0.01 unless set.
    void setZeroStep(double zeroStep) { m_zeroStep = zeroStep; }

    /// Whether the tooltip says what a binary32 makes of the value, where that differs.
    void setFloat32Hint(bool on) { m_float32Hint = on; }

    bool hasProblem() const { return !m_problem.isEmpty(); }
    const QString& problem() const { return m_problem; }

    /// The tooltip as shown: the one that was set, the problem, all digits if they do not fit, the
    /// binary32.
    QString fullToolTip() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void valueEdited(double value);
    void gestureStarted(); ///< of a run of steps
    void gestureFinished();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void restore();
    void showValue();
    void setProblem(const QString& sentence);
    void step(int count, StepSize size);
    bool leavesToWindow(const QKeyEvent& event) const;
    int widthForDigits(int digits) const;

    double m_value = 0;
    double m_zeroStep = 0.01;
    bool m_float32Hint = false;
    int m_wheelAngle = 0;
    QString m_problem;
    QAction* m_problemAction;
    EditGesture m_gesture;
};

} // namespace qbn::ui
