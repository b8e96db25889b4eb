#pragma once

#include "ui/draw/laid_out_texts.h"

#include <QAbstractScrollArea>

#include <vector>

namespace qbn::ui {

/// A text to read that changes with every edit. Only its new words are laid out, since the whole of
/// it costs a QPlainTextEdit or a rich QLabel as much as all plots. A text that is higher than the
/// view scrolls. Ctrl+C and the context menu copy all of it. Words can be links: a click follows
/// them, and with the keyboard Left, Right and Return.
class SentenceView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit SentenceView(QWidget* parent = nullptr);

    /// A word for setText() that is a link to what it says.
    static QString link(const QString& word) { return linkMark + word; }

    void setText(const QString& text);
    QString text() const; ///< as it is read
    void setColor(const QColor& color); ///< of all but links; the palette's text without it
    void copy() const;

    /// Of the whole text at a width of the view.
    int heightFor(int width) const;

signals:
    void linkActivated(const QString& word);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    static constexpr QChar linkMark{0x200b}; // a zero width space

    struct Word
    {
        QStaticText text;
        QPointF place; ///< of its top left corner, from that of the text
        bool isLink;
    };

    void layOut(int width) const;
    std::vector<const Word*> links() const;
    const Word* linkAt(const QPointF& position) const;
    void paintLink(QPainter& painter, const Word& link, const QPointF& place, bool current) const;
    void forget();
    void updateScrollBar();

    QString m_text; ///< with marks
    QColor m_color;
    std::size_t m_currentLink = 0;
    // What the text is drawn from, made when it is asked for.
    mutable LaidOutTexts m_texts;
    mutable std::vector<Word> m_words;
    mutable qreal m_height = 0;
    mutable int m_laidOutWidth = -1;
};

} // namespace qbn::ui
