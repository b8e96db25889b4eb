// What keys, the wheel, the menu and the style ask of the field.

#include "ui/edit/float_edit.h"

#include "core/text/number_list.h"
#include "core/text/text_number.h"
#include "ui/edit/cut_number.h"
#include "ui/look/plain_text.h"
#include "ui/look/status_shape.h"
#include "ui/look/theme.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QStyleOptionFrame>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>
#include <memory>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

bool isList(const QString& text)
{
    const std::string typed = text.toStdString();
    return !parse_typed_number(typed) && looks_like_number_list(typed);
}

StepSize stepSizeOf(Qt::KeyboardModifiers modifiers)
{
    if (modifiers.testFlag(Qt::ControlModifier))
        return StepSize::Coarse;
    return modifiers.testFlag(Qt::ShiftModifier) ? StepSize::Fine : StepSize::Normal;
}

} // namespace

bool FloatEdit::leavesToWindow(const QKeyEvent& event) const
{
    return !(isModified() && hasProblem())
        && (event.matches(QKeySequence::Undo) || event.matches(QKeySequence::Redo));
}

bool FloatEdit::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                           plainToolTip(fullToolTip()), this);
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        // QLineEdit claims Undo even when it has nothing to undo.
        if (leavesToWindow(*key)) {
            key->ignore();
            return true;
        }
        if (key->key() == Qt::Key_Escape && (isModified() || m_visited)) {
            key->accept();
            return true;
        }
    }
    return QLineEdit::event(event);
}

void FloatEdit::keyPressEvent(QKeyEvent* event)
{
    if (leavesToWindow(*event)) {
        event->ignore();
        return;
    }
    if (event->matches(QKeySequence::Paste)) {
        pasteText();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        step(1, stepSizeOf(event->modifiers()));
        return;
    case Qt::Key_Down:
        step(-1, stepSizeOf(event->modifiers()));
        return;
    case Qt::Key_PageUp:
        step(1, StepSize::Coarse);
        return;
    case Qt::Key_PageDown:
        step(-1, StepSize::Coarse);
        return;
    case Qt::Key_Escape:
        if (isModified() || m_visited)
            restore();
        else
            event->ignore();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        enter(event);
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void FloatEdit::enter(QKeyEvent* event)
{
    if (const QString typed = text(); m_takesLists && isList(typed)) {
        restore();
        emit listEntered(typed);
        return;
    }
    QLineEdit::keyPressEvent(event);
    m_message.show(m_problem);
    selectAll();
}

/// A list is not cut to its first number, nor put into the field.
void FloatEdit::pasteText()
{
    const QString pasted = QGuiApplication::clipboard()->text();
    if (m_takesLists && !isReadOnly() && isList(pasted)) {
        restore();
        emit listEntered(pasted);
        return;
    }
    paste();
    if (hasProblem())
        m_message.show(m_problem);
}

void FloatEdit::contextMenuEvent(QContextMenuEvent* event)
{
    const std::unique_ptr<QMenu> menu(createStandardContextMenu());
    if (auto* action = menu->findChild<QAction*>(u"edit-paste"_s)) {
        action->disconnect();
        connect(action, &QAction::triggered, this, &FloatEdit::pasteText);
    }
    menu->addSeparator();
    for (QAction* action : actions())
        if (action != m_problemAction)
            menu->addAction(action);
    menu->exec(event->globalPos());
}

void FloatEdit::keyReleaseEvent(QKeyEvent* event)
{
    if (!event->isAutoRepeat())
        m_gesture.end();
    QLineEdit::keyReleaseEvent(event);
}

void FloatEdit::wheelEvent(QWheelEvent* event)
{
    if (!hasFocus() || isReadOnly()) {
        event->ignore();
        return;
    }
    m_wheelAngle += event->angleDelta().y();
    const int notches = m_wheelAngle / QWheelEvent::DefaultDeltasPerStep;
    m_wheelAngle -= notches * QWheelEvent::DefaultDeltasPerStep;
    if (notches != 0)
        step(notches, stepSizeOf(event->modifiers()));
    event->accept();
}

void FloatEdit::step(int count, StepSize size)
{
    if (isReadOnly())
        return;
    m_gesture.begin();
    if (!hasProblem()) {
        const double next = stepped(m_value, count, size, m_zeroStep);
        if (m_refusal && !m_refusal(next).isEmpty()) {
            m_message.show(m_refusal(next));
            m_message.linger();
        } else {
            take(next);
            showValue();
        }
    }
    m_gesture.endSoon();
    if (!hasFocus())
        endVisit();
}

void FloatEdit::focusOutEvent(QFocusEvent* event)
{
    m_gesture.end();
    QLineEdit::focusOutEvent(event);
    // A menu or another window borrows the focus only.
    if (event->reason() != Qt::PopupFocusReason)
        commit();
    m_message.show({}); // it would lie over the next field
    if (!isModified())
        setCursorPosition(0);
}

/// Digits that do not fit are left out between the first ones and the exponent, lest the rest looks
/// like the number. In the field being edited all can be reached.
void FloatEdit::paintEvent(QPaintEvent* event)
{
    const QString shown = shownText();
    if (shown == text())
        QLineEdit::paintEvent(event);
    else {
        QStyleOptionFrame option;
        initStyleOption(&option);
        QPainter painter(this);
        style()->drawPrimitive(QStyle::PE_PanelLineEdit, &option, &painter, this);
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(roomForText(), static_cast<int>(alignment() | Qt::AlignVCenter), shown);
    }
    if (hasProblem())
        paintProblemFrame(*this);
}

QRect FloatEdit::roomForText() const
{
    constexpr int margin = 6; // QLineEdit's own and the cursor's
    QStyleOptionFrame option;
    initStyleOption(&option);
    return style()
        ->subElementRect(QStyle::SE_LineEditContents, &option, this)
        .adjusted(margin, 0, -margin, 0);
}

QString FloatEdit::shownText() const
{
    const int room = roomForText().width();
    const QFontMetricsF metrics(font());
    if (hasFocus() || hasProblem() || isModified() || metrics.horizontalAdvance(text()) <= room)
        return text();
    return cutNumber(m_value, qFloor(room / metrics.horizontalAdvance(u'0')));
}

void FloatEdit::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange && hasProblem())
        m_problemAction->setIcon(statusIcon(StatusShape::Warning, colorsFor(palette()).problem));
    QLineEdit::changeEvent(event);
}

} // namespace qbn::ui
