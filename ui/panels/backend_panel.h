#pragma once

#include <QWidget>

class QLabel;

namespace qbn::ui {

class BackendModel;
class Document;
class TableView;

/// What each backend gives for the current code. The current row is the chosen backend; a sentence
/// below says where the others part from it.
class BackendPanel : public QWidget
{
    Q_OBJECT

public:
    explicit BackendPanel(Document& document, QWidget* parent = nullptr);
    ~BackendPanel() override;

    TableView* table() const { return m_table; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void showSentence();
    void choose(int row);
    QString sentence() const;

    Document& m_document;
    BackendModel* m_model;
    QLabel* m_title;
    TableView* m_table;
    QLabel* m_sentence;
};

} // namespace qbn::ui
