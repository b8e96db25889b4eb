#pragma once

#include "core/formula/program.h"
#include "ui/draw/mathematics_picture.h"

#include <QAbstractScrollArea>

#include <memory>
#include <vector>

namespace qbn::ui {

/// The statements of a formula as mathematics, one below the other, each with the number that it gives for the selected code.
/// Ctrl+C and the context menu copy them as LaTeX.
class MathematicsView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit MathematicsView(QWidget* parent = nullptr);

    /// May be null: nothing is shown.
    void setFormula(std::shared_ptr<const formula::Program> program);
    /// One a statement, empty where there is none.
    void setNumbers(const QStringList& numbers);

    QStringList numbers() const { return m_numbers; }
    void copy() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void layOut();
    void updateScrollBars();

    std::shared_ptr<const formula::Program> m_program;
    QStringList m_numbers;
    std::vector<MathematicsPicture> m_pictures; ///< of the statements
    std::vector<qreal> m_baseLines; ///< from the top
    QSizeF m_size;
};

} // namespace qbn::ui
