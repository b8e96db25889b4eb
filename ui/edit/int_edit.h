#pragma once

#include "ui/edit/edit_gesture.h"
#include "ui/edit/field_message.h"

#include <QSpinBox>

namespace qbn::ui {

/// Entry of a whole number: digits, "0x26" or "0b100110". valueEdited comes from the user only, with
/// each keystroke that makes a number of the range. Any other text is marked and says why at the
/// field; with Enter, or when the field is left, the value from before the visit is back, as Escape
/// brings it at any time. Visits are those of FloatEdit. The wheel counts only with the focus; Undo
/// and Redo go to the window unless the text is no number of the range.
class IntEdit : public QSpinBox
{
    Q_OBJECT

public:
    explicit IntEdit(QWidget* parent = nullptr);

    /// Hides QSpinBox's: shows `value` without emitting valueEdited.
    void setValue(int value);

    /// Ends the visit, as leaving the field does.
    void commit();

    bool hasProblem() const { return !m_problem.isEmpty(); }
    const QString& problem() const { return m_problem; }
    bool isVisited() const { return m_visited; }

    /// Hides QSpinBox's, which asks for a new layout of the window even if nothing changes.
    void setRange(int lowest, int highest);

    void stepBy(int steps) override;

signals:
    void valueEdited(int value);
    void gestureStarted(); ///< of a run of steps
    void gestureFinished();
    void visitStarted(); ///< before the first valueEdited
    void visitFinished();

protected:
    QValidator::State validate(QString& input, int& position) const override;
    int valueFromText(const QString& text) const override;
    QString textFromValue(int value) const override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void onValueChanged(int value);
    void onTextEdited(const QString& text);
    QString problemOf(const QString& text) const;
    void setProblem(const QString& sentence);
    void showValue();
    void restore();
    void endVisit();
    bool leavesToWindow(const QKeyEvent& event) const;

    EditGesture m_gesture;
    bool m_shownByProgram = false;
    bool m_visited = false;
    bool m_emitting = false;
    int m_valueBefore = 0; ///< the visit
    int m_valueNow = 0;
    QString m_problem;
    QString m_toolTipBefore;
    FieldMessage m_message;
};

} // namespace qbn::ui
