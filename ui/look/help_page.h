#pragma once

#include <QString>

class QWidget;

namespace qbn::ui {

/// Says which help page explains the widget and all that is in it.
void setHelpPage(QWidget& widget, const QString& page);

/// The page of the widget or of the nearest one around it; empty if none has a page.
QString helpPageOf(const QWidget* widget);

} // namespace qbn::ui
