#include "ui/panels/pipeline/card_fields.h"

#include "ui/document/document.h"
#include "ui/draw/origin_dot.h"
#include "ui/edit/field_binding.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/edit/value_slider.h"
#include "ui/field/parameter_field.h"
#include "ui/look/help_page.h"
#include "ui/look/plain_text.h"
#include "ui/look/theme.h"
#include "ui/panels/pipeline/parameter_fields.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QStyle>
#include <QStyleOptionComboBox>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace qbn::ui {
namespace {

void nameControl(QWidget* control, const QString& objectName, const QString& name, Field field)
{
    control->setObjectName(objectName);
    control->setAccessibleName(name);
    control->setToolTip(fieldHelp(field));
    setHelpPage(*control, helpPageOf(field));
}

/// As value_of has a type.
double numberOf(CodeType type)
{
    BatchNormLayer layer;
    layer.input.type = type;
    return value_of(layer, Field::input_type, 0);
}

} // namespace

CardFields::CardFields(Document& document, const std::vector<Field>& fields, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins({});
    m_grid->setHorizontalSpacing(4);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(1, 1);
    constexpr int below = 99; // what room there is too much
    m_grid->setRowStretch(below, 1);
    for (const Field field : fields)
        addField(field);
    connect(&document, &Document::commitRequested, this, [this] {
        for (FieldBinding* binding : m_bindings)
            binding->commit();
    });
    connect(&document, &Document::changed, this, [this] { refresh(); });
    connect(&document.selection(), &SelectionModel::changed, this, [this] { refresh(); });
    CardFields::refresh();
    setNarrowest();
}

// A field that loses the focus while all goes would still commit.
CardFields::~CardFields()
{
    qDeleteAll(m_bindings);
}

void CardFields::setSlidersShown(bool shown)
{
    for (QWidget* slider : m_sliders)
        slider->setVisible(shown);
}

void CardFields::addRow(const QString& label, const QString& toolTip, QWidget* editor, QWidget* dot)
{
    const int row = m_rows++;
    if (qobject_cast<QLineEdit*>(editor) || qobject_cast<QAbstractSpinBox*>(editor))
        m_numbers.push_back(editor);
    if (!label.isEmpty()) {
        QLabel* name = plainLabel(label, this);
        name->setObjectName(editor->objectName() + u"Label"_s);
        name->setBuddy(editor);
        name->setToolTip(toolTip);
        m_grid->addWidget(name, row, 0);
    }
    m_grid->addWidget(editor, row, label.isEmpty() ? 0 : 1, 1, label.isEmpty() ? 2 : 1);
    if (dot)
        m_grid->addWidget(dot, row, 2);
}

/// Room for what says how large a number is, and for the whole name of a type.
void CardFields::setNarrowest()
{
    const QFontMetrics digits(monospaceFont(font()));
    constexpr int frame = 18; // with the cursor, or half of the buttons
    for (QWidget* editor : m_numbers) {
        const bool isWhole = qobject_cast<IntEdit*>(editor);
        editor->setMinimumWidth(digits.horizontalAdvance(isWhole ? u"-128"_s : u"-9…e-06"_s)
                                + (isWhole ? 2 : 1) * frame);
    }
    for (auto* box : findChildren<QComboBox*>()) {
        QStyleOptionComboBox option;
        option.initFrom(box);
        const QSize text(fontMetrics().horizontalAdvance(QStringLiteral("quint8")) + 4,
                         fontMetrics().height());
        box->setMinimumWidth(
            style()->sizeFromContents(QStyle::CT_ComboBox, &option, text, box).width());
    }
}

void CardFields::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        setNarrowest();
    QWidget::changeEvent(event);
}

void CardFields::addField(Field field)
{
    const QString label = fieldLabel(field);
    switch (field) {
    case Field::input_type:
    case Field::output_type:
        addType(field, label);
        break;
    case Field::input_zero_point:
    case Field::output_zero_point:
        addZeroPoint(field, label);
        break;
    case Field::relu:
        addRelu();
        break;
    default:
        addFloat(field, label);
    }
}

QWidget* CardFields::addDot(Field field)
{
    auto* dot = new OriginDot(this);
    dot->setObjectName(editorName(field) + u"Origin"_s);
    dot->setAccessibleName(tr("origin of %1").arg(spokenName(field)));
    m_dots.emplace_back(dot, field);
    return dot;
}

int CardFields::channelOf(Field field) const
{
    return is_per_channel(field) ? m_document.selection().channel() : -1;
}

void CardFields::addType(Field field, const QString& label)
{
    auto* box = new QComboBox(this);
    nameControl(box, editorName(field), spokenName(field), field);
    for (const CodeType type : offeredTypes()) {
        box->addItem(QString::fromStdString(name_of(type)), numberOf(type));
        box->setItemData(box->count() - 1, tr("codes %1 to %2").arg(type.qmin()).arg(type.qmax()),
                         Qt::ToolTipRole);
    }
    auto* binding = new FieldBinding(ParameterField::access(m_document, field), this);
    binding->bind(box);
    m_bindings.push_back(binding);
    (new ParameterField(m_document, field, this))->attach(box);
    addRow(label, fieldHelp(field), box, addDot(field));
}

void CardFields::addSlider(Field field, FieldBinding* binding, ParameterField* parameter)
{
    auto* slider = new ValueSlider(this);
    nameControl(slider, editorName(field) + u"Slider"_s, tr("%1 slider").arg(spokenName(field)),
                field);
    binding->bind(slider);
    parameter->attach(slider);
    m_grid->addWidget(slider, m_rows++, 0, 1, 2);
    if (field != Field::gamma && field != Field::beta)
        m_sliders.push_back(slider);
}

void CardFields::addFloat(Field field, const QString& label)
{
    auto* edit = new FloatEdit(this);
    nameControl(edit, editorName(field), spokenName(field), field);
    edit->setZeroStep(zeroStepOf(field));
    edit->setFloat32Hint(true);
    auto* binding = new FieldBinding(ParameterField::access(m_document, field), this);
    binding->bind(edit);
    m_bindings.push_back(binding);
    auto* parameter = new ParameterField(m_document, field, this);
    parameter->attach(edit);
    addRow(label, fieldHelp(field), edit, addDot(field));
    addSlider(field, binding, parameter);
}

void CardFields::addZeroPoint(Field field, const QString& label)
{
    auto* edit = new IntEdit(this);
    nameControl(edit, editorName(field), spokenName(field), field);
    edit->setRange(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    auto* binding = new FieldBinding(ParameterField::access(m_document, field), this);
    binding->bind(edit);
    m_bindings.push_back(binding);
    auto* parameter = new ParameterField(m_document, field, this);
    parameter->attach(edit);
    addRow(label, fieldHelp(field), edit, addDot(field));
    addSlider(field, binding, parameter);
}

void CardFields::addRelu()
{
    auto* box = new QCheckBox(fieldLabel(Field::relu), this);
    nameControl(box, editorName(Field::relu), spokenName(Field::relu), Field::relu);
    auto* binding = new FieldBinding(ParameterField::access(m_document, Field::relu), this);
    binding->bind(box);
    m_bindings.push_back(binding);
    (new ParameterField(m_document, Field::relu, this))->attach(box);
    addRow({}, {}, box, addDot(Field::relu));
}

void CardFields::refresh()
{
    for (const auto& [dot, field] : m_dots)
        dot->setProvenance(m_document.layer().provenance.of(field, channelOf(field)));
    for (FieldBinding* binding : m_bindings)
        binding->refresh();
}

} // namespace qbn::ui

#include "moc_card_fields.cpp"
