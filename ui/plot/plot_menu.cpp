#include "ui/plot/plot_menu.h"

#include "ui/plot/plot_widget.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <qcustomplot.h>

namespace qbn::ui {

namespace {

class PlotMenu : public QMenu
{
public:
    PlotMenu(QWidget& plot, QWidget& canvas)
        : QMenu(&plot)
    {
        plot.installEventFilter(this);
        canvas.installEventFilter(this);
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::ContextMenu) {
            const auto* request = static_cast<QContextMenuEvent*>(event);
            if (request->reason() != QContextMenuEvent::Mouse)
                popup(request->globalPos());
            return true; // of the mouse it comes with the press, before it is known to be no drag
        }
        if (event->type() != QEvent::MouseButtonPress
            && event->type() != QEvent::MouseButtonRelease)
            return QMenu::eventFilter(watched, event);
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const QPoint place = mouse->globalPosition().toPoint();
        if (mouse->button() == Qt::RightButton && event->type() == QEvent::MouseButtonPress)
            m_pressed = place;
        else if (mouse->button() == Qt::RightButton
                 && (place - m_pressed).manhattanLength() < QApplication::startDragDistance())
            popup(place);
        return false;
    }

private:
    QPoint m_pressed;
};

} // namespace

void addPlotMenu(QWidget& plot, QWidget& canvas, const PlotMenuActions& actions)
{
    auto* menu = new PlotMenu(plot, canvas);
    menu->setObjectName(QStringLiteral("plotMenu"));
    QAction* copy = menu->addAction(PlotWidget::tr("&Copy image"));
    copy->setObjectName(QStringLiteral("copyPlotImage"));
    QObject::connect(copy, &QAction::triggered, &plot,
                     [image = actions.image] { QApplication::clipboard()->setPixmap(image()); });
    menu->addSeparator();
    for (const auto& [suffix, text] :
         {std::pair{QStringLiteral("png"), PlotWidget::tr("Save as &PNG…")},
          std::pair{QStringLiteral("svg"), PlotWidget::tr("Save as &SVG…")},
          std::pair{QStringLiteral("pdf"), PlotWidget::tr("Save as P&DF…")}}) {
        QAction* action = menu->addAction(text);
        action->setObjectName(QStringLiteral("savePlot-") + suffix);
        QObject::connect(action, &QAction::triggered, &plot,
                         [save = actions.save, ending = suffix] { save(ending); });
    }
    menu->addSeparator();
    QAction* all = menu->addAction(PlotWidget::tr("Show &all"));
    all->setObjectName(QStringLiteral("resetPlotView"));
    QObject::connect(all, &QAction::triggered, &plot, actions.showAll);
}

void addPlotMenu(PlotWidget& plot, const std::function<void(const QString& suffix)>& save)
{
    addPlotMenu(plot, plot.canvas(),
                {.image = [&plot] { return plot.canvas().grab(); },
                 .save = save,
                 .showAll = [&plot] { plot.resetView(); }});
}

} // namespace qbn::ui
