#pragma once

#include "ui/panels/fold/fold_model.h"

#include <QDialog>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace qbn::ui {

class TableView;

/// Folds the selected layer into the convolution before it: scales and biases of the convolution
/// are typed or pasted, those of the folded one are copied. Stays open beside the window and
/// follows its edits.
class FoldDialog : public QDialog
{
    Q_OBJECT

public:
    explicit FoldDialog(Document& document, QWidget* parent = nullptr);
    ~FoldDialog() override;

    TableView* table() const { return m_table; }

    /// Numbers from the clipboard go down from the current row; a single one goes to all rows that
    /// are selected.
    void paste(FoldModel::Column column);

signals:
    void helpRequested(const QString& page);

private:
    void buildTable();
    QHBoxLayout* buildButtons();
    QPushButton* addButton(const QString& name, const QString& text, const QString& tip);
    void pasteIntoCurrentColumn();
    void copy(bool asCsv);
    void showLayer();

    Document& m_document;
    FoldModel* m_model;
    QLabel* m_layer;
    TableView* m_table;
    QLabel* m_message;
};

} // namespace qbn::ui
