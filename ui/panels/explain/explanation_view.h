#pragma once

#include "core/explain/report.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace qbn::ui {

class Document;
class ExplanationModel;
class TableView;

/// The verdict, the explanations and what to measure next.
class ExplanationView : public QWidget
{
    Q_OBJECT

public:
    explicit ExplanationView(Document& document, QWidget* parent = nullptr);
    ~ExplanationView() override;

    TableView* table() const { return m_table; }

    void setReport(const Report& report);
    /// Says why there is no report, or that it is being made; the list stands.
    void setSentence(const QString& sentence);
    /// The observation whose numbers the list gives.
    void setObservation(int index);

signals:
    void helpRequested(const QString& id);

private:
    void buildList();
    void showFormula();
    void showNext(const Report& report);
    void requestHelp();

    Document& m_document;
    ExplanationModel* m_model;
    QLabel* m_verdict;
    TableView* m_table;
    QLabel* m_formula;
    QToolButton* m_help;
    QLabel* m_next;
    std::optional<NextMeasurement> m_measurement;
};

} // namespace qbn::ui
