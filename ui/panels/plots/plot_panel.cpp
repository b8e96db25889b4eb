#include "ui/panels/plots/plot_panel.h"

#include "ui/panels/plots/error_plot.h"
#include "ui/panels/plots/transfer_plot.h"

#include <QVBoxLayout>
#include <qcustomplot.h>

namespace qbn::ui {

PlotPanel::PlotPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_transfer(new TransferPlot(document, this))
    , m_error(new ErrorPlot(document, this))
{
    setObjectName(QStringLiteral("plotPanel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_transfer, 5);
    column->addWidget(m_error, 3);
    setMinimumWidth(220);
    for (const auto& [from, to] : {std::pair{m_transfer, m_error}, std::pair{m_error, m_transfer}})
        connect(from->canvas().xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), to,
                [to = to](const QCPRange& codes) { to->canvas().xAxis->setRange(codes); });
}

void PlotPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const int line = fontMetrics().height();
    const bool both = height() >= 13 * line;
    m_error->setMinimumHeight(9 * line / 2);
    m_error->setVisible(both);
    m_transfer->setCodesLabelled(!both);
}

} // namespace qbn::ui

#include "moc_plot_panel.cpp"
