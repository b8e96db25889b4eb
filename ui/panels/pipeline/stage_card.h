#pragma once

#include "ui/draw/badge_row.h"
#include "ui/draw/number_line_model.h"
#include "ui/panels/pipeline/card.h"

#include <vector>

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
    QString formula; ///< of resources/formulas; may be empty
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

    FormulaView* formulaView() const { return m_formula; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

private:
    void describe();

    StageCardContent m_content;
    QLabel* m_title;
    HelpButton* m_help;
    FormulaView* m_formula;
    FitText* m_substituted;
    FitText* m_result;
    BadgeRow* m_badges;
    NumberLine* m_line;
};

} // namespace qbn::ui
