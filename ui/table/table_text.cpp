#include "ui/table/table_text.h"

#include "core/text/csv.h"

namespace qbn::ui {

QString tabSeparated(const QAbstractItemModel& model, const QList<int>& rows, CopiedHeader header)
{
    Table table;
    for (int column = 0; column < model.columnCount(); ++column)
        table.columns.push_back(model.headerData(column, Qt::Horizontal).toString().toStdString());
    for (const int row : rows) {
        std::vector<Cell>& cells = table.rows.emplace_back();
        for (int column = 0; column < model.columnCount(); ++column)
            cells.emplace_back(model.index(row, column).data().toString().toStdString());
    }
    const QString text = QString::fromStdString(to_tsv(table));
    return header == CopiedHeader::First ? text : text.mid(text.indexOf(u'\n') + 1);
}

} // namespace qbn::ui
