#pragma once

#include "ui/edit/edit_gesture.h"

#include <QSpinBox>

namespace qbn::ui {

/// Entry of a whole number: digits, "0x26" or "0b100110". valueEdited comes from the user
/// only. The wheel counts only with the focus; Undo and Redo go to the window unless the text is
/// being changed.
class IntEdit : public QSpinBox
{
    Q_OBJECT

public:
    explicit IntEdit(QWidget* parent = nullptr);

    /// Hides QSpinBox's: shows `value` without emitting valueEdited.
    void setValue(int value);

    /// Makes a text that is being typed the value, as Enter does.
    void commit();

    /// Hides QSpinBox's, which asks for a new layout of the window even if nothing changes.
    void setRange(int lowest, int highest);

    void stepBy(int steps) override;

signals:
    void valueEdited(int value);
    void gestureStarted(); ///< of a run of steps
    void gestureFinished();

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

private:
    bool leavesToWindow(const QKeyEvent& event) const;

    EditGesture m_gesture;
    bool m_shownByProgram = false;
};

} // namespace qbn::ui
