#pragma once

#include "app/desktop/file_actions.h"
#include "app/desktop/settings.h"
#include "ui/document/document.h"

#include <QMainWindow>

class QDockWidget;
class QLabel;

namespace qbn::ui {
class DifferenceSearch;
class ExplainPanel;
} // namespace qbn::ui

namespace qbn::desktop {

class ActivationActions;
class CodeActions;
class NavigationBar;
class ObservationActions;
class WorkArea;

/// Whether the window remembers where it was.
enum class Memory : unsigned char
{
    Keep, ///< restores the last session's geometry and layout, and saves them on closing
    None, ///< for pictures and measurements
};

/// Creates the panels, menus and tool bars around a document. Panels know the document only; none
/// is connected to another. What is in a tab is made when it is shown first.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// The document and the settings outlive the window.
    MainWindow(ui::Document& document, Settings& settings, Memory memory,
               QWidget* parent = nullptr);

    FileActions& files() { return *m_files; }
    ObservationActions& observations() { return *m_observations; }
    ActivationActions& activations() { return *m_activations; }

    /// After a file was opened: brings its observations to the front, if it has some.
    void showObservations();

    /// By its title, upper and lower case the same. False where there is none, or the model has no use
    /// for it.
    bool showTab(const QString& title);

    /// Back to the layout of the first start.
    void resetLayout();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectStatus();
    void addPages();
    void addHelpDock();
    void connectObservations();
    void openDropped(const QStringList& paths);
    void connectActivations();
    QWidget* makeActivationPanel(QWidget* parent);
    QWidget* makeAgreementPanel(QWidget* parent);
    QWidget* makeAuditPanel(QWidget* parent);
    QWidget* makeExplainPanel(QWidget* parent);
    ui::ExplainPanel* explainPanel();
    void showExplainPanel();
    void showField(Field field);
    void countFindings();
    void addFileMenu();
    void addCopyAsMenu(QMenu* menu);
    void addActivationActions(QMenu* menu);
    void addExportPlotMenu(QMenu* menu);
    void addEditMenu();
    void addViewMenu();
    void addTiesAction(QMenu* menu);
    void addTextZoom(QMenu* menu);
    void followLayers();
    void addGoMenu();
    void addToolsMenu();
    void addHelpMenu();
    void showFoldDialog();
    void showHelp(const QString& page); ///< the contents if it is empty or unknown
    void addToolBars();
    void wrapBars();
    void fillRecentMenu(QMenu* menu);
    QAction* addAction(QMenu* menu, const QString& name, const QString& text,
                       const QKeySequence& shortcut);
    QAction* addUndoAction(QAction* action, const QString& name,
                           const QList<QKeySequence>& shortcuts, void (ui::Document::*slot)());
    void moveChannel(int by);
    void moveLayer(int by);
    void moveCode(int by);
    void focusNextPanel(int by);
    void showAbout();
    void showShortcuts();
    void say(const QString& sentence, int milliseconds = 5000); ///< 0: until something changes
    void fitPlace();
    void updateTitle();
    void updateStatus();

    ui::Document& m_document;
    Settings& m_settings;
    Memory m_memory;
    FileActions* m_files;
    ObservationActions* m_observations;
    ActivationActions* m_activations;
    CodeActions* m_code;
    ui::DifferenceSearch* m_search;
    WorkArea* m_area;
    NavigationBar* m_navigation = nullptr;
    QDockWidget* m_help = nullptr;
    QLabel* m_place = nullptr; ///< in the status bar: layer, channel, code
    QByteArray m_firstState;
    int m_countedLayer = -1; ///< whose findings the badge counts
};

} // namespace qbn::desktop
