#pragma once

#include "app/desktop/background_work.h"
#include "app/desktop/settings.h"
#include "core/evaluate/audit.h"
#include "core/evaluate/code_export.h"
#include "core/text/result.h"
#include "ui/document/document.h"

#include <QObject>

#include <functional>
#include <optional>
#include <vector>

class QWidget;

namespace qbn::ui {
class AgreementMap;
class CodePlot;
} // namespace qbn::ui

namespace qbn::desktop {

/// Opens, saves and exports, with the dialogs around it. What fails is told in one box with one
/// sentence, and the open document stays as it was. What takes long goes on beside the window.
class FileActions : public QObject
{
    Q_OBJECT

public:
    FileActions(ui::Document& document, Settings& settings, QWidget* window);

    /// Asks whether to save first where there is something to lose. False if the user thought
    /// better of it.
    bool mayDiscard();
    /// The same where an export is still being written.
    bool mayStopWriting();

    void openWithDialog();
    /// As from the recent files, a drop or the command line. The open document stays, to be looked at
    /// and edited, until the file is read whole; opened() comes when it is in its place.
    void open(const QString& path);
    bool isReading() const { return m_reading.isRunning(); }
    /// A file of what somebody printed: false where nothing in it belongs to a batch norm.
    bool openText(const QString& path);
    /// The document is about to be what stands in that text, which was opened.
    void takeTextsName(const QString& path);
    void openExample();
    /// A layer of placeholders, with as many channels as the user says ("newLayerDialog").
    void newModel();
    /// Back to the start: the example.
    void close() { openExample(); }
    /// The file that was open last and is not now.
    void reopenLast();

    bool save(); ///< asks for a path where there is none: a checkpoint is never written to
    bool saveAs();

    /// `choice` says which channels; the backend is the document's.
    void exportCsv(ExportChoice choice);
    /// In light colours, which print, unless dark ones are asked for.
    void exportPlot(const ui::CodePlot& plot, bool dark,
                    const QString& suffix = QStringLiteral("png"));
    void exportMap(const ui::AgreementMap& map, bool dark, const QString& suffix);
    /// "resnet-layer1.bn1-channel2-transferPlot.svg": what a plot is proposed to be saved as.
    QString plotName(const ui::CodePlot& plot, const QString& suffix) const;
    /// "resnet-layer1.bn1-agreementMap.svg".
    QString mapName(const ui::AgreementMap& map, const QString& suffix) const;

    /// Of the selected layer, with the file's name.
    struct Histogram
    {
        CodeDistribution distribution;
        QString name;
    };
    /// Asks for a file. Nothing if it cannot be read or was not chosen.
    std::optional<Histogram> openHistogram();
    std::optional<Histogram> readHistogram(const QString& path);

    /// Writes it without a dialog, as it is now. The same bytes as `qbn export`. written() comes when
    /// it is done.
    void writeCsv(const QString& path, ExportChoice choice);
    bool isWriting() const { return m_writing.isRunning(); }

    /// Of a text that was pasted over what is open: it has no file.
    void takePastesName();

    /// What the document was read from, for the window's title; the example has no file.
    QString title() const;

signals:
    void opened(); ///< a file
    /// A file of what somebody printed, to be pasted.
    void textOpened(const QString& text, const QString& path);
    void written(); ///< a CSV
    void titleChanged();
    void said(const QString& sentence); ///< for the status bar

private:
    /// What the document is called and where it is saved, from a step of the undo stack on: a paste of other layers is no longer
    /// the file that was open, but is again once it is undone.
    struct Name
    {
        int since = 0;
        QString source = {}; ///< the file that was opened, also where it is never written to
        QString path = {}; ///< where Save writes; empty if it has to ask
        QString untitled = {}; ///< what it is called without a file; empty: the example
    };
    Name& name(); ///< the present one
    const Name& name() const;
    /// Of the present step and those to come.
    void setName(Name name);
    void followName();

    void show(Model model, const QString& path);
    bool saveTo(const QString& path);
    QString askPath(const QString& caption, const QString& proposed, const QString& filter,
                    const QString& suffix);
    QString proposedName(const QString& suffix) const;
    QString layersName(const QString& suffix) const;
    void exportPicture(const QString& proposed, const QString& suffix,
                       const std::function<std::optional<Error>(const QString& path)>& write);

    ui::Document& m_document;
    Settings& m_settings;
    QWidget* m_window;
    BackgroundWork<Result<Model>> m_reading;
    BackgroundWork<std::optional<Error>> m_writing;
    std::vector<Name> m_names{Name{}}; ///< one at least, by the step from which each holds
};

} // namespace qbn::desktop
