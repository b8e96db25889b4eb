#pragma once

#include <QtCore/qnamespace.h>

namespace qbn::ui {

/// What the models here offer beyond Qt's roles.
enum TableRole : int
{
    SortRole = Qt::UserRole, ///< the raw number (or text) of the cell
};

} // namespace qbn::ui
