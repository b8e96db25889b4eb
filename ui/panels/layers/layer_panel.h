#pragma once

#include <QWidget>

class QLineEdit;
class QPushButton;

namespace qbn::ui {

class Document;
class LayerModel;
class NumberSortProxy;
class TableView;

/// The layers of the model with what backends make of them, sorted and filtered; a click goes to a
/// layer.
class LayerPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LayerPanel(Document& document, QWidget* parent = nullptr);
    ~LayerPanel() override;

private:
    void refresh();
    void follow();

    Document& m_document;
    LayerModel* m_model;
    NumberSortProxy* m_sorted;
    QLineEdit* m_filter;
    QPushButton* m_again; ///< after the search was cancelled
    TableView* m_table;
    bool m_isFollowing = false;
};

} // namespace qbn::ui
