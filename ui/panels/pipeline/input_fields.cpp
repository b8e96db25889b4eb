#include "ui/panels/pipeline/input_fields.h"

#include "core/layer/quantization.h"
#include "ui/document/document.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/look/glossary.h"
#include "ui/look/number_text.h"
#include "ui/look/plain_text.h"
#include "ui/look/text_kind.h"
#include "ui/look/theme.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace qbn::ui {

InputFields::InputFields(Document& document, QWidget* parent)
    : CardFields(document, {}, parent)
    , m_code(new IntEdit(this))
    , m_value(new FloatEdit(this))
{
    m_code->setObjectName(u"inputCode"_s);
    m_code->setAccessibleName(tr("Input code"));
    m_code->setToolTip(tr("The input code; also as 0x26 or 0b100110. Up and Down step it."));
    m_value->setObjectName(u"inputValue"_s);
    m_value->setAccessibleName(tr("Real value of the input code"));
    m_value->setToolTip(
        plainToolTip(tr("A real value, as printed by a framework: the nearest code is taken. "
                        "Up and Down step to the next code.")));
    addRow(tr("code"), definitionOf(u"input code"_s), m_code);
    addRow(tr("value"), definitionOf(u"dequantize"_s), m_value);
    addField(Field::input_type);
    setNarrowest();
    setTextKind(*m_code, ValueKind::Code);

    connect(&document, &Document::commitRequested, m_code, &IntEdit::commit);
    connect(&document, &Document::commitRequested, m_value, &FloatEdit::commit);
    connect(m_code, &IntEdit::valueEdited, this,
            [this](int code) { this->document().selection().setCode(code); });
    connect(m_value, &FloatEdit::gestureStarted, this, [this] { m_stepping = true; });
    connect(m_value, &FloatEdit::gestureFinished, this, [this] { m_stepping = false; });
    connect(m_value, &FloatEdit::valueEdited, this, &InputFields::onValueEdited);
    m_value->setRefusal([this](double value) { return refusalOf(value); });
    InputFields::refresh();
}

InputFields::~InputFields()
{
    m_code->disconnect(this);
    m_value->disconnect(this);
}

void InputFields::refresh()
{
    CardFields::refresh();
    const CodeType type = document().layer().input.type;
    m_code->setRange(type.qmin(), type.qmax());
    m_code->setValue(document().selection().code());
    showValue();
}

void InputFields::showValue()
{
    const auto value = static_cast<double>(document().evaluation().row().dequantized);
    // The digits that frameworks print: all of those of a binary32 as a double say nothing more.
    bool plain = false;
    const double printed = shortNumber(value).toDouble(&plain);
    m_value->setValue(plain ? printed : value);
}

/// Empty where a code stands for it.
QString InputFields::refusalOf(double value) const
{
    const QuantizationParameters& input = document().layer().input;
    const auto code = quantize_unclamped(input, value);
    if (code && input.type.contains(*code))
        return {};
    return tr("%1 is beyond what the codes stand for, %2 to %3")
        .arg(shortNumber(value), shortNumber(dequantize(input, input.type.qmin())),
             shortNumber(dequantize(input, input.type.qmax())));
}

void InputFields::onValueEdited(double value)
{
    const QuantizationParameters& input = document().layer().input;
    SelectionModel& selection = document().selection();
    const std::int32_t before = selection.code();
    std::int32_t code = quantize(input, value).value_or(before);
    // A step in the value's digits may be too small to reach another code.
    if (const auto shown = static_cast<double>(document().evaluation().row().dequantized);
        m_stepping && code == before)
        code += value > shown ? 1 : -1;
    selection.setCode(std::clamp(code, input.type.qmin(), input.type.qmax()));
    showValue();
}

} // namespace qbn::ui

#include "moc_input_fields.cpp"
