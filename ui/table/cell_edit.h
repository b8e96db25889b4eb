#pragma once

#include "ui/edit/field_message.h"

#include <QLineEdit>

namespace qbn::ui {

/// The editor of a number in a table. A text that is none is marked, and refused as fields refuse it.
class CellEdit : public QLineEdit
{
    Q_OBJECT

public:
    explicit CellEdit(QWidget* parent);

    /// The text of the cell, which Escape brings back.
    void setCellText(const QString& text);

    const QString& problem() const { return m_problem; }
    /// Says at the cell why its text cannot be taken, if it cannot.
    void tellProblem() { m_message.show(m_problem); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void onTextChanged(const QString& text);

    QString m_before;
    QString m_problem;
    FieldMessage m_message;
};

} // namespace qbn::ui
