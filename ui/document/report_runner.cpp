#include "ui/document/report_runner.h"

#include "ui/document/task.h"

#include <utility>

namespace qbn::ui {

namespace {

// Recipes are tried on every observation, those with another channel's parameters on every channel.
constexpr std::size_t observationsAtOnce = 2000;
constexpr int channelsAtOnce = 64;

bool isLong(const BatchNormLayer& layer)
{
    return !layer.observations.empty()
        && (layer.observations.size() > observationsAtOnce || layer.channels() > channelsAtOnce);
}

} // namespace

ReportRunner::ReportRunner(QObject* parent)
    : QObject(parent)
    , m_task(std::make_unique<Task<MadePointer>>([this] { onReady(); }))
{ }

ReportRunner::~ReportRunner() = default;

const Result<Report>* ReportRunner::report(const Subject& subject)
{
    if (m_made && m_made->subject == subject)
        return &m_made->report;
    m_wanted = subject;
    if (takeOver(subject))
        return &m_made->report;
    if (isLong(*subject.layer)) {
        start();
        return nullptr;
    }
    m_made = make(subject);
    return &m_made->report;
}

ReportRunner::MadePointer ReportRunner::make(const Subject& subject, const std::stop_token& stop)
{
    return std::make_shared<Made>(Made{subject,
                                       make_report(*subject.layer, *subject.chosen,
                                                   {.unknowns = subject.unknowns,
                                                    .region_channel = subject.channel,
                                                    .also = subject.also,
                                                    .stop = stop})});
}

bool ReportRunner::takeOver(const Subject& subject)
{
    if (!m_made || !m_made->report)
        return false;
    Subject same = m_made->subject;
    same.channel = subject.channel;
    same.unknowns = subject.unknowns;
    if (!(same == subject))
        return false;
    solve_for(*m_made->report, *subject.layer, *subject.chosen, subject.channel, subject.unknowns);
    m_made->subject = subject;
    return true;
}

void ReportRunner::start()
{
    // One at a time: onReady() starts the next if this one has been overtaken.
    if (!m_task->isRunning())
        m_task->start(
            [subject = m_wanted](const std::stop_token& stop) { return make(subject, stop); });
}

void ReportRunner::onReady()
{
    const MadePointer made = m_task->result();
    const MadePointer before = std::exchange(m_made, made);
    if (made->subject == m_wanted || takeOver(m_wanted)) {
        emit ready();
        return;
    }
    m_made = before;
    if (isLong(*m_wanted.layer))
        start();
}

} // namespace qbn::ui
