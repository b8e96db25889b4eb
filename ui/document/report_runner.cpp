#include "ui/document/report_runner.h"

#include <QtConcurrent/QtConcurrentRun>

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
{
    connect(&m_task, &QFutureWatcher<MadePointer>::finished, this, &ReportRunner::onReady);
}

// A task in flight owns all that it reads and is dropped with its future.
ReportRunner::~ReportRunner()
{
    m_task.disconnect(this);
}

const Result<Report>* ReportRunner::report(const Subject& subject)
{
    if (m_made && m_made->subject == subject)
        return &m_made->report;
    m_wanted = subject;
    if (isLong(*subject.layer)) {
        start();
        return nullptr;
    }
    m_made = make(subject);
    return &m_made->report;
}

ReportRunner::MadePointer ReportRunner::make(const Subject& subject)
{
    return std::make_shared<const Made>(
        Made{subject, make_report(*subject.layer, *subject.chosen, subject.unknowns)});
}

void ReportRunner::start()
{
    // One at a time: onReady() starts the next if this one has been overtaken.
    if (!m_task.isRunning())
        m_task.setFuture(QtConcurrent::run([subject = m_wanted] { return make(subject); }));
}

void ReportRunner::onReady()
{
    const MadePointer made = m_task.result();
    if (!(made->subject == m_wanted)) {
        if (isLong(*m_wanted.layer))
            start();
        return;
    }
    m_made = made;
    emit ready();
}

} // namespace qbn::ui
