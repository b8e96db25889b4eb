#include "ui/table/cell_edit.h"

#include "ui/edit/number_problem.h"

namespace qbn::ui {

CellEdit::CellEdit(QWidget* parent)
    : QLineEdit(parent)
    , m_message(this)
{
    setFrame(false);
    setAlignment(Qt::AlignRight);
    connect(this, &QLineEdit::textEdited, this, &CellEdit::onTextChanged);
}

void CellEdit::setCellText(const QString& text)
{
    m_before = text;
    setText(text);
    onTextChanged(text);
}

void CellEdit::onTextChanged(const QString& text)
{
    m_problem = numberProblem(text, m_before);
    m_message.show({}); // what is half typed is marked only
    setProperty("problem", !m_problem.isEmpty());
    setAccessibleDescription(m_problem);
    update();
}

void CellEdit::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    if (!m_problem.isEmpty() && isModified())
        paintProblemFrame(*this);
}

} // namespace qbn::ui

#include "moc_cell_edit.cpp"
