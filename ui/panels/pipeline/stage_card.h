#pragma once

#include "ui/draw/badge_row.h"
#include "ui/draw/formula.h"
#include "ui/draw/number_line_model.h"
#include "ui/panels/pipeline/card.h"

#include <vector>

class QBoxLayout;
class QLabel;

namespace qbn::ui {

class FitText;
class FormulaView;
class HelpButton;
class NumberLine;

/// All that a StageCard shows; a value.
struct StageCardContent
{
    QString title; ///< "Normalize"
    Formula formula;
    QString substituted; ///< the formula with its numbers; may hold line breaks
    QString result; ///< with all digits
    ValueKind kind = ValueKind::Real; ///< colour of the result
    std::vector<Badge> badges;
    NumberLineModel line;
    QString help; ///< what the stage does, a sentence or two
    QString tooltip; ///< all digits, bits; empty: title, formula with numbers and result
};

/// One stage of the pipeline, from its formula to its result. Useful from 130 px of width on.
/// Cards side by side have their parts at the same heights, whatever is in them.
class StageCard : public Card
{
    Q_OBJECT

public:
    explicit StageCard(QWidget* parent = nullptr);

    const StageCardContent& content() const { return m_content; }

    /// Repaints the parts that differ. The accessible name is "title: result", with the badges.
    void setContent(const StageCardContent& content);

    /// Puts an editor into the row of the formula: at the right of it, or over the whole row where
    /// the formula is empty. The card owns it; nullptr removes it.
    void setEditor(QWidget* editor);
    QWidget* editor() const { return m_editor; }

    /// For setInteractive and its signals. Its model comes from setContent.
    NumberLine* numberLine() const { return m_line; }
    FormulaView* formulaView() const { return m_formula; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

private:
    void describe();

    StageCardContent m_content;
    QLabel* m_title;
    HelpButton* m_help;
    QBoxLayout* m_formulaRow;
    FormulaView* m_formula;
    FitText* m_substituted;
    FitText* m_result;
    BadgeRow* m_badges;
    NumberLine* m_line;
    QWidget* m_editor = nullptr;
};

} // namespace qbn::ui
