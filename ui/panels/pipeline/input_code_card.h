#pragma once

#include "ui/panels/pipeline/card.h"
#include "ui/panels/pipeline/stage_card.h"

#include <cstdint>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace qbn::ui {

class Document;
class FitText;
class FloatEdit;
class FormulaView;
class HelpButton;
class IntEdit;
class NumberLine;

/// The first card of the pipeline: chooses the input code by a spin box ("inputCode"), by the real
/// value it stands for ("inputValue": the nearest code is taken), or by dragging the dot on its
/// line ("inputCodeLine"). All of it goes to the document's selection.
class InputCodeCard : public Card
{
    Q_OBJECT

public:
    explicit InputCodeCard(Document& document, QWidget* parent = nullptr);

    /// Title, bits and line; the editors show the document's selection.
    void setContent(const StageCardContent& content);

    QSize sizeHint() const override;

protected:
    void changeEvent(QEvent* event) override;

private:
    void buildEditors();
    QHBoxLayout* titleRow();
    QHBoxLayout* codeRow();
    QVBoxLayout* valueRows();
    void colorCode();
    QString refusalOf(double value) const;
    void onValueEdited(double value);
    void showValue();

    Document& m_document;
    FormulaView* m_formula;
    IntEdit* m_code;
    FitText* m_bits;
    QLabel* m_valueLabel;
    FloatEdit* m_value;
    NumberLine* m_line;
    HelpButton* m_help;
    bool m_stepping = false; ///< the value is being stepped, not typed
};

} // namespace qbn::ui
