#pragma once

#include "core/explain/report.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace qbn::ui {

class Document;
class ObservationModel;
class TableView;

/// The table of observations and the buttons that add, remove and load some. A row that is clicked
/// or reached by keys becomes the document's channel and code.
class ObservationView : public QWidget
{
    Q_OBJECT

public:
    explicit ObservationView(Document& document, QWidget* parent = nullptr);
    ~ObservationView() override;

    TableView* table() const { return m_table; }
    /// Row of the current observation, 0 where none is.
    int current() const;

    void refresh();
    void setReport(const Report* report);

    /// Adds a row at the current channel and code, and edits the code that was observed. It counts as
    /// soon as that is typed; Escape takes it back.
    void addObservation();
    /// Whether there is anything to show, a row that does not count yet too.
    bool hasRows() const;

signals:
    void currentChanged(int row);
    void draftChanged(); ///< a row that does not count has come or gone
    void loadRequested();

private:
    QToolButton* addButton(const QString& name, const QString& text, const QString& spoken,
                           const QString& tip);
    void removeSelected();
    void dropDraft();
    void showProblem(const QString& reason);
    void follow(int row);

    Document& m_document;
    ObservationModel* m_model;
    TableView* m_table;
    QLabel* m_problem;
    QToolButton* m_remove = nullptr;
};

} // namespace qbn::ui
