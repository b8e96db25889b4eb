#include "ui/edit/int_edit.h"

#include "ui/look/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QRegularExpression>
#include <QWheelEvent>

#include <optional>

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

} // namespace

IntEdit::IntEdit(QWidget* parent)
    : QSpinBox(parent)
{
    setFont(monospaceFont(QFont()));
    setAlignment(Qt::AlignRight);
    setKeyboardTracking(false);
    setFocusPolicy(Qt::StrongFocus); // not WheelFocus
    connect(this, &QSpinBox::valueChanged, this, [this](int value) {
        if (!m_shownByProgram)
            emit valueEdited(value);
    });
    connect(&m_gesture, &EditGesture::started, this, &IntEdit::gestureStarted);
    connect(&m_gesture, &EditGesture::finished, this, &IntEdit::gestureFinished);
}

void IntEdit::setRange(int lowest, int highest)
{
    if (lowest != minimum() || highest != maximum())
        QSpinBox::setRange(lowest, highest);
}

void IntEdit::commit()
{
    if (lineEdit()->isModified())
        interpretText();
}

void IntEdit::setValue(int value)
{
    if (value == this->value())
        return;
    m_shownByProgram = true;
    QSpinBox::setValue(value);
    m_shownByProgram = false;
}

QValidator::State IntEdit::validate(QString& input, int&) const
{
    if (const auto value = parsed(input))
        return *value >= minimum() && *value <= maximum() ? QValidator::Acceptable
                                                          : QValidator::Intermediate;
    static const QRegularExpression beginning(
        u"^\\s*[-+−]?(0[xX][0-9a-fA-F]*|0[bB][01]*|\\d*)\\s*$"_s);
    return beginning.match(input).hasMatch() ? QValidator::Intermediate : QValidator::Invalid;
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
    QSpinBox::stepBy(steps);
    m_gesture.endSoon();
}

bool IntEdit::leavesToWindow(const QKeyEvent& event) const
{
    return !lineEdit()->isModified()
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
    if (event->key() == Qt::Key_Escape && lineEdit()->isModified()) {
        lineEdit()->setText(textFromValue(value()));
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
    QSpinBox::focusOutEvent(event);
    m_gesture.end();
}

} // namespace qbn::ui
