#pragma once

#include "ui/document/document.h"
#include "ui/look/theme.h"
#include "ui/panels/plots/transfer_plot.h"

#include <QTest>
#include <qcustomplot.h>

#include <memory>

namespace qbn::ui {

/// A transfer plot of the example that is seen, new for each test.
class TransferPlotTest : public QObject
{
protected:
    void showPlot()
    {
        applyTheme(*qApp, Theme::Light);
        m_document = std::make_unique<Document>();
        m_plot = std::make_unique<TransferPlot>(*m_document);
        m_plot->resize(640, 400);
        m_plot->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
        settle();
    }
    void removePlot()
    {
        m_plot.reset();
        m_document.reset();
    }

    QPoint at(double code, double value) const { return m_plot->pixelOf({code, value}).toPoint(); }
    QCustomPlot* canvas() const { return &m_plot->canvas(); }
    QCPRange codes() const { return canvas()->xAxis->range(); }
    QCPRange values() const { return canvas()->yAxis->range(); }
    /// Draws what is waiting to be drawn.
    static void settle()
    {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }

    std::unique_ptr<Document> m_document;
    std::unique_ptr<TransferPlot> m_plot;
};

} // namespace qbn::ui
