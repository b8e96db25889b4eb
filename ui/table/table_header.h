#pragma once

#include <QHeaderView>

namespace qbn::ui {

/// Muted column names over a thin line. The name of the sorted column stands out and has a small
/// arrow above it.
class TableHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit TableHeader(QWidget* parent = nullptr);

    /// Room left and right of a name, as of the cells below.
    void setPadding(int padding) { m_padding = padding; }

    /// The width that a column's name needs.
    int widthFor(const QString& name) const;

protected:
    /// Nothing: it does not show what is selected, and would be painted with every step.
    void selectionChanged(const QItemSelection& /*selected*/,
                          const QItemSelection& /*deselected*/) override
    { }
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;

private:
    int m_padding = 5;
};

} // namespace qbn::ui
