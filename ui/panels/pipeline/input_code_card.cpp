#include "ui/panels/pipeline/input_code_card.h"

#include "core/layer/quantization.h"
#include "ui/document/document.h"
#include "ui/draw/fit_text.h"
#include "ui/draw/formula_view.h"
#include "ui/draw/number_line.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/look/help_button.h"
#include "ui/look/number_text.h"
#include "ui/look/plain_text.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

InputCodeCard::InputCodeCard(Document& document, QWidget* parent)
    : Card(parent)
    , m_document(document)
    , m_formula(new FormulaView)
    , m_code(new IntEdit)
    , m_bits(new FitText(0.90, 1.35))
    , m_valueLabel(plainLabel(tr("real value")))
    , m_value(new FloatEdit)
    , m_line(new NumberLine)
    , m_help(new HelpButton)
{
    buildEditors();
    // The same rows as in a StageCard, so that the line stands level with its neighbours.
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(11, 7, 11, 4);
    column->setSpacing(0);
    column->addLayout(titleRow());
    column->addSpacing(2);
    column->addLayout(codeRow());
    column->addSpacing(3);
    column->addWidget(m_bits);
    column->addStretch(1);
    column->addLayout(valueRows());
    column->addStretch(1);
    column->addWidget(m_line);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setTabOrder(m_code, m_value);
    setTabOrder(m_value, m_line);
    setTabOrder(m_line, m_help);
    colorCode();

    connect(m_help, &QToolButton::clicked, this, &Card::helpRequested);
    connect(&document, &Document::commitRequested, m_code, &IntEdit::commit);
    connect(&document, &Document::commitRequested, m_value, &FloatEdit::commit);
    connect(m_code, &IntEdit::valueEdited, this,
            [this](int code) { m_document.selection().setCode(code); });
    connect(m_line, &NumberLine::valueDragged, this, [this](double code) {
        m_document.selection().setCode(static_cast<std::int32_t>(std::lround(code)));
    });
    connect(m_value, &FloatEdit::gestureStarted, this, [this] { m_stepping = true; });
    connect(m_value, &FloatEdit::gestureFinished, this, [this] { m_stepping = false; });
    connect(m_value, &FloatEdit::valueEdited, this, &InputCodeCard::onValueEdited);
    m_value->setRefusal([this](double value) { return refusalOf(value); });
}

void InputCodeCard::buildEditors()
{
    m_formula->setObjectName(u"inputCodeFormula"_s);
    m_code->setObjectName(u"inputCode"_s);
    m_code->setAccessibleName(tr("Input code"));
    m_code->setToolTip(tr("The input code; also as 0x26 or 0b100110. Up and Down step it."));
    QFont large = m_code->font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    large.setWeight(QFont::Medium);
    m_code->setFont(large);
    m_code->setMinimumWidth(72);
    m_bits->setObjectName(u"inputCodeBits"_s);
    m_value->setObjectName(u"inputValue"_s);
    m_value->setAccessibleName(tr("Real value of the input code"));
    m_value->setToolTip(tr("A real value, as printed by a framework: the nearest code is taken. "
                           "Up and Down step to the next code."));
    m_value->setMinimumWidth(104);
    m_line->setObjectName(u"inputCodeLine"_s);
    m_line->setAccessibleName(tr("Input code on the line of all codes"));
    m_line->setToolTip(tr("Drag the dot to another input code; arrow keys step it."));
    m_line->setInteractive(true);
}

QHBoxLayout* InputCodeCard::titleRow()
{
    auto* title = plainLabel(tr("Input code"));
    title->setObjectName(u"title"_s);
    QFont strong;
    strong.setWeight(QFont::DemiBold);
    title->setFont(strong);
    m_help->setSubject(title->text());
    auto* row = new QHBoxLayout;
    row->addWidget(title, 1);
    row->addWidget(m_help);
    return row;
}

QHBoxLayout* InputCodeCard::codeRow()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_formula);
    row->addWidget(m_code, 1, Qt::AlignVCenter);
    return row;
}

QVBoxLayout* InputCodeCard::valueRows()
{
    auto* rows = new QVBoxLayout;
    rows->setSpacing(1);
    m_valueLabel->setObjectName(u"inputValueLabel"_s);
    m_valueLabel->setToolTip(m_value->toolTip());
    m_valueLabel->setBuddy(m_value);
    rows->addWidget(m_valueLabel);
    rows->addWidget(m_value);
    return rows;
}

void InputCodeCard::setContent(const StageCardContent& content)
{
    const CodeType type = m_document.layer().input.type;
    m_formula->setFormula(content.formula);
    m_code->setRange(type.qmin(), type.qmax());
    m_code->setValue(m_document.selection().code());
    m_bits->setText(QString(content.substituted).replace(u'\n', u' '));
    showValue();
    m_line->setModel(content.line);
    setAccessibleName(content.title + u": "_s + content.result);
    setToolTip(plainToolTip(content.tooltip));
    setWhatsThis(plainToolTip(content.help));
}

void InputCodeCard::showValue()
{
    const auto value = static_cast<double>(m_document.evaluation().row().dequantized);
    // The digits that frameworks print: all of those of a binary32 as a double say nothing more.
    bool plain = false;
    const double printed = shortNumber(value).toDouble(&plain);
    m_value->setValue(plain ? printed : value);
}

/// Empty where a code stands for it.
QString InputCodeCard::refusalOf(double value) const
{
    const QuantizationParameters& input = m_document.layer().input;
    const auto code = quantize_unclamped(input, value);
    if (code && input.type.contains(*code))
        return {};
    return tr("%1 is beyond what the codes stand for, %2 to %3")
        .arg(shortNumber(value), shortNumber(dequantize(input, input.type.qmin())),
             shortNumber(dequantize(input, input.type.qmax())));
}

void InputCodeCard::onValueEdited(double value)
{
    const QuantizationParameters& input = m_document.layer().input;
    SelectionModel& selection = m_document.selection();
    const std::int32_t before = selection.code();
    std::int32_t code = quantize(input, value).value_or(before);
    // A step in the value's digits may be too small to reach another code.
    if (const auto shown = static_cast<double>(m_document.evaluation().row().dequantized);
        m_stepping && code == before)
        code += value > shown ? 1 : -1;
    selection.setCode(std::clamp(code, input.type.qmin(), input.type.qmax()));
    showValue();
}

QSize InputCodeCard::sizeHint() const
{
    return {std::max(190, minimumSizeHint().width()), Card::sizeHint().height()};
}

void InputCodeCard::colorCode()
{
    QPalette colored = palette();
    colored.setColor(QPalette::Text, colorsFor(palette()).code);
    if (m_code->palette().color(QPalette::Text) != colored.color(QPalette::Text))
        m_code->setPalette(colored);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colorsFor(palette()).muted);
    if (m_valueLabel->palette().color(QPalette::WindowText) != quiet.color(QPalette::WindowText))
        m_valueLabel->setPalette(quiet);
}

void InputCodeCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        colorCode();
    Card::changeEvent(event);
}

} // namespace qbn::ui
