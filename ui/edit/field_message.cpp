#include "ui/edit/field_message.h"

#include "ui/look/plain_text.h"
#include "ui/look/theme.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>

#include <algorithm>
#include <chrono>

namespace qbn::ui {

namespace {

constexpr std::chrono::seconds readingTime(5);
constexpr int widest = 360;

} // namespace

FieldMessage::FieldMessage(QWidget* field)
    : QObject(field)
    , m_field(field)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(readingTime);
    connect(&m_timer, &QTimer::timeout, this, [this] { show({}); });
    field->installEventFilter(this);
}

FieldMessage::~FieldMessage()
{
    delete m_label;
}

void FieldMessage::show(const QString& sentence)
{
    m_timer.stop();
    if (sentence.isEmpty()) {
        if (m_label)
            m_label->hide();
        return;
    }
    if (!m_label) {
        m_label = plainLabel(m_field->window());
        m_label->setObjectName(QStringLiteral("fieldMessage"));
        m_label->setAttribute(Qt::WA_TransparentForMouseEvents);
        m_label->setAutoFillBackground(true);
        m_label->setFrameShape(QFrame::Box);
        m_label->setMargin(4);
        m_label->setWordWrap(true);
    }
    const Colors colors = colorsFor(m_field->palette());
    QPalette palette = m_field->palette();
    palette.setColor(QPalette::Window, blend(colors.surface, colors.problem, 0.12));
    palette.setColor(QPalette::WindowText, colors.problem);
    m_label->setPalette(palette);
    m_label->setText(sentence);
    place();
    m_label->show();
    m_label->raise();
}

void FieldMessage::linger()
{
    if (m_label && m_label->isVisible())
        m_timer.start();
}

void FieldMessage::place()
{
    const QWidget& window = *m_field->window();
    const int width = std::min(
        {m_label->fontMetrics().horizontalAdvance(m_label->text()) + 16, widest, window.width()});
    const int height = m_label->heightForWidth(width);
    const QRect field(m_field->mapTo(&window, QPoint(0, 0)), m_field->size());
    const bool below = field.bottom() + 3 + height <= window.height();
    const int x = std::clamp(field.left(), 0, std::max(0, window.width() - width));
    m_label->setGeometry(x, below ? field.bottom() + 3 : field.top() - 2 - height, width, height);
}

bool FieldMessage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Move || event->type() == QEvent::Hide)
        show({});
    return QObject::eventFilter(watched, event);
}

void paintProblemFrame(QWidget& field)
{
    QPainter painter(&field);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colorsFor(field.palette()).problem, 1.6));
    painter.drawRoundedRect(QRectF(field.rect()).adjusted(0.8, 0.8, -0.8, -0.8), 3, 3);
}

} // namespace qbn::ui

#include "moc_field_message.cpp"
