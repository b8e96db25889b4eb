#pragma once

#include "ui/panels/pipeline/card_fields.h"

namespace qbn::ui {

class FloatEdit;
class IntEdit;

/// The fields of the first card: chooses the input code by a spin box ("inputCode") or by the real
/// value it stands for ("inputValue": the nearest code is taken), above the type. The first two go
/// to the document's selection.
class InputFields : public CardFields
{
    Q_OBJECT

public:
    explicit InputFields(Document& document, QWidget* parent = nullptr);
    ~InputFields() override;

protected:
    void refresh() override;

private:
    QString refusalOf(double value) const;
    void onValueEdited(double value);
    void showValue();

    IntEdit* m_code;
    FloatEdit* m_value;
    bool m_stepping = false; ///< the value is being stepped, not typed
};

} // namespace qbn::ui
