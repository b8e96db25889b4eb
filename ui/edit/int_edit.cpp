#include "ui/edit/int_edit.h"

#include "ui/look/plain_text.h"
#include "ui/look/theme.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QRegularExpression>
#include <QWheelEvent>

#include <memory>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

std::optional<qint64> parsed(const QString& typed)
{
    QString digits = typed.trimmed();
    digits.replace(u'−', u'-');
    const bool negative = digits.startsWith(u'-');
    if (negative || digits.startsWith(u'+'))
        digits.remove(0, 1);
    int base = 10;
    if (digits.startsWith(u"0x", Qt::CaseInsensitive))
        base = 16;
    else if (digits.startsWith(u"0b", Qt::CaseInsensitive))
        base = 2;
    if (base != 10)
        digits.remove(0, 2);
    // toLongLong would take a second sign.
    if (digits.isEmpty() || digits.startsWith(u'-') || digits.startsWith(u'+'))
        return std::nullopt;
    bool ok = false;
    const qint64 value = digits.toLongLong(&ok, base);
    return ok ? std::optional(negative ? -value : value) : std::nullopt;
}

/// Whether digits may still make a number of it.
bool isHalfTyped(const QString& text)
{
    static const QRegularExpression beginning(u"^\\s*[-+−]?(0[xXbB])?$"_s);
    return beginning.match(text).hasMatch();
}

} // namespace

IntEdit::IntEdit(QWidget* parent)
    : QSpinBox(parent)
    , m_message(this)
{
    setFont(monospaceFont(QFont()));
    setAlignment(Qt::AlignRight);
    setFocusPolicy(Qt::StrongFocus); // not WheelFocus
    m_valueNow = value();
    connect(this, &QSpinBox::valueChanged, this, &IntEdit::onValueChanged);
    connect(lineEdit(), &QLineEdit::textEdited, this, &IntEdit::onTextEdited);
    connect(&m_gesture, &EditGesture::started, this, &IntEdit::gestureStarted);
    connect(&m_gesture, &EditGesture::finished, this, &IntEdit::gestureFinished);
}

void IntEdit::setRange(int lowest, int highest)
{
    if (lowest != minimum() || highest != maximum())
        QSpinBox::setRange(lowest, highest);
}

void IntEdit::onValueChanged(int value)
{
    const int before = std::exchange(m_valueNow, value);
    if (m_shownByProgram)
        return;
    m_emitting = true;
    if (!m_visited) {
        m_visited = true;
        m_valueBefore = before;
        emit visitStarted();
    }
    emit valueEdited(value);
    m_emitting = false;
}

QString IntEdit::problemOf(const QString& text) const
{
    const int before = m_visited ? m_valueBefore : value();
    const auto number = parsed(text);
    if (!number)
        return text.trimmed().isEmpty()
            ? tr("A number is missing; Escape brings back %1.").arg(before)
            : tr("“%1” is not a whole number; Escape brings back %2.")
                  .arg(text.trimmed().left(40))
                  .arg(before);
    if (*number < minimum() || *number > maximum())
        return tr("%1 is beyond %2 to %3; Escape brings back %4.")
            .arg(*number)
            .arg(minimum())
            .arg(maximum())
            .arg(before);
    return {};
}

void IntEdit::onTextEdited(const QString& text)
{
    setProblem(problemOf(text));
    m_message.show(isHalfTyped(text) ? QString() : m_problem); // that is marked only
}

void IntEdit::setProblem(const QString& sentence)
{
    if (sentence == m_problem)
        return;
    if (!hasProblem())
        m_toolTipBefore = toolTip();
    m_problem = sentence;
    setProperty("problem", hasProblem());
    setToolTip(hasProblem() ? plainToolTip(sentence) : m_toolTipBefore);
    setAccessibleDescription(sentence);
    if (!hasProblem())
        m_message.show({});
    update();
}

void IntEdit::showValue()
{
    setProblem({});
    if (const QString text = textFromValue(value()); lineEdit()->text() != text)
        lineEdit()->setText(text);
    lineEdit()->setModified(false);
}

void IntEdit::restore()
{
    if (m_visited)
        QSpinBox::setValue(m_valueBefore);
    showValue();
    endVisit();
}

void IntEdit::endVisit()
{
    if (!std::exchange(m_visited, false))
        return;
    emit visitFinished();
}

void IntEdit::commit()
{
    if (m_emitting)
        return;
    if (hasProblem()) {
        restore();
        return;
    }
    if (lineEdit()->isModified())
        interpretText();
    showValue();
    endVisit();
}

void IntEdit::setValue(int value)
{
    if (value == this->value())
        return;
    m_shownByProgram = true;
    QSpinBox::setValue(value);
    m_shownByProgram = false;
    if (m_emitting)
        return;
    setProblem({});
    endVisit();
}

/// No character is swallowed: what is left of "1.5" would be another number.
QValidator::State IntEdit::validate(QString& input, int&) const
{
    const auto value = parsed(input);
    return value && *value >= minimum() && *value <= maximum() ? QValidator::Acceptable
                                                               : QValidator::Intermediate;
}

int IntEdit::valueFromText(const QString& text) const
{
    return static_cast<int>(parsed(text).value_or(value()));
}

QString IntEdit::textFromValue(int value) const
{
    return QString::number(value);
}

void IntEdit::stepBy(int steps)
{
    m_gesture.begin();
    if (hasProblem())
        showValue();
    QSpinBox::stepBy(steps);
    lineEdit()->setModified(false);
    m_gesture.endSoon();
    if (!hasFocus())
        endVisit();
}

bool IntEdit::leavesToWindow(const QKeyEvent& event) const
{
    return !hasProblem()
        && (event.matches(QKeySequence::Undo) || event.matches(QKeySequence::Redo));
}

bool IntEdit::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride
        && leavesToWindow(*static_cast<QKeyEvent*>(event))) {
        event->ignore();
        return true;
    }
    return QSpinBox::event(event);
}

void IntEdit::keyPressEvent(QKeyEvent* event)
{
    if (leavesToWindow(*event)) {
        event->ignore();
        return;
    }
    if (event->key() == Qt::Key_Escape && (lineEdit()->isModified() || m_visited)) {
        restore();
        selectAll();
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        const QString said = m_problem;
        commit();
        m_message.show(said);
        m_message.linger();
        selectAll();
        return;
    }
    QSpinBox::keyPressEvent(event);
}

void IntEdit::keyReleaseEvent(QKeyEvent* event)
{
    QSpinBox::keyReleaseEvent(event);
    if (!event->isAutoRepeat())
        m_gesture.end();
}

void IntEdit::mouseReleaseEvent(QMouseEvent* event)
{
    QSpinBox::mouseReleaseEvent(event);
    m_gesture.end();
}

void IntEdit::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QSpinBox::wheelEvent(event);
    else
        event->ignore();
}

void IntEdit::focusOutEvent(QFocusEvent* event)
{
    m_gesture.end();
    if (event->reason() != Qt::PopupFocusReason)
        commit();
    m_message.show({}); // it would lie over the next field
    QSpinBox::focusOutEvent(event);
}

void IntEdit::contextMenuEvent(QContextMenuEvent* event)
{
    const std::unique_ptr<QMenu> menu(lineEdit()->createStandardContextMenu());
    menu->addSeparator();
    menu->addActions(actions());
    menu->exec(event->globalPos());
}

void IntEdit::paintEvent(QPaintEvent* event)
{
    QSpinBox::paintEvent(event);
    if (hasProblem())
        paintProblemFrame(*this);
}

} // namespace qbn::ui

#include "moc_int_edit.cpp"
