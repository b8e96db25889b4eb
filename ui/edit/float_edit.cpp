#include "ui/edit/float_edit.h"

#include "core/layer/same_bits.h"
#include "core/text/number_list.h"
#include "core/text/text_number.h"
#include "ui/edit/number_problem.h"
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
#include <QStringList>
#include <QStyleOptionFrame>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>
#include <cstdint>
#include <memory>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

QString number(double value)
{
    return QString::fromStdString(format_number(value));
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
    , m_message(this)
    , m_problemAction(new QAction(this))
{
    setFont(monospaceFont(QFont()));
    setAlignment(Qt::AlignRight);
    addAction(m_problemAction, QLineEdit::LeadingPosition);
    m_problemAction->setVisible(false); // what is hidden before has its room nevertheless
    connect(this, &QLineEdit::editingFinished, this, &FloatEdit::commit);
    connect(this, &QLineEdit::textEdited, this, &FloatEdit::onTextEdited);
    connect(&m_gesture, &EditGesture::started, this, &FloatEdit::gestureStarted);
    connect(&m_gesture, &EditGesture::finished, this, &FloatEdit::gestureFinished);
    showValue();
}

void FloatEdit::setValue(double value)
{
    if (m_emitting) {
        m_value = value;
        return;
    }
    if (same_bits(value, m_value) && !isModified())
        return;
    m_value = value;
    showValue();
    endVisit();
}

void FloatEdit::showValue()
{
    setProblem({});
    setText(QString::fromStdString(format_number(m_value)));
    // The first digits matter most where not all of them fit.
    setCursorPosition(0);
}

/// Empty if the text is a number that can be taken.
QString FloatEdit::problemOf(const QString& text) const
{
    const QString before = number(m_visited ? m_valueBefore : m_value);
    const std::string typed = text.toStdString();
    if (const auto single = parse_typed_number(typed)) {
        const QString refusal = m_refusal ? m_refusal(*single) : QString();
        return refusal.isEmpty() ? refusal : tr("%1; Escape brings back %2.").arg(refusal, before);
    }
    if (const auto list = parse_number_list(typed); m_takesLists && list && list->size() > 1)
        return tr("%1 numbers: Enter shows what they set.").arg(list->size());
    return numberProblem(text, before);
}

void FloatEdit::onTextEdited()
{
    setProblem(problemOf(text()));
    if (hasProblem()) {
        // What is half typed is marked only; what will never be taken is told.
        const bool isNumber = parse_typed_number(text().toStdString()).has_value();
        m_message.show(isNumber ? m_problem : QString());
        return;
    }
    take(*parse_typed_number(text().toStdString()));
}

/// Makes `value` the value as the user's, within the visit.
void FloatEdit::take(double value)
{
    if (same_bits(value, m_value))
        return;
    m_emitting = true;
    if (!m_visited) {
        m_visited = true;
        m_valueBefore = m_value;
        emit visitStarted();
    }
    m_value = value;
    emit valueEdited(m_value);
    m_emitting = false;
}

void FloatEdit::endVisit()
{
    if (!m_visited)
        return;
    m_visited = false;
    emit visitFinished();
}

bool FloatEdit::commit()
{
    if (m_emitting)
        return !hasProblem();
    const bool isRight = !hasProblem();
    if (isModified()) {
        if (!isRight) {
            if (m_visited)
                take(m_valueBefore);
        } else {
            showValue();
        }
    }
    endVisit();
    return isRight;
}

void FloatEdit::restore()
{
    if (m_visited)
        take(m_valueBefore);
    showValue();
    endVisit();
    selectAll();
}

void FloatEdit::setProblem(const QString& sentence)
{
    if (sentence == m_problem)
        return;
    m_problem = sentence;
    setProperty("problem", hasProblem());
    if (!hasProblem())
        m_message.show({});
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
    if (!isModified() && QFontMetricsF(font()).horizontalAdvance(text()) > roomForText().width())
        lines << text();
    if (const QString hint = float32Hint(m_value); m_float32Hint && !hint.isEmpty())
        lines << hint;
    return lines.join(u'\n');
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

#include "moc_float_edit.cpp"
