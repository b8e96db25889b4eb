#include "app/desktop/activation_actions.h"

#include "app/desktop/activation_dialog.h"
#include "ui/look/plain_text.h"

#include <QFileInfo>

#include <utility>

namespace qbn::desktop {

namespace {

constexpr int steps
    = 1000; ///< of the progress, as a tensor may have more elements than an int holds

/// "in.npy and out.npy"
QString nameOf(const DumpRequest& request)
{
    QStringList names;
    for (const auto& file : {request.input, request.output}) {
        if (file)
            names << QFileInfo(file->path).fileName()
                    + (file->member.isEmpty() ? QString() : QLatin1Char(':') + file->member);
    }
    return names.join(ActivationActions::tr(" and "));
}

} // namespace

ActivationActions::ActivationActions(ui::Document& document, Settings& settings, QWidget* window)
    : QObject(window)
    , m_document(document)
    , m_settings(settings)
    , m_window(window)
    , m_task([this] { onReady(); },
             [this](int done) { m_document.works().progress(m_work, done, steps); })
{
    // What is read for a layer that is gone is of no use.
    connect(&document, &ui::Document::pathChanged, this, [this] {
        if (m_running.layer != m_document.evaluation().layer)
            m_task.stop();
    });
}

ActivationActions::~ActivationActions()
{
    m_document.works().end(m_work);
}

QStringList ActivationActions::arraysOf(const QStringList& paths)
{
    QStringList arrays;
    for (const QString& path : paths) {
        const auto found = arrays_in(path);
        if (found.empty())
            return {};
        for (const DumpFile& file : found)
            arrays << file.text();
    }
    return arrays;
}

void ActivationActions::loadWithDialog(const QStringList& proposed)
{
    ActivationDialog dialog(m_document.layer(), m_settings.lastFolder(), proposed, m_window);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const DumpRequest request = dialog.request();
    if (!request.input && !request.output)
        return;
    const DumpFile& file = request.input ? *request.input : *request.output;
    m_settings.setLastFolder(QFileInfo(file.path).absolutePath());
    load(request);
}

void ActivationActions::load(const DumpRequest& request)
{
    m_document.commitPending();
    m_next = Wanted{.request = request, .layer = m_document.evaluation().layer};
    if (m_task.isRunning())
        m_task.stop(); // onReady() starts the next
    else
        start();
}

void ActivationActions::start()
{
    m_running = *std::exchange(m_next, std::nullopt);
    m_isCancelled = false;
    m_work = m_document.works().begin(
        tr("Reading %1").arg(ui::shownText(nameOf(m_running.request))), [this] {
            m_isCancelled = true;
            m_task.stop();
        });
    m_task.start(
        steps, [wanted = m_running](const std::stop_token& stop, const ui::TaskProgress& progress) {
            const CountRun run{.progress =
                                   [&progress](std::uint64_t done, std::uint64_t all) {
                                       progress(static_cast<int>(done * steps / all));
                                   },
                               .stop = stop};
            return std::make_shared<const Result<CodeCounts>>(
                read_dump(wanted.request, *wanted.layer, run));
        });
}

void ActivationActions::onReady()
{
    m_document.works().end(m_work);
    const Outcome outcome = m_task.result();
    if (m_next) {
        start();
        return;
    }
    // An edit meanwhile leaves the layer that was read for; another layer or file does not.
    const BatchNormLayer& now = m_document.layer();
    const BatchNormLayer& then = *m_running.layer;
    const bool isSame = now.name == then.name && now.channels() == then.channels()
        && now.input.type == then.input.type && now.output.type == then.output.type;
    if (m_isCancelled || !isSame) {
        emit said(tr("The activations were not read to their end"));
        return;
    }
    if (!*outcome) {
        ui::showProblem(ui::shownText(outcome->error().message), m_window);
        return;
    }
    // The result stays in the task until the next one: the counts are shared, not copied.
    m_document.activations().set(std::shared_ptr<const CodeCounts>(outcome, &**outcome),
                                 nameOf(m_running.request));
    emit loaded();
    emit said(tr("%1 elements read").arg((*outcome)->layout.count));
}

} // namespace qbn::desktop

#include "moc_activation_actions.cpp"
