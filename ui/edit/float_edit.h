#pragma once

#include "ui/edit/edit_gesture.h"
#include "ui/edit/field_message.h"
#include "ui/edit/number_step.h"

#include <QLineEdit>

#include <functional>
#include <utility>

class QAction;

namespace qbn::ui {

/// Entry of a number without loss: the field shows the shortest digits that read back to the same
/// double, and takes what people type or paste ("tensor([5.2803])", "1/127", "0,5").
///
/// Each keystroke that makes a number makes it the value; valueEdited is emitted only if the bits
/// differ. A text that is no number is marked and changes nothing: with Enter, or when the field is
/// left, the value from before the visit is back. Escape brings it back at any time. A visit begins
/// with the first change and ends with Enter, Escape, or when the field is left; whoever records
/// undo steps makes one of it. Up, Down and the wheel (with the focus) step: see number_step.h;
/// Ctrl or PageUp and PageDown are coarse, Shift is fine.
/// Undo and Redo go to the window unless the text is no number.
class FloatEdit : public QLineEdit
{
    Q_OBJECT

public:
    explicit FloatEdit(QWidget* parent = nullptr);

    double value() const { return m_value; }

    /// Shows `value`, without a signal. A text that is being typed is dropped: commit() it before
    /// what the field stands for may become another. From within valueEdited the text stays until
    /// the visit ends.
    void setValue(double value);

    /// Ends the visit, as Enter does. False if the text is no number.
    bool commit();

    /// Says why a number cannot be taken ("99 is beyond -0.5 to 1.5"), or nothing.
    void setRefusal(std::function<QString(double)> refusal) { m_refusal = std::move(refusal); }

    /// Whether a text of several numbers is handed out by listEntered(), on paste or Enter; it is
    /// refused otherwise.
    void setTakesLists(bool on) { m_takesLists = on; }

    /// Where a step from 0 leads; 0.01 unless set.
    void setZeroStep(double zeroStep) { m_zeroStep = zeroStep; }

    /// Whether the tooltip says what a binary32 makes of the value, where that differs.
    void setFloat32Hint(bool on) { m_float32Hint = on; }

    bool hasProblem() const { return !m_problem.isEmpty(); }
    const QString& problem() const { return m_problem; }
    bool isVisited() const { return m_visited; }

    /// What is painted: the text, or where it has no room and is not being edited, cutNumber().
    QString shownText() const;

    /// The tooltip as shown: the one that was set, the problem, all digits if they do not fit, the
    /// binary32.
    QString fullToolTip() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void valueEdited(double value);
    void gestureStarted(); ///< of a run of steps
    void gestureFinished();
    void visitStarted(); ///< before the first valueEdited
    void visitFinished();
    void listEntered(const QString& text);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void onTextEdited();
    QString problemOf(const QString& text) const;
    void take(double value);
    void endVisit();
    void restore();
    void showValue();
    void setProblem(const QString& sentence);
    void pasteText();
    void enter(QKeyEvent* event);
    void step(int count, StepSize size);
    bool leavesToWindow(const QKeyEvent& event) const;
    int widthForDigits(int digits) const;
    QRect roomForText() const;

    double m_value = 0;
    double m_valueBefore = 0; ///< the visit
    bool m_visited = false;
    bool m_emitting = false;
    double m_zeroStep = 0.01;
    bool m_float32Hint = false;
    bool m_takesLists = false;
    std::function<QString(double)> m_refusal;
    int m_wheelAngle = 0;
    QString m_problem;
    FieldMessage m_message;
    QAction* m_problemAction;
    EditGesture m_gesture;
};

} // namespace qbn::ui
