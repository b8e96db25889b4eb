#include "ui/field/parameter_field.h"

#include "core/layer/same_bits.h"
#include "core/text/text_number.h"
#include "ui/document/document.h"
#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/edit/value_slider.h"
#include "ui/field/field_range.h"
#include "ui/field/value_list.h"
#include "ui/look/plain_text.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHelpEvent>
#include <QStringList>
#include <QToolTip>

namespace qbn::ui {

namespace {

QString unitOf(Field field)
{
    switch (field) {
    case Field::input_scale:
    case Field::output_scale:
        return ParameterField::tr("real value per code");
    case Field::input_zero_point:
    case Field::output_zero_point:
        return ParameterField::tr("code");
    case Field::var:
    case Field::eps:
        return ParameterField::tr("real value squared");
    case Field::mean:
    case Field::beta:
        return ParameterField::tr("real value");
    case Field::gamma:
        return ParameterField::tr("factor");
    case Field::input_type:
    case Field::output_type:
    case Field::relu:
        break;
    }
    return {};
}

} // namespace

ParameterField::ParameterField(Document& document, Field field, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_field(field)
{ }

int ParameterField::channel() const
{
    return is_per_channel(m_field) ? m_document.selection().channel() : -1;
}

FieldAccess ParameterField::access(Document& document, Field field)
{
    const auto channel = [&document, field] {
        return is_per_channel(field) ? document.selection().channel() : -1;
    };
    return {.get = [=, &document] { return value_of(document.layer(), field, channel()); },
            .set = [=, &document](double value) { document.setValue(field, channel(), value); },
            .beginGesture = [&document] { document.beginGesture(); },
            .endGesture = [&document] { document.endGesture(); }};
}

void ParameterField::attach(FloatEdit* edit)
{
    edit->setTakesLists(true);
    connect(edit, &FloatEdit::listEntered, this, [this, edit](const QString& text) {
        setFromList(m_document, m_field, text, edit->window());
    });
    addReset(edit);
    name(edit, false);
}

void ParameterField::attach(IntEdit* edit)
{
    addReset(edit);
    name(edit, false);
}

void ParameterField::attach(ValueSlider* slider)
{
    slider->setNumber(value_of(m_document.layer(), m_field, channel()));
    slider->setRangeSource(
        [this](double value) { return fieldRange(m_document.layer(), m_field, value); });
    addReset(slider);
    name(slider, true);
    // Whoever else shows the number may be told of it later.
    const auto takeNewRange = [this, slider] {
        slider->setNumber(value_of(m_document.layer(), m_field, channel()));
        slider->resetRange();
    };
    connect(&m_document, &Document::pathChanged, slider, takeNewRange);
    connect(&m_document, &Document::changed, slider,
            [this, slider, takeNewRange, model = m_document.experiment().original]() mutable {
                if (model == m_document.experiment().original) {
                    slider->followRangeSource();
                    return;
                }
                model = m_document.experiment().original; // pasted, or come back by undo
                takeNewRange();
            });
    connect(&m_document.selection(), &SelectionModel::changed, slider,
            [takeNewRange](bool codeOnly) {
                if (!codeOnly)
                    takeNewRange();
            });
}

void ParameterField::attach(QComboBox* box)
{
    addReset(box);
    name(box, false);
}

void ParameterField::attach(QCheckBox* box)
{
    addReset(box);
    name(box, false);
}

void ParameterField::addReset(QWidget* editor)
{
    // A field of text has a menu of its own, which takes the action in.
    if (!qobject_cast<FloatEdit*>(editor) && !qobject_cast<IntEdit*>(editor))
        editor->setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* action = new QAction(tr("&Reset"), editor);
    action->setObjectName(QStringLiteral("resetValue"));
    action->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_R));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, &ParameterField::reset);
    editor->addAction(action);
    editor->installEventFilter(this);
}

void ParameterField::reset()
{
    m_document.resetValue(m_field, channel());
}

void ParameterField::name(QWidget* editor, bool isSlider)
{
    const auto say = [this, editor, isSlider] {
        QString what = spokenName(m_field);
        if (is_per_channel(m_field))
            what = tr("%1 of channel %2").arg(what).arg(channel());
        if (isSlider)
            what = tr("%1 slider").arg(what);
        const QString unit = unitOf(m_field);
        editor->setAccessibleName(unit.isEmpty() ? what : tr("%1, %2").arg(what, unit));
    };
    say();
    if (is_per_channel(m_field))
        connect(&m_document.selection(), &SelectionModel::changed, editor, [say](bool codeOnly) {
            if (!codeOnly)
                say();
        });
}

/// As its editor shows it.
QString ParameterField::textOf(double value) const
{
    if (m_field == Field::relu)
        return value != 0 ? tr("on") : tr("off");
    if (m_field == Field::input_type || m_field == Field::output_type) {
        BatchNormLayer layer;
        set_value(layer, m_field, 0, value);
        return QString::fromStdString(
            name_of(m_field == Field::input_type ? layer.input.type : layer.output.type));
    }
    return QString::fromStdString(format_number(value));
}

QString ParameterField::hint() const
{
    QStringList lines;
    const double now = value_of(m_document.layer(), m_field, channel());
    if (const auto original = m_document.originalValue(m_field, channel()))
        lines << (same_bits(now, *original) ? tr("now %1, as opened").arg(textOf(now))
                                            : tr("now %1, opened with %2; Ctrl+R resets it")
                                                  .arg(textOf(now), textOf(*original)));
    return lines.join(u'\n');
}

bool ParameterField::eventFilter(QObject* watched, QEvent* event)
{
    auto* editor = qobject_cast<QWidget*>(watched);
    if (event->type() == QEvent::ToolTip) {
        const auto* edit = qobject_cast<FloatEdit*>(editor);
        QStringList lines{edit != nullptr ? edit->fullToolTip() : editor->toolTip(), hint()};
        lines.removeAll(QString());
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                           plainToolTip(lines.join(u'\n')), editor);
        return true;
    }
    if (event->type() == QEvent::ContextMenu) {
        auto* action = editor->findChild<QAction*>(QStringLiteral("resetValue"));
        const auto original = m_document.originalValue(m_field, channel());
        action->setEnabled(original.has_value());
        action->setText(original ? tr("&Reset to %1").arg(textOf(*original)) : tr("&Reset"));
        // A key may be pressed in another channel, where there is something to reset.
        QMetaObject::invokeMethod(
            action, [action] { action->setEnabled(true); }, Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace qbn::ui

#include "moc_parameter_field.cpp"
