#pragma once

#include "ui/look/table_style.h"
#include "ui/table/table_roles.h"

#include <QAbstractTableModel>

#include <functional>
#include <vector>

namespace qbn::ui {

/// One column of a TableModel, as data. A function that is left out takes what stands beside it.
struct TableColumn
{
    enum class Kind : unsigned char
    {
        Number, ///< right, in the face of numbers
        Text, ///< left
    };
    template <typename T> using Of = std::function<T(int row)>;

    Kind kind = Kind::Number;
    QString title = {};
    QString toolTip = {}; ///< of the header; what the glossary says of the term goes below
    QString term = {}; ///< left out: the title
    Of<QVariant> value
        = {}; ///< what the column sorts by; of Qt's types int, float, double, QString
    Of<QString> text = {}; ///< what a cell shows and copies; left out: the value's exact text
    Of<QVariant> color = {}; ///< left out, or where invalid: the view's
    Of<QString> cellToolTip = {}; ///< plain text; left out: none
    /// Takes what was typed in a cell; false if it cannot. Left out: cells are not edited.
    std::function<bool(int row, const QString& typed)> edit = {};
};

/// A table whose columns are data. A model says what its columns are and when its rows change.
class TableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

protected:
    using QAbstractTableModel::QAbstractTableModel;

    /// Once, in the constructor. There are no rows yet.
    void setColumns(std::vector<TableColumn> columns) { m_columns = std::move(columns); }
    TableColumn& column(int at) { return m_columns[static_cast<std::size_t>(at)]; }

    /// Calls `take`, after which there are `rows` rows. Views keep their place where there were as
    /// many before; all columns from `first` on have changed then.
    void change(int rows, const std::function<void()>& take, int first = 0);
    void emitChanged(int firstColumn, int lastColumn);

    /// Of the roles that no column tells: backgrounds, signs and the like.
    virtual QVariant otherData(int row, int column, int role) const;

    const Colors& colors() const { return m_style.colors(); }
    const TableStyle& style() const { return m_style; }

private:
    QString textAt(const TableColumn& column, int row) const;
    static QVariant headerToolTip(const TableColumn& column);
    QVariant alignment(const TableColumn& column) const;

    TableStyle m_style;
    std::vector<TableColumn> m_columns;
    int m_rows = 0;
};

} // namespace qbn::ui
