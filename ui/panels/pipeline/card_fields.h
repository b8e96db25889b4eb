#pragma once

#include "core/layer/provenance.h"

#include <QWidget>

#include <utility>
#include <vector>

class QGridLayout;

namespace qbn::ui {

class Document;
class FieldBinding;
class OriginDot;
class ParameterField;

/// Editors of the fields that one stage uses, in the order of the formula: a name, the editor, and
/// a dot that says where the value came from; a slider below what can be slid.
class CardFields : public QWidget
{
    Q_OBJECT

public:
    CardFields(Document& document, const std::vector<Field>& fields, QWidget* parent = nullptr);
    ~CardFields() override;

    /// gamma and beta keep theirs.
    void setSlidersShown(bool shown);

protected:
    void addField(Field field);
    /// A row at the end.
    void addRow(const QString& label, const QString& toolTip, QWidget* editor,
                QWidget* dot = nullptr);
    Document& document() const { return m_document; }

    virtual void refresh();
    void setNarrowest();
    void changeEvent(QEvent* event) override;

private:
    void addType(Field field, const QString& label);
    void addFloat(Field field, const QString& label);
    void addZeroPoint(Field field, const QString& label);
    void addRelu();
    void addSlider(Field field, FieldBinding* binding, ParameterField* parameter);
    QWidget* addDot(Field field);
    int channelOf(Field field) const;

    Document& m_document;
    QGridLayout* m_grid;
    int m_rows = 0;
    std::vector<FieldBinding*> m_bindings;
    std::vector<std::pair<OriginDot*, Field>> m_dots;
    std::vector<QWidget*> m_sliders; ///< that may be hidden
    std::vector<QWidget*> m_numbers; ///< editors of one
};

} // namespace qbn::ui
