#pragma once

#include <QAbstractItemModel>
#include <QList>
#include <QString>

namespace qbn::ui {

/// These rows of a model, in this order, under its headers: tabs between cells, a line feed after
/// each line. Spreadsheets take it as cells.
QString tabSeparated(const QAbstractItemModel& model, const QList<int>& rows);

} // namespace qbn::ui
