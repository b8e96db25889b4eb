#pragma once

#include "core/layer/provenance.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QVBoxLayout;

namespace qbn::ui {

class Document;
class FieldBinding;
struct FieldAccess;

/// Editors of everything in the selected layer and channel, in the order of the formula. Beside
/// each stands where its value came from.
class ParameterPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ParameterPanel(Document& document, QWidget* parent = nullptr);
    ~ParameterPanel() override;

    QSize sizeHint() const override;

private:
    void buildForm(QVBoxLayout* form);
    QLabel* addTitle(QVBoxLayout* form, const QString& name, const QString& text);
    void addType(QGridLayout* grid, Field field, const QString& label);
    void addFloat(QGridLayout* grid, Field field, const QString& label);
    void addZeroPoint(QGridLayout* grid, Field field, const QString& label);
    void addRelu(QGridLayout* grid);
    QLabel* makeLabel(Field field, const QString& text, QWidget* buddy);
    QLabel* makeMark(Field field, FieldBinding* binding);
    FieldAccess typeAccess(Field field);
    int channelOf(Field field) const;
    void refresh();

    Document& m_document;
    QWidget* m_form;
    QLabel* m_channelTitle = nullptr;
    std::vector<FieldBinding*> m_bindings;
};

} // namespace qbn::ui
