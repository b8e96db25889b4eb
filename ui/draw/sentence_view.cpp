#include "ui/draw/sentence_view.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QRegularExpression>

namespace qbn::ui {

SentenceView::SentenceView(QWidget* parent)
    : QTextBrowser(parent)
{
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setOpenLinks(false);
    setUndoRedoEnabled(false);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(0);
    connect(this, &QTextBrowser::anchorClicked, this,
            [this](const QUrl& link) { emit linkActivated(link.toString()); });
}

void SentenceView::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    showText();
    // A screen reader says the name, then this.
    setAccessibleDescription(this->text());
}

void SentenceView::showText()
{
    static const QRegularExpression link(linkMark + QStringLiteral("(\\S+)"));
    setHtml(m_text.toHtmlEscaped()
                .replace(link, QStringLiteral("<a href=\"\\1\">\\1</a>"))
                .replace(u'\n', QStringLiteral("<br>")));
}

void SentenceView::setColor(const QColor& color)
{
    QPalette colored = palette();
    colored.setColor(QPalette::Text, color);
    if (colored.color(QPalette::Text) != palette().color(QPalette::Text))
        setPalette(colored);
}

int SentenceView::heightFor(int width) const
{
    const qreal shown = document()->textWidth();
    document()->setTextWidth(width);
    const int height = qCeil(document()->size().height());
    document()->setTextWidth(shown);
    return height;
}

void SentenceView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy) && !textCursor().hasSelection())
        QGuiApplication::clipboard()->setText(text());
    else
        QTextBrowser::keyPressEvent(event);
}

void SentenceView::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    // Links have the colour of the palette in which they were read.
    if (event->type() == QEvent::PaletteChange)
        showText();
}

QVariant SentenceView::loadResource(int /*type*/, const QUrl& /*name*/)
{
    return {};
}

} // namespace qbn::ui
