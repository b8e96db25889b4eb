#pragma once

#include <QWidget>

namespace qbn::ui {

class ChannelModel;
class Document;
class NumberSortProxy;
class TableView;

/// The channels of the selected layer. The current row is the current channel; mean, var, gamma and
/// beta are edited in place.
class ChannelPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ChannelPanel(Document& document, QWidget* parent = nullptr);
    ~ChannelPanel() override;

    TableView* table() const { return m_table; }

private:
    void pasteColumn();
    void measure();
    void follow();

    Document& m_document;
    ChannelModel* m_model;
    NumberSortProxy* m_sorted;
    TableView* m_table;
};

} // namespace qbn::ui
