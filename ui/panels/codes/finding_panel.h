#pragma once

#include <QWidget>

class QLabel;
class QListView;

namespace qbn::ui {

class Document;
class FindingModel;

/// What is wrong or unusual in the selected layer. A click or Enter goes to the channel of a
/// finding.
class FindingPanel : public QWidget
{
    Q_OBJECT

public:
    explicit FindingPanel(Document& document, QWidget* parent = nullptr);
    ~FindingPanel() override;

    QListView* list() const { return m_list; }

private:
    void refresh();
    void goTo(int row);

    Document& m_document;
    FindingModel* m_model;
    QListView* m_list;
    QLabel* m_nothing;
};

} // namespace qbn::ui
