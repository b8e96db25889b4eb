#include "ui/widgets/sentence_view.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
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
    // A screen reader says the name, then this.
    setAccessibleDescription(text);
    forget();
}

void SentenceView::copy() const
{
    QGuiApplication::clipboard()->setText(m_text);
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
            const QStaticText& text = m_texts.of(word.toString(), font());
            const qreal wide = text.size().width();
            if (x > 0 && x + wide > width) {
                x = 0;
                y += metrics.lineSpacing();
            }
            m_words.push_back({text, QPointF(x, y)});
            x += wide + space;
        }
        y += metrics.lineSpacing();
    }
    m_height = y;
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

void SentenceView::paintEvent(QPaintEvent* /*event*/)
{
    layOut(viewport()->width());
    QPainter painter(viewport());
    painter.setPen(palette().color(QPalette::Text));
    painter.setFont(font());
    const QPointF origin(0, -verticalScrollBar()->value());
    for (const Word& word : m_words)
        painter.drawStaticText(origin + word.place, word.text);
    if (!hasFocus())
        return;
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
}

void SentenceView::resizeEvent(QResizeEvent* /*event*/)
{
    updateScrollBar();
}

void SentenceView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Home)
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
