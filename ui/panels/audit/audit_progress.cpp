#include "ui/panels/audit/audit_progress.h"

#include "ui/panels/audit/audit_runner.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>

#include <chrono>

namespace qbn::ui {

namespace {

constexpr std::chrono::milliseconds patience(200);
constexpr int barWidth = 120;

QPushButton* button(const QString& name, const QString& text, const QString& tip, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAccessibleName(tip);
    button->setToolTip(tip);
    return button;
}

} // namespace

AuditProgress::AuditProgress(AuditRunner& runner, QWidget* parent)
    : QWidget(parent)
    , m_runner(runner)
    , m_bar(new QProgressBar(this))
    , m_cancel(button(QStringLiteral("cancelAudit"), tr("Cancel"), tr("Cancel the audit"), this))
    , m_again(
          button(QStringLiteral("auditAgain"), tr("Audit"), tr("Audit the layer after all"), this))
{
    m_bar->setObjectName(QStringLiteral("auditProgress"));
    m_bar->setAccessibleName(tr("Channels audited"));
    m_bar->setFixedWidth(barWidth);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    for (QWidget* widget : {static_cast<QWidget*>(m_bar), static_cast<QWidget*>(m_cancel),
                            static_cast<QWidget*>(m_again)})
        row->addWidget(widget);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_isLong = true;
        refresh();
    });
    connect(m_cancel, &QPushButton::clicked, &runner, &AuditRunner::cancel);
    connect(m_again, &QPushButton::clicked, &runner, &AuditRunner::audit);
    connect(&runner, &AuditRunner::changed, this, &AuditProgress::refresh);
    connect(&runner, &AuditRunner::progressed, this, &AuditProgress::showProgress);
    refresh();
}

void AuditProgress::refresh()
{
    if (!m_runner.isRunning()) {
        m_patience.stop();
        m_isLong = false;
        m_bar->setRange(0, 0); // how far is not known yet
    } else if (!m_isLong && !m_patience.isActive()) {
        m_patience.start();
    }
    m_bar->setVisible(m_isLong);
    m_cancel->setVisible(m_isLong);
    m_again->setVisible(m_runner.isCancelled());
    setVisible(m_isLong || m_runner.isCancelled());
}

void AuditProgress::showProgress(int done, int channels)
{
    m_bar->setRange(0, channels);
    m_bar->setValue(done);
}

} // namespace qbn::ui

#include "moc_audit_progress.cpp"
