#pragma once

#include "core/formula/program.h"

#include <QImage>
#include <QTextBrowser>
#include <QTimer>

#include <memory>

class QToolButton;

namespace qbn::ui {

class Document;

/// Shows a page of resources/help with the current numbers in place of its placeholders.
class HelpBrowser : public QTextBrowser
{
    Q_OBJECT

public:
    explicit HelpBrowser(const Document& document, QWidget* parent = nullptr);

    /// The numbers may have changed. Where the reader is in the text stays.
    void refresh();

    QVariant loadResource(int type, const QUrl& name) override;

protected:
    void changeEvent(QEvent* event) override;

private:
    QImage pictureOfFormula() const;
    void applyColors();
    void reloadInPlace();

    const Document& m_document;
    QString m_text; ///< what the page said when it was loaded
    std::shared_ptr<const formula::Program> m_program; ///< the chosen backend's then
    qint64 m_paletteKey = -1;
};

/// The help pages, with a way back and forward. Numbers on a page follow edits and the selection,
/// a moment later than the cards do, so that reading costs an edit nothing.
class HelpPanel : public QWidget
{
    Q_OBJECT

public:
    explicit HelpPanel(Document& document, QWidget* parent = nullptr);

    /// The contents if there is no such page.
    void showPage(const QString& id);
    QString page() const;

    HelpBrowser* browser() const { return m_browser; }

    QSize sizeHint() const override { return {300, 320}; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    QToolButton* addButton(const QString& name, const QString& text, const QString& tip);
    void later();

    HelpBrowser* m_browser;
    QTimer m_refresh;
};

} // namespace qbn::ui
