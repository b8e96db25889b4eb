#include "ui/document/summary_runner.h"

#include "ui/document/task.h"
#include "ui/document/work_list.h"

#include <utility>

namespace qbn::ui {

namespace {

/// Where more channels than that have changed they are summarized in a task.
constexpr int channelsAtOnce = 256;

} // namespace

SummaryRunner::SummaryRunner(WorkList& works, QObject* parent)
    : QObject(parent)
    , m_works(works)
    , m_task(std::make_unique<Task<SummaryPointer>>(
          [this] { onReady(); },
          [this](int done) { m_works.progress(m_work, done, m_wanted.layer->channels()); }))
{
    m_start.setSingleShot(true);
    connect(&m_start, &QTimer::timeout, this, &SummaryRunner::start);
}

SummaryRunner::~SummaryRunner() = default;

bool SummaryRunner::isWanted(const LayerSummary& summary) const
{
    return summary.is_complete()
        && m_wanted == Subject{summary.layer, summary.chosen, summary.compared};
}

SummaryRunner::SummaryPointer SummaryRunner::summary(const Evaluation& evaluation)
{
    Subject wanted{evaluation.layer, evaluation.chosen, evaluation.compared()};
    if (!(wanted == m_wanted))
        m_task->stop();
    m_wanted = std::move(wanted);
    SummaryPointer made = m_last;
    if (!made || !isWanted(*made))
        made = summarize(m_wanted.layer, *m_wanted.chosen, m_wanted.compared,
                         {.previous = m_last.get(),
                          .known = {.channel = evaluation.selection.channel,
                                    .summary = evaluation.channel_summary},
                          .most = channelsAtOnce});
    if (made) {
        m_last = made;
        endWork();
    } else if (!isCancelled(m_wanted.layer)) {
        request();
    }
    return made;
}

void SummaryRunner::request()
{
    m_cancelled.reset();
    if (m_work == 0)
        m_work = m_works.begin(tr("Comparing the backends"), [this] { cancel(); });
    if (!m_task->isRunning()) // else onReady() goes on
        m_start.start(0);
}

void SummaryRunner::start()
{
    m_task->start(m_wanted.layer->channels(),
                  [wanted = m_wanted, previous = m_last](const std::stop_token& stop,
                                                         const TaskProgress& progress) {
                      SummaryRun run;
                      run.previous = previous.get();
                      run.stop = stop;
                      run.progress = progress;
                      return summarize(wanted.layer, *wanted.chosen, wanted.compared, run);
                  });
}

void SummaryRunner::onReady()
{
    if (m_work == 0)
        return; // made at once, or cancelled
    m_last = m_task->result();
    if (isWanted(*m_last)) {
        endWork();
        emit ready();
    } else {
        m_start.start(0);
    }
}

void SummaryRunner::cancel()
{
    m_cancelled = m_wanted.layer;
    m_task->stop();
    endWork();
    emit ready();
}

void SummaryRunner::endWork()
{
    m_start.stop();
    m_works.end(std::exchange(m_work, 0));
}

} // namespace qbn::ui

#include "moc_summary_runner.cpp"
