#include "ui/table/table_text.h"

#include "core/text/csv.h"

namespace qbn::ui {

QString tabSeparated(const QAbstractItemModel& model, const QList<int>& rows)
{
    Table table;
    for (int column = 0; column < model.columnCount(); ++column)
        table.columns.push_back(model.headerData(column, Qt::Horizontal).toString().toStdString());
    for (const int row : rows) {
        std::vector<Cell>& cells = table.rows.emplace_back();
        for (int column = 0; column < model.columnCount(); ++column)
            cells.emplace_back(model.index(row, column).data().toString().toStdString());
    }
    return QString::fromStdString(to_tsv(table));
}

} // namespace qbn::ui
