#include "ui/panels/parameters/parameter_panel.h"

#include "ui/document/document.h"
#include "ui/edit/field_binding.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/edit/value_slider.h"
#include "ui/field/parameter_field.h"
#include "ui/look/help_page.h"
#include "ui/look/plain_text.h"
#include "ui/look/provenance_text.h"
#include "ui/look/table_style.h"
#include "ui/panels/parameters/parameter_fields.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>
#include <limits>

namespace qbn::ui {

namespace {

/// Scrolls the panel instead of changing the type, unless it has the focus.
class TypeBox : public QComboBox
{
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent* event) override
    {
        if (hasFocus())
            QComboBox::wheelEvent(event);
        else
            event->ignore();
    }
};

constexpr int sliderHeight = 18;

void nameControl(QWidget* control, const QString& objectName, const QString& name, Field field)
{
    control->setObjectName(objectName);
    control->setAccessibleName(name);
    control->setToolTip(fieldHelp(field));
    setHelpPage(*control, helpPageOf(field));
}

QGridLayout* addGrid(QVBoxLayout* form)
{
    auto* grid = new QGridLayout;
    grid->setContentsMargins({});
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(1);
    grid->setColumnStretch(1, 1);
    form->addLayout(grid);
    return grid;
}

} // namespace

ParameterPanel::ParameterPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_form(new QWidget)
{
    setObjectName(QStringLiteral("parameterPanel"));
    setAccessibleName(tr("Parameters"));
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("parameterScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_form->setBackgroundRole(QPalette::Base);
    m_form->setAutoFillBackground(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(scroll);

    auto* form = new QVBoxLayout(m_form);
    form->setContentsMargins(10, 6, 10, 8);
    form->setSpacing(2);
    buildForm(form);
    form->addStretch(1);
    scroll->setWidget(m_form);

    connect(&document, &Document::commitRequested, this, [this] {
        for (FieldBinding* binding : m_bindings)
            binding->commit();
    });
    connect(&document, &Document::changed, this, &ParameterPanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
    refresh();
}

// A field that loses the focus while all goes would still commit.
ParameterPanel::~ParameterPanel()
{
    qDeleteAll(m_bindings);
}

QSize ParameterPanel::sizeHint() const
{
    return {280, m_form->sizeHint().height()};
}

void ParameterPanel::buildForm(QVBoxLayout* form)
{
    addTitle(form, QStringLiteral("inputTitle"), tr("Input"));
    QGridLayout* input = addGrid(form);
    addType(input, Field::input_type, tr("t&ype"));
    addFloat(input, Field::input_scale, tr("&scale"));
    addZeroPoint(input, Field::input_zero_point, tr("&zero point"));

    m_channelTitle = addTitle(form, QStringLiteral("channelTitle"), {});
    QGridLayout* channel = addGrid(form);
    addFloat(channel, Field::mean, tr("mea&n"));
    addFloat(channel, Field::var, tr("va&r"));
    addFloat(channel, Field::eps, tr("e&ps"));
    addFloat(channel, Field::gamma, tr("ga&mma"));
    addFloat(channel, Field::beta, tr("bet&a"));

    // L, C and B are left to the layer, channel and backend of the toolbar: these two labels have
    // no letter.
    addTitle(form, QStringLiteral("outputTitle"), tr("Output"));
    QGridLayout* output = addGrid(form);
    addType(output, Field::output_type, tr("type"));
    addFloat(output, Field::output_scale, tr("scale"));
    addZeroPoint(output, Field::output_zero_point, tr("zer&o point"));
    addRelu(output);
}

QLabel* ParameterPanel::addTitle(QVBoxLayout* form, const QString& name, const QString& text)
{
    QLabel* title = plainLabel(text, m_form);
    title->setObjectName(name);
    QFont font;
    font.setWeight(QFont::DemiBold);
    title->setFont(font);
    title->setForegroundRole(QPalette::PlaceholderText);
    if (form->count() > 0)
        form->addSpacing(6);
    form->addWidget(title);
    return title;
}

QLabel* ParameterPanel::makeLabel(Field field, const QString& text, QWidget* buddy)
{
    QLabel* label = plainLabel(text, m_form);
    label->setObjectName(editorName(field) + QStringLiteral("Label"));
    label->setBuddy(buddy);
    label->setToolTip(fieldHelp(field));
    label->setMinimumWidth(label->fontMetrics().horizontalAdvance(QStringLiteral("zero point ")));
    return label;
}

QLabel* ParameterPanel::makeMark(Field field, FieldBinding* binding)
{
    QLabel* mark = plainLabel(m_form);
    mark->setObjectName(editorName(field) + QStringLiteral("Origin"));
    mark->setAccessibleName(tr("origin of %1").arg(spokenName(field)));
    mark->setForegroundRole(QPalette::PlaceholderText);
    QFont font = mark->font();
    font.setPointSizeF(font.pointSizeF() * 0.85);
    mark->setFont(font);
    binding->bind(mark, [this, field] {
        const Provenance& from = m_document.layer().provenance.of(field, channelOf(field));
        return FieldMark{.text = provenanceMark(from), .toolTip = provenanceSentence(from)};
    });
    m_bindings.push_back(binding);
    return mark;
}

int ParameterPanel::channelOf(Field field) const
{
    return is_per_channel(field) ? m_document.selection().channel() : -1;
}

FieldAccess ParameterPanel::typeAccess(Field field)
{
    const auto side = field == Field::input_type ? &BatchNormLayer::input : &BatchNormLayer::output;
    return {
        .get =
            [this, side] {
                const std::vector<CodeType> types = offeredTypes();
                const auto found
                    = std::find(types.begin(), types.end(), (m_document.layer().*side).type);
                return static_cast<double>(found - types.begin());
            },
        .set =
            [this, field, side](double index) {
                const CodeType type = offeredTypes()[static_cast<std::size_t>(index)];
                m_document.editLayer(tr("Change %1").arg(spokenName(field)), {},
                                     [=](BatchNormLayer& layer) {
                                         (layer.*side).type = type;
                                         layer.provenance.set(field, {.origin = Origin::typed});
                                     });
            },
        .beginGesture = {},
        .endGesture = {},
    };
}

void ParameterPanel::addType(QGridLayout* grid, Field field, const QString& label)
{
    auto* box = new TypeBox(m_form);
    nameControl(box, editorName(field), spokenName(field), field);
    box->setFocusPolicy(Qt::StrongFocus);
    for (const CodeType type : offeredTypes())
        box->addItem(QStringLiteral("%1  (%2 to %3)")
                         .arg(QString::fromStdString(name_of(type)))
                         .arg(type.qmin())
                         .arg(type.qmax()));
    auto* binding = new FieldBinding(typeAccess(field), this);
    binding->bind(box);
    const int row = grid->rowCount();
    grid->addWidget(makeLabel(field, label, box), row, 0);
    grid->addWidget(box, row, 1);
    grid->addWidget(makeMark(field, binding), row + 1, 0);
}

void ParameterPanel::addFloat(QGridLayout* grid, Field field, const QString& label)
{
    auto* edit = new FloatEdit(m_form);
    nameControl(edit, editorName(field), spokenName(field), field);
    edit->setZeroStep(zeroStepOf(field));
    edit->setFloat32Hint(true);
    auto* slider = new ValueSlider(m_form);
    nameControl(slider, editorName(field) + QStringLiteral("Slider"),
                tr("%1 slider").arg(spokenName(field)), field);
    slider->setFixedHeight(sliderHeight);

    auto* binding = new FieldBinding(ParameterField::access(m_document, field), this);
    binding->bind(edit);
    binding->bind(slider);
    auto* parameter = new ParameterField(m_document, field, this);
    parameter->attach(edit);
    parameter->attach(slider);
    const int row = grid->rowCount();
    grid->addWidget(makeLabel(field, label, edit), row, 0);
    grid->addWidget(edit, row, 1);
    grid->addWidget(makeMark(field, binding), row + 1, 0, Qt::AlignTop);
    grid->addWidget(slider, row + 1, 1);
}

void ParameterPanel::addZeroPoint(QGridLayout* grid, Field field, const QString& label)
{
    auto* edit = new IntEdit(m_form);
    nameControl(edit, editorName(field), spokenName(field), field);
    edit->setRange(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    auto* slider = new ValueSlider(m_form);
    nameControl(slider, editorName(field) + QStringLiteral("Slider"),
                tr("%1 slider").arg(spokenName(field)), field);
    slider->setFixedHeight(sliderHeight);

    auto* binding = new FieldBinding(ParameterField::access(m_document, field), this);
    binding->bind(edit);
    binding->bind(slider);
    auto* parameter = new ParameterField(m_document, field, this);
    parameter->attach(edit);
    parameter->attach(slider);
    const int row = grid->rowCount();
    grid->addWidget(makeLabel(field, label, edit), row, 0);
    grid->addWidget(edit, row, 1);
    grid->addWidget(makeMark(field, binding), row + 1, 0, Qt::AlignTop);
    grid->addWidget(slider, row + 1, 1);
}

void ParameterPanel::addRelu(QGridLayout* grid)
{
    auto* box = new QCheckBox(tr("f&used ReLU"), m_form);
    nameControl(box, editorName(Field::relu), spokenName(Field::relu), Field::relu);
    auto* binding = new FieldBinding(ParameterField::access(m_document, Field::relu), this);
    binding->bind(box);
    const int row = grid->rowCount();
    grid->addWidget(box, row, 1);
    grid->addWidget(makeMark(Field::relu, binding), row, 0);
}

void ParameterPanel::refresh()
{
    m_channelTitle->setText(tr("Channel %1").arg(m_document.selection().channel()));
    for (FieldBinding* binding : m_bindings)
        binding->refresh();
}

} // namespace qbn::ui
