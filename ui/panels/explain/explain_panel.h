#pragma once

#include "core/paste/understanding.h"

#include <QPointer>
#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTabWidget;

namespace qbn::ui {

class Document;
class ExplanationView;
class IdentifyDialog;
class ObservationView;
class ReadView;
class RegionView;

/// Explains a mismatch: observations and whether they are predicted, what else was computed, and
/// the region of two unknown parameters. It follows the document only while it is seen, so that
/// an edit costs nothing more where it is not.
class ExplainPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ExplainPanel(Document& document, QWidget* parent = nullptr);

    /// What a pasted text was taken for; it is shown until the paste is undone or a file opened.
    void showUnderstanding(const QString& text, const Understanding& understanding);

    /// Shows what the document holds now. A dock that comes to the front has to ask for it: a panel
    /// below other tabs counts as visible and is not told.
    void refresh();

    QSize sizeHint() const override { return {700, 290}; }

signals:
    void pasteRequested();
    void loadRequested();
    void corrected(const Correction& correction); ///< what a number of the pasted text means
    void mergeRequested(); ///< of the pasted text into the layer before
    void helpRequested(const QString& id);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* emptyPage();
    QWidget* fullPage();
    void identify();
    void refreshIfSeen();
    void forgetUnderstanding();

    Document& m_document;
    ObservationView* m_observations;
    ExplanationView* m_explanations;
    RegionView* m_region;
    ReadView* m_read;
    QTabWidget* m_tabs;
    QStackedWidget* m_pages;
    QPushButton* m_identify;
    QPointer<IdentifyDialog> m_search; ///< while it is open
    int m_pasteIndex = 0; ///< of the undo stack, after the paste
};

} // namespace qbn::ui
