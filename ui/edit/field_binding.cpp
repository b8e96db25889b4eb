#include "ui/edit/field_binding.h"

#include "ui/edit/float_edit.h"
#include "ui/edit/int_edit.h"
#include "ui/edit/value_slider.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSignalBlocker>

#include <algorithm>
#include <limits>
#include <utility>

namespace qbn::ui {

namespace {

int toInt(double value)
{
    constexpr double low = std::numeric_limits<int>::min();
    constexpr double high = std::numeric_limits<int>::max();
    return static_cast<int>(std::clamp(value, low, high));
}

} // namespace

FieldBinding::FieldBinding(FieldAccess access, QObject* parent)
    : QObject(parent)
    , m_access(std::move(access))
{ }

FieldBinding::~FieldBinding()
{
    end();
}

void FieldBinding::begin()
{
    m_access.beginGesture();
    m_isInGesture = true;
}

void FieldBinding::end()
{
    if (std::exchange(m_isInGesture, false))
        m_access.endGesture();
}

template <typename Editor> void FieldBinding::bindVisits(Editor* editor)
{
    connect(editor, &Editor::visitStarted, this, &FieldBinding::begin);
    connect(editor, &Editor::visitFinished, this, &FieldBinding::end);
}

void FieldBinding::bind(FloatEdit* edit)
{
    bindVisits(edit);
    connect(edit, &FloatEdit::valueEdited, this, [this](double value) { m_access.set(value); });
    m_show.emplace_back([edit](double value) { edit->setValue(value); });
    m_commit.emplace_back([edit] { edit->commit(); });
}

void FieldBinding::bind(IntEdit* edit)
{
    bindVisits(edit);
    connect(edit, &IntEdit::valueEdited, this, [this](int value) { m_access.set(value); });
    m_show.emplace_back([edit](double value) { edit->setValue(toInt(value)); });
    m_commit.emplace_back([edit] { edit->commit(); });
}

void FieldBinding::bind(ValueSlider* slider)
{
    connect(slider, &ValueSlider::gestureStarted, this, &FieldBinding::begin);
    connect(slider, &ValueSlider::gestureFinished, this, &FieldBinding::end);
    connect(slider, &ValueSlider::valueEdited, this, [this](double value) { m_access.set(value); });
    m_show.emplace_back([slider](double value) { slider->setNumber(value); });
}

void FieldBinding::bind(QCheckBox* box)
{
    connect(box, &QCheckBox::toggled, this, [this](bool on) { m_access.set(on ? 1 : 0); });
    m_show.emplace_back([box](double value) {
        const QSignalBlocker blocker(box);
        box->setChecked(value != 0);
    });
}

void FieldBinding::bind(QComboBox* box)
{
    connect(box, &QComboBox::currentIndexChanged, this,
            [this, box](int index) { m_access.set(box->itemData(index).toDouble()); });
    m_show.emplace_back([box](double value) {
        const QSignalBlocker blocker(box);
        box->setCurrentIndex(box->findData(value));
    });
}

void FieldBinding::commit()
{
    for (const auto& commit : m_commit)
        commit();
}

void FieldBinding::refresh()
{
    const double value = m_access.get();
    for (const auto& show : m_show)
        show(value);
}

} // namespace qbn::ui

#include "moc_field_binding.cpp"
