#pragma once

#include <QWidget>

#include <map>
#include <string>

class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QToolButton;

namespace qbn::ui {

class Document;
class FormulaHighlighter;
class MathematicsView;

/// The formula of the chosen backend. A copy of it is the user's own backend: each keystroke that leaves it right is computed at
/// once, one that does not is told where it is wrong and changes nothing. The visit of the editor is one undo step. Instead of the text it
/// shows the formula as mathematics, with the numbers of the selected code.
class FormulaPanel : public QWidget
{
    Q_OBJECT

public:
    explicit FormulaPanel(Document& document, QWidget* parent = nullptr);

    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void showMathematics();
    void setText(const QString& text, bool editable);
    void keepDraft();
    void takeDraft();
    void makeCopy();
    void commit();
    void say(const QString& sentence, bool isProblem);
    void mark(const QString& error);

    Document& m_document;
    QLabel* m_title;
    QToolButton* m_asMathematics;
    QToolButton* m_copy;
    QStackedWidget* m_pages;
    QPlainTextEdit* m_editor;
    MathematicsView* m_mathematics;
    QLabel* m_message;
    FormulaHighlighter* m_highlighter;
    std::string m_id; ///< of the shown backend
    std::string m_text; ///< as the document has it

    /// What was typed in place of a text that is right, and is not.
    struct Draft
    {
        std::string of;
        QString typed;
    };
    std::map<std::string, Draft> m_drafts; ///< by the backend
};

} // namespace qbn::ui
