#include "app/desktop/observation_actions.h"

#include "core/formats/observed/observation_file.h"
#include "core/formats/session/question_card.h"
#include "core/formats/session/session_json.h"
#include "ui/look/plain_text.h"
#include "ui/panels/explain/paste_preview.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace qbn::desktop {

namespace {

/// Appends those that are not there yet.
void addObservations(BatchNormLayer& layer, const std::vector<Observation>& added)
{
    std::vector<Observation>& known = layer.observations;
    for (const Observation& seen : added)
        if (std::find(known.begin(), known.end(), seen) == known.end())
            known.push_back(seen);
}

} // namespace

ObservationActions::ObservationActions(ui::Document& document, Settings& settings, QWidget* window)
    : QObject(window)
    , m_document(document)
    , m_settings(settings)
    , m_window(window)
{ }

void ObservationActions::paste()
{
    pasteText(QApplication::clipboard()->text());
}

void ObservationActions::copyQuestion()
{
    const Result<Report>* report = m_document.report();
    if (!report) {
        emit said(tr("The observations are still being explained; copy again in a moment"));
        return;
    }
    if (!*report) {
        ui::showProblem(ui::shownText(report->error().message), m_window);
        return;
    }
    const ui::SelectionModel& selection = m_document.selection();
    QApplication::clipboard()->setText(
        QString::fromStdString(question_card({.layer = &m_document.layer(),
                                              .backend = m_document.evaluation().chosen,
                                              .report = &**report,
                                              .channel = selection.channel(),
                                              .input_code = selection.code()})));
    emit said(tr("A question with all parameters is on the clipboard, as Markdown"));
}

void ObservationActions::pasteText(const QString& text)
{
    openText(text, {});
}

void ObservationActions::openText(const QString& text, const QString& path)
{
    if (const auto session = session_in(text.toUtf8())) {
        if (*session)
            pasteCard(**session);
        else
            ui::showProblem(ui::shownText(session->error().message), m_window);
        return;
    }
    m_text = text;
    m_path = path;
    m_corrections.clear();
    const Understanding read = readText(nullptr);
    if (!read.found)
        tellNothingFound(read);
    else if (m_settings.pastePreviewed())
        preview(read);
    else
        applyText(nullptr);
}

Understanding ObservationActions::readText(const BatchNormLayer* base) const
{
    return apply_paste(m_text.toStdString(), {.merge_into = base, .corrections = m_corrections});
}

void ObservationActions::addCorrection(const Correction& correction)
{
    std::erase_if(m_corrections, [&correction](const Correction& known) {
        return known.offset == correction.offset;
    });
    m_corrections.push_back(correction);
}

/// Nothing is changed before the dialog is answered.
void ObservationActions::preview(const Understanding& read)
{
    auto* dialog = new ui::PastePreview(QString::fromStdString(m_document.layer().name), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show(m_text, read);
    connect(dialog, &ui::PastePreview::corrected, this, [this, dialog](const Correction& said) {
        addCorrection(said);
        dialog->show(m_text, readText(nullptr));
    });
    connect(dialog, &QDialog::accepted, this, [this] { applyText(nullptr); });
    connect(dialog, &ui::PastePreview::mergeRequested, this, [this] {
        const BatchNormLayer base = m_document.layer();
        applyText(&base);
    });
    connect(dialog, &QDialog::finished, this, [this, dialog] {
        m_settings.setPastePreviewed(dialog->isWantedAgain());
        emit previewed();
    });
    dialog->open();
}

void ObservationActions::correct(const Correction& correction)
{
    addCorrection(correction);
    takeBack();
    applyText(nullptr);
}

void ObservationActions::mergeText()
{
    takeBack();
    const BatchNormLayer base = m_document.layer();
    applyText(&base);
}

/// The paste that was made last, if nothing was done since.
void ObservationActions::takeBack()
{
    if (m_pasteIndex > 0 && m_document.undoStack().index() == m_pasteIndex)
        m_document.undo();
    m_pasteIndex = 0;
}

void ObservationActions::tellNothingFound(const Understanding& read)
{
    ui::showProblem(m_text.trimmed().isEmpty()
                        ? tr("The clipboard holds no text. Copy what PyTorch printed first.")
                        : !read.understood.empty() && read.missing.empty()
                        ? ui::shownText(read.understood.front())
                        : tr("Nothing in the text belongs to a batch norm. Copy what "
                             "PyTorch printed of the layer, its input or its output."),
                    m_window);
}

void ObservationActions::applyText(const BatchNormLayer* base)
{
    const Understanding read = readText(base);
    if (!read.found)
        return tellNothingFound(read);
    const QString path = std::exchange(m_path, {});
    if (base == nullptr && !path.isEmpty())
        emit textAccepted(path);
    if (base != nullptr)
        fillIn(read);
    else
        replaceModel(read.model);
    if (base == nullptr && path.isEmpty())
        emit replaced();
    m_pasteIndex = m_document.undoStack().index();
    emit pasted(m_text, read);
}

void ObservationActions::pasteCard(const QByteArray& session)
{
    auto model = read_session(session, tr("the question card in the clipboard"));
    if (!model) {
        ui::showProblem(ui::shownText(model.error().message), m_window);
        return;
    }
    replaceModel(std::move(*model));
    emit replaced();
    emit loaded();
}

void ObservationActions::replaceModel(Model model)
{
    const Selection selection = first_selection(model);
    const auto view = std::exchange(model.view, {});
    const std::string backend = std::exchange(model.backend, {});
    m_document.edit(tr("Paste from PyTorch"), std::nullopt, [&](Experiment& experiment) {
        replace_model(experiment, model);
        choose_backend(experiment, backend);
    });
    m_document.selection().setLayer(selection.layer);
    if (view || !m_document.layer().observations.empty())
        m_document.selection().set(selection);
    m_document.setUnknowns(view ? view->unknowns : std::nullopt);
}

void ObservationActions::fillIn(const Understanding& understanding)
{
    const std::vector<Observation>& seen = understanding.observations.front();
    m_document.editLayer(tr("Paste from PyTorch"), std::nullopt, [&](BatchNormLayer& layer) {
        std::vector<Observation> known = std::move(layer.observations);
        layer = *understanding.model.layers.front();
        layer.observations = std::move(known);
        addObservations(layer, seen);
    });
    if (!seen.empty())
        goTo(seen.front());
}

void ObservationActions::goTo(const Observation& observation)
{
    Selection selection = m_document.selection().current();
    selection.channel = observation.channel;
    selection.code = observation.input_code;
    m_document.selection().set(selection);
}

void ObservationActions::loadWithDialog()
{
    const QStringList paths = QFileDialog::getOpenFileNames(
        m_window, tr("Load observations: a CSV file, or two arrays, the layer's input first"),
        m_settings.lastFolder(), tr("Observations (*.csv *.npy);;All files (*)"));
    if (!paths.isEmpty())
        load(paths);
}

bool ObservationActions::load(const QStringList& paths)
{
    const bool areArrays = paths.front().endsWith(QStringLiteral(".npy"), Qt::CaseInsensitive);
    if (paths.size() != (areArrays ? 2 : 1)) {
        ui::showProblem(
            tr("One CSV file is loaded at a time, or two .npy arrays: the layer's input and "
               "its output."),
            m_window);
        return false;
    }
    m_settings.setLastFolder(QFileInfo(paths.front()).absolutePath());
    const auto read = areArrays ? read_observations(paths[0], paths[1], m_document.layer())
                                : read_observations(paths[0], m_document.layer());
    if (!read) {
        ui::showProblem(ui::shownText(read.error().message), m_window);
        return false;
    }
    m_document.editLayer(tr("Load observations"), std::nullopt, [&read](BatchNormLayer& layer) {
        layer.observations = read->observations;
    });
    if (!read->observations.empty())
        goTo(read->observations.front());
    emit loaded();
    emit said(tr("%1 of %2 different observations loaded")
                  .arg(read->observations.size())
                  .arg(read->different));
    return true;
}

} // namespace qbn::desktop

#include "moc_observation_actions.cpp"
