#include "ui/draw/sentence_view.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace qbn::ui {

SentenceView::SentenceView(QWidget* parent)
    : QAbstractScrollArea(parent)
{
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    viewport()->setMouseTracking(true);
    auto* copy = new QAction(tr("&Copy"), this);
    copy->setObjectName(QStringLiteral("copySentence"));
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &SentenceView::copy);
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

void SentenceView::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    m_currentLink = 0;
    // A screen reader says the name, then this.
    setAccessibleDescription(this->text());
    forget();
}

QString SentenceView::text() const
{
    QString plain = m_text;
    return plain.remove(linkMark);
}

void SentenceView::setColor(const QColor& color)
{
    if (color == m_color)
        return;
    m_color = color;
    viewport()->update();
}

void SentenceView::copy() const
{
    QGuiApplication::clipboard()->setText(text());
}

int SentenceView::heightFor(int width) const
{
    layOut(width);
    return qCeil(m_height);
}

void SentenceView::layOut(int width) const
{
    if (width == m_laidOutWidth)
        return;
    m_laidOutWidth = width;
    m_words.clear();
    const QFontMetricsF metrics(font());
    const qreal space = metrics.horizontalAdvance(u' ');
    qreal y = 0;
    for (const QStringView line : QStringView(m_text).split(u'\n')) {
        qreal x = 0;
        for (const QStringView word : line.split(u' ', Qt::SkipEmptyParts)) {
            const bool isLink = word.startsWith(linkMark);
            const QStaticText& text = m_texts.of(word.mid(isLink ? 1 : 0).toString(), font());
            const qreal wide = text.size().width();
            if (x > 0 && x + wide > width) {
                x = 0;
                y += metrics.lineSpacing();
            }
            m_words.push_back({text, QPointF(x, y), isLink});
            x += wide + space;
        }
        y += metrics.lineSpacing();
    }
    m_height = y;
}

std::vector<const SentenceView::Word*> SentenceView::links() const
{
    layOut(viewport()->width());
    std::vector<const Word*> found;
    for (const Word& word : m_words) {
        if (word.isLink)
            found.push_back(&word);
    }
    return found;
}

const SentenceView::Word* SentenceView::linkAt(const QPointF& position) const
{
    const QPointF inText = position + QPointF(0, verticalScrollBar()->value());
    const std::vector<const Word*> all = links();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Word* word) {
        return QRectF(word->place, word->text.size()).contains(inText);
    });
    return found == all.end() ? nullptr : *found;
}

void SentenceView::forget()
{
    m_laidOutWidth = -1;
    updateScrollBar();
    viewport()->update();
}

void SentenceView::updateScrollBar()
{
    const int beyond = heightFor(viewport()->width()) - viewport()->height();
    verticalScrollBar()->setRange(0, std::max(0, beyond));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(fontMetrics().lineSpacing());
}

void SentenceView::paintEvent(QPaintEvent* event)
{
    layOut(viewport()->width());
    QPainter painter(viewport());
    const QColor color = m_color.isValid() ? m_color : palette().color(QPalette::Text);
    painter.setFont(font());
    const QPointF origin(0, -verticalScrollBar()->value());
    std::size_t link = 0;
    const QRectF asked = event->rect();
    for (const Word& word : m_words) {
        const bool current = word.isLink && link++ == m_currentLink && hasFocus();
        const QPointF place = origin + word.place;
        if (!QRectF(place, word.text.size()).intersects(asked))
            continue;
        painter.setPen(color);
        if (word.isLink)
            paintLink(painter, word, place, current);
        else
            painter.drawStaticText(place, word.text);
    }
    if (!hasFocus() || link > 0)
        return;
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

void SentenceView::paintLink(QPainter& painter, const Word& link, const QPointF& place,
                             bool current) const
{
    painter.setPen(palette().color(QPalette::Link));
    painter.drawStaticText(place, link.text);
    const QRectF box(place, link.text.size());
    painter.drawLine(box.bottomLeft() - QPointF(0, 1), box.bottomRight() - QPointF(0, 1));
    if (current)
        painter.drawRect(box);
}

void SentenceView::resizeEvent(QResizeEvent* /*event*/)
{
    updateScrollBar();
}

void SentenceView::mouseMoveEvent(QMouseEvent* event)
{
    viewport()->setCursor(linkAt(event->position()) ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void SentenceView::mouseReleaseEvent(QMouseEvent* event)
{
    const Word* link = event->button() == Qt::LeftButton ? linkAt(event->position()) : nullptr;
    if (link)
        emit linkActivated(link->text.text());
}

void SentenceView::keyPressEvent(QKeyEvent* event)
{
    const std::vector<const Word*> all = links();
    const bool left = event->key() == Qt::Key_Left;
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!all.empty() && (left || event->key() == Qt::Key_Right)) {
        m_currentLink = (m_currentLink + (left ? all.size() - 1 : 1)) % all.size();
        viewport()->update();
    } else if (!all.empty() && enter)
        emit linkActivated(all[m_currentLink]->text.text());
    else if (event->key() == Qt::Key_Home)
        verticalScrollBar()->setValue(0);
    else if (event->key() == Qt::Key_End)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    else
        QAbstractScrollArea::keyPressEvent(event);
}

void SentenceView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        forget();
    else if (event->type() == QEvent::PaletteChange)
        viewport()->update();
    QAbstractScrollArea::changeEvent(event);
}

} // namespace qbn::ui

#include "moc_sentence_view.cpp"
