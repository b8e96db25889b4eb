#pragma once

#include "ui/draw/formula_layout.h"

#include <QWidget>

namespace qbn::ui {

/// Shows a formula, left-aligned, its axis in the middle so that neighbours stand on one line.
/// Where it does not fit it breaks into two lines or shrinks; it is never cut.
/// The accessible name is the formula as plain text unless one is set.
class FormulaView : public QWidget
{
    Q_OBJECT

public:
    explicit FormulaView(QWidget* parent = nullptr);

    const Formula& formula() const { return m_formula; }
    void setFormula(const Formula& formula);

    /// How much smaller than preferred it is painted at the present size, 0 to 1.
    qreal shownScale() const { return fitted().scale; }
    int shownLines() const { return static_cast<int>(fitted().lines.size()); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Fitted
    {
        std::vector<FormulaLayout> lines;
        qreal scale = 1;
    };

    Fitted fitted() const;
    QFont preferredFont() const;
    void relayout();

    Formula m_formula;
    FormulaLayout m_whole;
    std::vector<FormulaLayout> m_broken;
    int m_rowHeight = 0;
};

} // namespace qbn::ui
