#include "ui/edit/float_edit.h"

#include "core/layer/same_bits.h"
#include "core/text/text_number.h"
#include "ui/look/plain_text.h"
#include "ui/look/status_shape.h"
#include "ui/look/theme.h"

#include <QAction>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStringList>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>
#include <cstdint>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

StepSize stepSizeOf(Qt::KeyboardModifiers modifiers)
{
    if (modifiers.testFlag(Qt::ControlModifier))
        return StepSize::Coarse;
    return modifiers.testFlag(Qt::ShiftModifier) ? StepSize::Fine : StepSize::Normal;
}

/// Nothing if a binary32 holds the value, NaN included.
QString float32Hint(double value)
{
    const auto narrowed = static_cast<float>(value);
    const double stored = narrowed;
    if (std::isnan(value) || stored == value)
        return {};
    return FloatEdit::tr("stored as binary32: %1 → %2 (%3)")
        .arg(QString::fromStdString(format_number(value)),
             QString::fromStdString(format_number(stored)),
             QString::fromStdString(format_hex(stored)));
}

} // namespace

FloatEdit::FloatEdit(QWidget* parent)
    : QLineEdit(parent)
    , m_problemAction(new QAction(this))
{
    setFont(monospaceFont(QFont()));
    setAlignment(Qt::AlignRight);
    m_problemAction->setVisible(false);
    addAction(m_problemAction, QLineEdit::LeadingPosition);
    connect(this, &QLineEdit::editingFinished, this, &FloatEdit::commit);
    connect(this, &QLineEdit::textEdited, this, [this] { setProblem({}); });
    connect(&m_gesture, &EditGesture::started, this, &FloatEdit::gestureStarted);
    connect(&m_gesture, &EditGesture::finished, this, &FloatEdit::gestureFinished);
    showValue();
}

void FloatEdit::setValue(double value)
{
    if (same_bits(value, m_value) && !isModified())
        return;
    m_value = value;
    showValue();
}

void FloatEdit::showValue()
{
    setProblem({});
    setText(QString::fromStdString(format_number(m_value)));
    // The first digits matter most where not all of them fit.
    setCursorPosition(0);
}

bool FloatEdit::commit()
{
    if (!isModified())
        return !hasProblem();
    const auto typed = parse_typed_number(text().toStdString());
    if (!typed) {
        setProblem(text().trimmed().isEmpty()
                       ? tr("A number is missing; Escape brings back %1.")
                             .arg(QString::fromStdString(format_number(m_value)))
                       : tr("“%1” is not a number; Escape brings back %2.")
                             .arg(text().trimmed().left(40),
                                  QString::fromStdString(format_number(m_value))));
        return false;
    }
    const bool changed = !same_bits(*typed, m_value);
    m_value = *typed;
    showValue();
    if (changed)
        emit valueEdited(m_value);
    return true;
}

void FloatEdit::restore()
{
    showValue();
    selectAll();
}

void FloatEdit::setProblem(const QString& sentence)
{
    if (sentence == m_problem)
        return;
    m_problem = sentence;
    m_problemAction->setVisible(hasProblem());
    m_problemAction->setToolTip(plainToolTip(sentence));
    if (hasProblem())
        m_problemAction->setIcon(statusIcon(StatusShape::Warning, colorsFor(palette()).problem));
    setAccessibleDescription(sentence);
    update();
}

QString FloatEdit::fullToolTip() const
{
    QStringList lines;
    if (hasProblem())
        lines << m_problem;
    if (!toolTip().isEmpty())
        lines << toolTip();
    if (!isModified() && QFontMetricsF(font()).horizontalAdvance(text()) > width() - 12)
        lines << text();
    if (const QString hint = float32Hint(m_value); m_float32Hint && !hint.isEmpty())
        lines << hint;
    return lines.join(u'\n');
}

bool FloatEdit::leavesToWindow(const QKeyEvent& event) const
{
    return !isModified()
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
        if (key->key() == Qt::Key_Escape && (isModified() || hasProblem())) {
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
        if (isModified() || hasProblem())
            restore();
        else
            event->ignore();
        return;
    default:
        QLineEdit::keyPressEvent(event);
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            selectAll();
    }
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
    const double next = commit() ? stepped(m_value, count, size, m_zeroStep) : m_value;
    if (!same_bits(next, m_value)) {
        m_value = next;
        showValue();
        emit valueEdited(m_value);
    }
    m_gesture.endSoon();
}

void FloatEdit::focusOutEvent(QFocusEvent* event)
{
    m_gesture.end();
    QLineEdit::focusOutEvent(event);
    if (!isModified())
        setCursorPosition(0);
}

void FloatEdit::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (!hasProblem())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colorsFor(palette()).problem, 1.6));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.8, 0.8, -0.8, -0.8), 3, 3);
}

void FloatEdit::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange && hasProblem())
        m_problemAction->setIcon(statusIcon(StatusShape::Warning, colorsFor(palette()).problem));
    QLineEdit::changeEvent(event);
}

int FloatEdit::widthForDigits(int digits) const
{
    return qCeil(QFontMetricsF(font()).horizontalAdvance(u'0') * digits) + 16;
}

QSize FloatEdit::sizeHint() const
{
    // 0.007870171219110489 has twenty characters, and so has about every shortest double.
    return {widthForDigits(20), QLineEdit::sizeHint().height()};
}

QSize FloatEdit::minimumSizeHint() const
{
    return {widthForDigits(9), QLineEdit::minimumSizeHint().height()};
}

} // namespace qbn::ui
