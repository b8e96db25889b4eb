#include "ui/document/report_runner.h"

#include "ui/document/task.h"

#include <utility>

namespace qbn::ui {

namespace {

// So many take some 3 ms. Recipes are tried on every observation, those with another channel's
// parameters on every channel.
constexpr std::size_t observationsAtOnce = 256;
constexpr int channelsExplainedAtOnce = 64;

bool isLong(const BatchNormLayer& layer)
{
    return !layer.observations.empty()
        && (layer.observations.size() > observationsAtOnce
            || layer.channels() > channelsExplainedAtOnce);
}

} // namespace

ReportRunner::ReportRunner(QObject* parent)
    : QObject(parent)
    , m_task(std::make_unique<Task<MadePointer>>([this] { onReady(); }))
{ }

ReportRunner::~ReportRunner() = default;

const Result<Report>* ReportRunner::report(const Subject& subject)
{
    m_wanted = subject;
    if (m_made && m_made->subject == subject)
        return &m_made->report;
    if (isLong(*subject.layer)) {
        start();
        return nullptr;
    }
    m_made = make(subject, m_made);
    return &m_made->report;
}

ReportRunner::MadePointer ReportRunner::make(const Subject& subject, const MadePointer& before,
                                             const std::stop_token& stop)
{
    if (before && before->report) {
        Subject same = before->subject;
        same.channel = subject.channel;
        same.unknowns = subject.unknowns;
        if (same == subject) {
            Made made{subject, before->report};
            solve_for(*made.report, *subject.layer, *subject.chosen, subject.channel,
                      subject.unknowns);
            return std::make_shared<const Made>(std::move(made));
        }
    }
    return std::make_shared<const Made>(Made{subject,
                                             make_report(*subject.layer, *subject.chosen,
                                                         {.unknowns = subject.unknowns,
                                                          .region_channel = subject.channel,
                                                          .also = subject.also,
                                                          .stop = stop})});
}

void ReportRunner::start()
{
    // One at a time: onReady() starts the next if this one has been overtaken.
    if (!m_task->isRunning())
        m_task->start([subject = m_wanted, before = m_made](const std::stop_token& stop) {
            return make(subject, before, stop);
        });
}

void ReportRunner::onReady()
{
    const bool isAnswered = m_made && m_made->subject == m_wanted;
    const MadePointer made = m_task->result();
    if (made->subject == m_wanted) {
        m_made = made;
        emit ready();
    } else if (!isAnswered && isLong(*m_wanted.layer)) {
        // Of the same observations it spares the next one most of the work.
        m_made = made;
        start();
    }
}

} // namespace qbn::ui

#include "moc_report_runner.cpp"
