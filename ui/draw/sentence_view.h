#pragma once

#include <QTextBrowser>

namespace qbn::ui {

/// A plain text to read that changes with every edit. One that is higher than the view scrolls.
/// Without a selection Ctrl+C copies all of it. Words can be links: a click follows them, and with
/// the keyboard Tab and Return.
class SentenceView : public QTextBrowser
{
    Q_OBJECT

public:
    explicit SentenceView(QWidget* parent = nullptr);

    /// A word for setText() that is a link to what it says.
    static QString link(const QString& word) { return linkMark + word; }

    /// Hides QTextEdit's, which takes what looks like rich text for it.
    void setText(const QString& text);
    QString text() const { return toPlainText(); } ///< as it is read
    void setColor(const QColor& color); ///< of all but links; the palette's text without it

    /// Of the whole text at a width of the view.
    int heightFor(int width) const;

signals:
    void linkActivated(const QString& word);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    QVariant loadResource(int type, const QUrl& name) override; ///< nothing

private:
    static constexpr QChar linkMark{0x200b}; // a zero width space

    void showText();

    QString m_text; ///< with marks
};

} // namespace qbn::ui
