#pragma once

#include <QWidget>

class QLabel;
class QMenu;
class QToolButton;

namespace qbn::ui {

class BackendModel;
class Document;
class SentenceView;
class TableView;

/// What each backend gives for the current code. The current row is the chosen backend; a sentence
/// below says where the compared ones part from it. A menu chooses which are compared, and how many
/// fraction bits fixed point has.
class BackendPanel : public QWidget
{
    Q_OBJECT

public:
    explicit BackendPanel(Document& document, QWidget* parent = nullptr);
    ~BackendPanel() override;

    TableView* table() const { return m_table; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void place();
    QSize roomAround(const QSize& table) const;
    int titleHeight() const;
    void refresh();
    void showSentence();
    void choose(int row);
    QString sentence() const;
    void fillCompareMenu();
    void fillFractionMenu(QMenu& menu);

    Document& m_document;
    BackendModel* m_model;
    QLabel* m_title;
    QToolButton* m_compare;
    TableView* m_table;
    SentenceView* m_sentence;
    int m_foot = 0; ///< the greatest height that the sentence has taken at this width
};

} // namespace qbn::ui
