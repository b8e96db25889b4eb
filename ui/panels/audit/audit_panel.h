#pragma once

#include "core/evaluate/audit.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace qbn::ui {

class AuditModel;
class AuditRunner;
class Document;
class NumberSortProxy;
class TableView;

/// How well output scale and zero point suit the selected layer, channel by channel, and better
/// ones. Audits while it is seen only.
class AuditPanel : public QWidget
{
    Q_OBJECT

public:
    explicit AuditPanel(Document& document, QWidget* parent = nullptr);
    ~AuditPanel() override;

    /// Whether the panel can be seen: a tab in the background is shown and cannot.
    void setActive(bool active);
    /// Counted inputs of the selected layer in place of N(mean, var).
    void useHistogram(CodeDistribution distribution, const QString& name);

    TableView* table() const { return m_table; }

signals:
    void histogramWanted(); ///< the user would like to choose a file

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildTable();
    QHBoxLayout* buildButtons();
    QLabel* addLine(const QString& name, const QString& accessibleName);
    QPushButton* addButton(const QString& name, const QString& text, const QString& tip);
    void refresh();
    void showProposal(const OutputProposal& proposal);
    void follow();
    void useProposal();

    Document& m_document;
    AuditRunner* m_runner;
    AuditModel* m_model;
    NumberSortProxy* m_sorted;
    QLabel* m_summary;
    QLabel* m_findings; ///< links to channels
    QLabel* m_proposal;
    QPushButton* m_use;
    QPushButton* m_load;
    QPushButton* m_statistics;
    TableView* m_table;
};

} // namespace qbn::ui
