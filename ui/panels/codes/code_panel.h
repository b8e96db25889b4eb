#pragma once

#include <QWidget>

namespace qbn::ui {

class CodeModel;
class Document;
class NumberSortProxy;
class TableView;

/// All input codes of the selected channel. The current row is the current code.
class CodePanel : public QWidget
{
    Q_OBJECT

public:
    explicit CodePanel(Document& document, QWidget* parent = nullptr);
    ~CodePanel() override;

    TableView* table() const { return m_table; }

private:
    void follow();

    Document& m_document;
    CodeModel* m_model;
    NumberSortProxy* m_sorted;
    TableView* m_table;
};

} // namespace qbn::ui
