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

/// Why the current code becomes what it does: how far the exact value lies from where the code
/// changes, why and where backends part, and what each gives. A click on a backend looks at it
/// beside the chosen one and changes nothing. A menu chooses which are compared, and how many
/// fraction bits fixed point has. A long text scrolls; no text asks for more room.
class WhyPanel : public QWidget
{
    Q_OBJECT

public:
    explicit WhyPanel(Document& document, QWidget* parent = nullptr);
    ~WhyPanel() override;

    TableView* table() const { return m_table; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void place();
    int titleHeight() const;
    void refresh();
    void showSentence();
    void look(int row);
    void fillCompareMenu();
    void fillFractionMenu(QMenu& menu);

    Document& m_document;
    BackendModel* m_model;
    QLabel* m_title;
    QToolButton* m_compare;
    TableView* m_table;
    SentenceView* m_sentence;
    int m_head = 0; ///< the greatest height that the sentence has taken at this width and place
    Selection m_shown;
};

} // namespace qbn::ui
