#pragma once

#include "ui/draw/badge_row.h"
#include "ui/draw/number_line_model.h"
#include "ui/panels/pipeline/card.h"

#include <vector>

class QLabel;
class QVBoxLayout;

namespace qbn::ui {

class CardFields;
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

/// How much of a card is shown, by the room that there is.
enum class Detail : quint8
{
    Small, ///< fields and result
    Medium, ///< and the formula, as it is and with its numbers
    Full ///< and the number line, and sliders of all fields
};

/// One stage of the pipeline: its formula, the fields that it uses, its result. Useful from 136 px
/// of width on, and from what its fields need. Cards side by side have their parts at the same heights, whatever is in them.
class StageCard : public Card
{
    Q_OBJECT

public:
    /// The card owns the fields.
    explicit StageCard(CardFields* fields = nullptr, QWidget* parent = nullptr);

    CardFields* fields() const { return m_fields; }
    void setDetail(Detail detail);

    const StageCardContent& content() const { return m_content; }

    /// Repaints the parts that differ. The accessible name is "title: result", with the badges.
    void setContent(const StageCardContent& content);

    FormulaView* formulaView() const { return m_formula; }
    NumberLine* numberLine() const { return m_line; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void fieldWanted(Field field); ///< its badge was clicked; the field may be another card's

private:
    void layOut();
    void describe();

    StageCardContent m_content;
    CardFields* m_fields;
    QLabel* m_title;
    HelpButton* m_help;
    FormulaView* m_formula;
    FitText* m_substituted;
    FitText* m_result;
    BadgeRow* m_badges;
    NumberLine* m_line;
};

} // namespace qbn::ui
