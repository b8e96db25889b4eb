#pragma once

#include <QObject>

#include <functional>

class QWidget;

namespace qbn::ui {

/// False behind the tab of another dock too: there QMainWindow moves a panel out of the window, and
/// QWidget::isVisible() does not tell.
bool canBeSeen(const QWidget& widget);

/// Keeps a widget up to date while it can be seen, and spares it every change while it cannot: then
/// it is brought up to date once, before it is painted again.
class SeenRefresh : public QObject
{
    Q_OBJECT

public:
    /// A child of the widget. It is out of date at first.
    SeenRefresh(QWidget* widget, std::function<void()> refresh);

    /// Something that it shows has changed.
    void request();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* m_widget;
    std::function<void()> m_refresh;
    bool m_stale = true;
};

} // namespace qbn::ui
