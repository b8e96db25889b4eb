#include "app/desktop/file_actions.h"

#include "core/formats/bytes/read_file.h"
#include "core/formats/observed/code_histogram.h"
#include "core/formats/open_model.h"
#include "core/formats/session/session_json.h"
#include "core/paste/apply_paste.h"
#include "ui/look/plain_text.h"
#include "ui/panels/agreement/agreement_map.h"
#include "ui/panels/plots/code_plot.h"
#include "ui/panels/plots/plot_export.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>
#include <utility>

namespace qbn::desktop {

namespace {

constexpr int mostChannels = 65536; ///< of a new layer

/// Letters, digits and what else is in every file system a letter of a name.
QString fileNamePart(const std::string& name)
{
    static const QRegularExpression others(QStringLiteral("[^\\w.-]+"),
                                           QRegularExpression::UseUnicodePropertiesOption);
    QString part = QString::fromStdString(name).replace(others, QStringLiteral("_")).left(60);
    while (part.startsWith(u'.'))
        part.remove(0, 1);
    return part;
}

QString sessionFilter()
{
    return FileActions::tr("Session (*.json)");
}

/// Sessions may be written back to; a checkpoint is PyTorch's.
bool isSession(const QString& path)
{
    return path.endsWith(QStringLiteral(".json"), Qt::CaseInsensitive);
}

QString shownPath(const QString& path)
{
    return ui::shownText(QDir::toNativeSeparators(path));
}

Error notWritten(const QSaveFile& file)
{
    return {file.fileName().toStdString()
            + ": could not be written: " + file.errorString().toStdString()};
}

std::optional<Error> writeCsvFile(const Model& model, const ExportChoice& choice,
                                  const QString& path, const std::stop_token& stop)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return notWritten(file);
    const bool complete = export_csv(model, choice, [&](std::string_view text) {
        const auto size = static_cast<qint64>(text.size());
        return !stop.stop_requested() && file.write(text.data(), size) == size;
    });
    if (!complete || !file.commit())
        return notWritten(file);
    return std::nullopt;
}

} // namespace

FileActions::FileActions(ui::Document& document, Settings& settings, QWidget* window)
    : QObject(window)
    , m_document(document)
    , m_settings(settings)
    , m_window(window)
    , m_reading(document.works())
    , m_writing(document.works())
{
    connect(&m_document, &ui::Document::pathChanged, this, [this] {
        name().path = m_document.path();
        emit titleChanged();
    });
    connect(&m_document.undoStack(), &QUndoStack::indexChanged, this, &FileActions::followName);
}

FileActions::Name& FileActions::name()
{
    const int index = m_document.undoStack().index();
    return *std::find_if(m_names.rbegin(), m_names.rend() - 1,
                         [index](const Name& name) { return name.since <= index; });
}

const FileActions::Name& FileActions::name() const
{
    return const_cast<FileActions*>(this)->name();
}

void FileActions::setName(Name name)
{
    name.since = m_document.undoStack().index();
    std::erase_if(m_names, [&name](const Name& old) { return old.since >= name.since; });
    m_names.push_back(std::move(name));
    m_document.setPath(m_names.back().path);
    emit titleChanged();
}

void FileActions::followName()
{
    m_document.setPath(name().path);
    emit titleChanged();
}

QString FileActions::title() const
{
    const QString path = m_document.path().isEmpty() ? name().source : m_document.path();
    if (path.isEmpty() && !name().untitled.isEmpty())
        return name().untitled;
    return path.isEmpty() ? tr("Example: the forum thread's layer")
                          : ui::shownText(QFileInfo(path).fileName());
}

bool FileActions::mayDiscard()
{
    m_document.commitPending();
    if (!m_document.isModified())
        return true;
    const auto box
        = ui::plainBox(QMessageBox::Question, tr("Unsaved changes"),
                       tr("Save the changes to \"%1\"?").arg(title()),
                       QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, m_window);
    box->setObjectName(QStringLiteral("unsavedChangesBox"));
    box->setInformativeText(tr("What is not saved is lost."));
    box->setDefaultButton(QMessageBox::Save);
    switch (box->exec()) {
    case QMessageBox::Save:
        return save();
    case QMessageBox::Discard:
        return true;
    default:
        return false;
    }
}

bool FileActions::mayStopWriting()
{
    if (!isWriting())
        return true;
    const auto box = ui::plainBox(QMessageBox::Question, tr("Export"),
                                  tr("The export is still being written. Stop it?"),
                                  QMessageBox::Discard | QMessageBox::Cancel, m_window);
    box->setObjectName(QStringLiteral("stillWritingBox"));
    box->setInformativeText(tr("No file is left of what is stopped."));
    box->setDefaultButton(QMessageBox::Cancel);
    return box->exec() == QMessageBox::Discard;
}

void FileActions::openWithDialog()
{
    const QString path
        = QFileDialog::getOpenFileName(m_window, tr("Open"), m_settings.lastFolder(),
                                       tr("Layers (*.json *.pt *.pt2 *.pth *.bin *.ckpt *.onnx "
                                          "*.tflite *.safetensors *.npz);;What was "
                                          "printed (*.txt *.log *.md);;"
                                          "All files (*)"));
    if (!path.isEmpty())
        open(path);
}

void FileActions::open(const QString& path)
{
    if (!mayDiscard())
        return;
    m_reading.start(
        tr("Opening %1").arg(shownPath(path)),
        [path](const std::stop_token& stop) { return open_model(path, stop); },
        [this, path, before = m_document.experiment().model](Result<Model> model) {
            // What was changed while the file was read is not lost unasked.
            m_document.commitPending();
            if (!(m_document.experiment().model == before) && !mayDiscard())
                return;
            if (model)
                show(std::move(*model), path);
            else if (!openText(path)) {
                m_settings.removeRecentFile(QFileInfo(path).absoluteFilePath());
                ui::showProblem(ui::shownText(model.error().message), m_window);
            }
        });
}

void FileActions::show(Model model, const QString& path)
{
    // Keeps the chosen backend where the file names none.
    Experiment experiment = m_document.experiment();
    replace_model(experiment, std::move(model));
    choose_backend(experiment, std::exchange(experiment.model.backend, {}));
    const Selection selection = first_selection(experiment.model);
    const auto view = std::exchange(experiment.model.view, {});
    const QString source = QFileInfo(path).absoluteFilePath();
    m_names = {{.source = source, .path = isSession(path) ? source : QString()}};
    m_settings.addRecentFile(path);
    m_settings.setLastFolder(QFileInfo(path).absolutePath());
    m_document.open(std::move(experiment), name().path, selection);
    if (view)
        m_document.setUnknowns(view->unknowns);
    emit opened();
    if (const auto& notes = m_document.experiment().model.notes; notes.size() == 1)
        emit said(ui::shownText(notes.front()));
    else if (!notes.empty())
        emit said(tr("%1 (and %2 notes more in Findings)")
                      .arg(ui::shownText(notes.front()))
                      .arg(notes.size() - 1));
}

bool FileActions::openText(const QString& path)
{
    constexpr qint64 largest = 8LL << 20;
    const auto bytes = read_file(path);
    if (!bytes || bytes->size() > largest || bytes->contains('\0'))
        return false;
    // A session that cannot be read is told as one.
    if (bytes->trimmed().startsWith('{'))
        return false;
    if (!apply_paste({bytes->constData(), static_cast<std::size_t>(bytes->size())}).found)
        return false;
    emit textOpened(QString::fromUtf8(*bytes), path);
    return true;
}

void FileActions::takeTextsName(const QString& path)
{
    m_names = {{.source = QFileInfo(path).absoluteFilePath()}};
    m_settings.addRecentFile(path);
    m_settings.setLastFolder(QFileInfo(path).absolutePath());
    // The paste is a step to undo, of the example or what was open.
    m_document.open(m_document.experiment(), {}, m_document.selection().current());
    emit titleChanged();
}

void FileActions::takePastesName()
{
    setName({.untitled = tr("Pasted text")});
}

void FileActions::openExample()
{
    if (!mayDiscard())
        return;
    m_reading.cancel(); // what is opened last stays
    Experiment experiment = example_experiment();
    experiment.backends = m_document.experiment().backends;
    experiment.backend = m_document.experiment().backend;
    m_names = {Name{}};
    m_document.open(std::move(experiment), {}, {.code = example_input_code});
}

void FileActions::newModel()
{
    if (!mayDiscard())
        return;
    QInputDialog dialog(m_window);
    dialog.setObjectName(QStringLiteral("newLayerDialog"));
    dialog.setWindowTitle(tr("New layer"));
    dialog.setLabelText(tr("How many channels the layer has:"));
    dialog.setInputMode(QInputDialog::IntInput);
    dialog.setIntRange(1, mostChannels);
    dialog.setIntValue(m_document.layer().channels());
    if (dialog.exec() != QDialog::Accepted)
        return;
    m_reading.cancel();
    Experiment experiment = m_document.experiment();
    Model model;
    model.name = "new";
    model.layers.push_back(
        std::make_shared<const BatchNormLayer>(identity_layer("batch_norm", dialog.intValue())));
    replace_model(experiment, std::move(model));
    m_names = {{.untitled = tr("New layer")}};
    m_document.open(std::move(experiment), {});
}

void FileActions::reopenLast()
{
    for (const QString& path : m_settings.recentFiles()) {
        if (path != name().source && QFileInfo::exists(path)) {
            open(path);
            return;
        }
    }
    emit said(tr("No other file was open before"));
}

bool FileActions::save()
{
    return m_document.path().isEmpty() ? saveAs() : saveTo(m_document.path());
}

bool FileActions::saveAs()
{
    const QString path = askPath(tr("Save session"),
                                 m_document.path().isEmpty() ? proposedName(QStringLiteral("json"))
                                                             : m_document.path(),
                                 sessionFilter(), QStringLiteral("json"));
    return !path.isEmpty() && saveTo(path);
}

bool FileActions::saveTo(const QString& path)
{
    m_document.commitPending();
    Model model = m_document.experiment().model;
    model.backend = m_document.experiment().backend;
    if (const auto error = save_session(model, path)) {
        ui::showProblem(ui::shownText(error->message), m_window);
        return false;
    }
    const QString source = QFileInfo(path).absoluteFilePath();
    setName({.source = source, .path = source});
    m_settings.addRecentFile(path);
    m_document.setSaved(source);
    emit said(tr("Saved %1").arg(shownPath(path)));
    return true;
}

void FileActions::writeCsv(const QString& path, ExportChoice choice)
{
    m_document.commitPending();
    choice.backend = m_document.evaluation().chosen;
    m_writing.start(
        tr("Writing %1").arg(shownPath(path)),
        [model = m_document.experiment().model, choice, path](const std::stop_token& stop) {
            return writeCsvFile(model, choice, path, stop);
        },
        [this, path](const std::optional<Error>& error) {
            if (error) {
                ui::showProblem(ui::shownText(error->message), m_window);
                return;
            }
            emit said(tr("Exported %1").arg(shownPath(path)));
            emit written();
        });
}

void FileActions::exportCsv(ExportChoice choice)
{
    if (isWriting()) {
        emit said(tr("The last export is still being written"));
        return;
    }
    const QString path = askPath(tr("Export CSV"), proposedName(QStringLiteral("csv")),
                                 tr("CSV table (*.csv)"), QStringLiteral("csv"));
    if (!path.isEmpty())
        writeCsv(path, choice);
}

/// "resnet-layer1.bn1".
QString FileActions::layersName(const QString& suffix) const
{
    const QString base = QFileInfo(proposedName(suffix)).completeBaseName();
    return base + u'-' + fileNamePart(m_document.layer().name);
}

QString FileActions::plotName(const ui::CodePlot& plot, const QString& suffix) const
{
    return QStringLiteral("%1-channel%2-%3.%4")
        .arg(layersName(suffix), QString::number(m_document.selection().channel()),
             plot.objectName(), suffix);
}

QString FileActions::mapName(const ui::AgreementMap& map, const QString& suffix) const
{
    return QStringLiteral("%1-%2.%3").arg(layersName(suffix), map.objectName(), suffix);
}

void FileActions::exportPlot(const ui::CodePlot& plot, bool dark, const QString& suffix)
{
    const QPalette colors = dark ? ui::darkPalette() : ui::lightPalette();
    exportPicture(plotName(plot, suffix), suffix,
                  [&](const QString& path) { return ui::exportPlot(plot, path, colors); });
}

void FileActions::exportMap(const ui::AgreementMap& map, bool dark, const QString& suffix)
{
    const QPalette colors = dark ? ui::darkPalette() : ui::lightPalette();
    exportPicture(mapName(map, suffix), suffix,
                  [&](const QString& path) { return ui::writePicture(map.picture(colors), path); });
}

void FileActions::exportPicture(
    const QString& proposed, const QString& suffix,
    const std::function<std::optional<Error>(const QString& path)>& write)
{
    const QString path = askPath(tr("Export plot"), proposed, ui::pictureFileFilter(), suffix);
    if (path.isEmpty())
        return;
    if (const auto error = write(path))
        ui::showProblem(ui::shownText(error->message), m_window);
    else
        emit said(tr("Exported %1").arg(shownPath(path)));
}

std::optional<FileActions::Histogram> FileActions::openHistogram()
{
    const QString path
        = QFileDialog::getOpenFileName(m_window, tr("Load histogram"), m_settings.lastFolder(),
                                       tr("CSV table (*.csv);;All files (*)"));
    return path.isEmpty() ? std::nullopt : readHistogram(path);
}

std::optional<FileActions::Histogram> FileActions::readHistogram(const QString& path)
{
    auto distribution = read_code_histogram(path, m_document.layer());
    if (!distribution) {
        ui::showProblem(ui::shownText(distribution.error().message), m_window);
        return std::nullopt;
    }
    m_settings.setLastFolder(QFileInfo(path).absolutePath());
    return Histogram{.distribution = std::move(*distribution), .name = QFileInfo(path).fileName()};
}

QString FileActions::askPath(const QString& caption, const QString& proposed, const QString& filter,
                             const QString& suffix)
{
    QFileDialog dialog(m_window, caption, m_settings.lastFolder(), filter);
    dialog.setAcceptMode(QFileDialog::AcceptSave);
    dialog.setDefaultSuffix(suffix);
    for (const QString& kind : dialog.nameFilters()) {
        if (kind.contains(QStringLiteral("*.") + suffix))
            dialog.selectNameFilter(kind);
    }
    dialog.selectFile(proposed);
    // A chosen filter gives its own suffix: "plot" as SVG becomes plot.svg.
    connect(&dialog, &QFileDialog::filterSelected, &dialog, [&dialog](const QString& chosen) {
        const qsizetype dot = chosen.indexOf(QStringLiteral("*."));
        if (dot >= 0)
            dialog.setDefaultSuffix(chosen.mid(dot + 2, chosen.indexOf(u')', dot) - dot - 2));
    });
    if (dialog.exec() != QDialog::Accepted)
        return {};
    QString path = dialog.selectedFiles().value(0);
    m_settings.setLastFolder(QFileInfo(path).absolutePath());
    return path;
}

QString FileActions::proposedName(const QString& suffix) const
{
    const QString base = name().source.isEmpty()
        ? (name().untitled.isEmpty() ? QStringLiteral("forum") : QStringLiteral("new"))
        : QFileInfo(name().source).completeBaseName();
    return base + u'.' + suffix;
}

} // namespace qbn::desktop

#include "moc_file_actions.cpp"
