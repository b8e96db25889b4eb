#pragma once

#include "core/layer/provenance.h"
#include "ui/edit/field_binding.h"

#include <QObject>
#include <QString>

class QCheckBox;
class QComboBox;
class QWidget;

namespace qbn::ui {

class Document;
class FloatEdit;
class IntEdit;
class ValueSlider;

/// What every editor of a parameter of the selected layer and channel does beside editing: reset to
/// the value as opened (context menu, Ctrl+R), a tooltip that says both values, lists that set all channels, a slider range that suits the field, and an accessible name
/// with channel and unit.
class ParameterField : public QObject
{
    Q_OBJECT

public:
    ParameterField(Document& document, Field field, QObject* parent);

    /// Reads and writes the number, for a FieldBinding.
    static FieldAccess access(Document& document, Field field);

    void attach(FloatEdit* edit);
    void attach(IntEdit* edit);
    void attach(ValueSlider* slider);
    void attach(QComboBox* box);
    void attach(QCheckBox* box);

    void reset();
    /// What stands below an editor's own tooltip: "now 1.2, opened with 1.1"; may be empty.
    QString hint() const;

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addReset(QWidget* editor);
    void name(QWidget* editor, bool isSlider);
    QString textOf(double value) const;
    int channel() const;

    Document& m_document;
    Field m_field;
};

} // namespace qbn::ui
