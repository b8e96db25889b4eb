#pragma once

#include <QAbstractItemModel>
#include <QList>
#include <QString>

namespace qbn::ui {

enum class CopiedHeader : unsigned char
{
    None,
    First,
};

/// These rows of a model, in this order, below its headers if wanted: tabs between cells, a line
/// feed after each line. Spreadsheets take it as cells.
QString tabSeparated(const QAbstractItemModel& model, const QList<int>& rows, CopiedHeader header);

} // namespace qbn::ui
