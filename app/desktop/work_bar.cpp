#include "app/desktop/work_bar.h"

#include "ui/look/plain_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include <chrono>

namespace qbn::desktop {

namespace {

constexpr std::chrono::milliseconds patience(200);
constexpr int barWidth = 120;

} // namespace

WorkBar::WorkBar(ui::WorkList& works, QWidget* parent)
    : QWidget(parent)
    , m_works(works)
    , m_what(ui::plainLabel(this))
    , m_bar(new QProgressBar(this))
    , m_cancel(new QToolButton(this))
{
    setObjectName(QStringLiteral("workBar"));
    m_what->setObjectName(QStringLiteral("workName"));
    m_bar->setObjectName(QStringLiteral("workProgress"));
    m_bar->setAccessibleName(tr("How far the work is"));
    m_bar->setFixedWidth(barWidth);
    m_cancel->setObjectName(QStringLiteral("cancelWork"));
    m_cancel->setText(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel the work"));
    m_cancel->setToolTip(tr("End it; what is known already stays"));
    m_cancel->setAutoRaise(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    for (QWidget* widget : std::initializer_list<QWidget*>{m_what, m_bar, m_cancel})
        row->addWidget(widget);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_isLong = true;
        refresh();
    });
    connect(m_cancel, &QToolButton::clicked, this, [this] {
        if (!m_works.works().empty())
            m_works.cancel(m_works.works().front().id);
    });
    connect(&works, &ui::WorkList::changed, this, &WorkBar::refresh);
    refresh();
}

void WorkBar::refresh()
{
    const auto& works = m_works.works();
    if (works.empty()) {
        m_patience.stop();
        m_isLong = false;
    } else if (!m_isLong && !m_patience.isActive()) {
        m_patience.start();
    }
    if (m_isLong) {
        const ui::WorkList::Work& work = works.front();
        m_what->setText(work.what);
        m_bar->setRange(0, work.total); // of 0 it moves without an end
        m_bar->setValue(work.done);
    }
    setVisible(m_isLong);
}

} // namespace qbn::desktop

#include "moc_work_bar.cpp"
