#pragma once

#include <QStringList>
#include <QTableView>

namespace qbn::ui {

class TableDelegate;
class TableHeader;

/// A calm table: whole rows, thin lines, no vertical header. Columns of numbers are as wide as
/// their sample at least, columns of texts if there is room, and all share what is left over; they
/// are measured when font or width change, never when data does. Ctrl+C copies the selected rows
/// in full digits; the context menu copies them with the header, all of them, or a picture.
class TableView : public QTableView
{
    Q_OBJECT

public:
    explicit TableView(QWidget* parent = nullptr);

    /// The longest text that each column should show in full.
    void setSamples(const QStringList& samples);

    /// A column of texts that is as wide as its sample at least, too.
    void setWholeColumn(int column);

    /// Room left and right of every text, in pixels; 5 unless set.
    void setPadding(int padding);

    /// Makes the row the current one, if it is not, and brings it into view.
    void setCurrentRow(int row);

    /// Writes what is being typed in a cell, as Enter does, and closes its editor.
    void commit();

    void copySelected() const;
    void copyWithHeader() const;
    void copyAll() const; ///< with the header
    void copyImage();

    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// The user has moved to another row, by mouse, key or otherwise; also emitted after
    /// setCurrentRow().
    void currentRowChanged(int row);

protected:
    void commitData(QWidget* editor) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void measure();
    void distribute();
    void addCopyActions();
    QList<int> selectedRows() const;

    TableDelegate* m_delegate;
    TableHeader* m_header;
    QStringList m_samples;
    int m_wholeColumn = -1;
    QList<int> m_widths; ///< what a column needs: a number its sample, a text its name
    QList<int> m_wishes; ///< room for the sample
    QFont m_measuredFont;
    bool m_distributing = false;
    bool m_committing = false;
    bool m_sizedByUser = false;
};

} // namespace qbn::ui
