#pragma once

#include "ui/widgets/laid_out_texts.h"

#include <QAbstractScrollArea>

#include <vector>

namespace qbn::ui {

/// A text to read that changes with every edit. Only its new words are laid out, since the whole of
/// it costs a QPlainTextEdit as much as all plots. A text that is higher than the view scrolls.
/// Ctrl+C and the context menu copy all of it.
class SentenceView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit SentenceView(QWidget* parent = nullptr);

    void setText(const QString& text);
    const QString& text() const { return m_text; }
    void copy() const;

    /// Of the whole text at a width of the view.
    int heightFor(int width) const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Word
    {
        QStaticText text;
        QPointF place; ///< of its top left corner, from that of the text
    };

    void layOut(int width) const;
    void forget();
    void updateScrollBar();

    QString m_text;
    // What the text is drawn from, made when it is asked for.
    mutable LaidOutTexts m_texts;
    mutable std::vector<Word> m_words;
    mutable qreal m_height = 0;
    mutable int m_laidOutWidth = -1;
};

} // namespace qbn::ui
