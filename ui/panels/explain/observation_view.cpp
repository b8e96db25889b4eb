#include "ui/panels/explain/observation_view.h"

#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/panels/explain/observation_model.h"
#include "ui/table/table_view.h"

#include <QAbstractItemDelegate>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace qbn::ui {

ObservationView::ObservationView(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new ObservationModel(document, this))
    , m_table(new TableView(this))
    , m_problem(plainLabel(this))
{
    m_table->setObjectName(QStringLiteral("observationTable"));
    m_table->setAccessibleName(tr("Observations of the layer"));
    m_table->setToolTip(tr("Click selects channel and code, double-click or F2 edits a number"));
    m_table->setModel(m_model);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                             | QAbstractItemView::AnyKeyPressed);
    m_table->setPadding(4);
    m_table->setSamples({QStringLiteral("63"), QStringLiteral("-128"), QStringLiteral("-128"),
                         QStringLiteral("-128"), tr("✓ explained"), QStringLiteral("0.299067"),
                         QStringLiteral("-110.887"), QStringLiteral("pytorch, exact, textbook")});

    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(4, 2, 4, 2);
    QToolButton* add
        = addButton(QStringLiteral("addObservation"), QStringLiteral("+"), tr("Add an observation"),
                    tr("Add an observation at the current channel and code; type the "
                       "output code that was observed"));
    m_remove = addButton(QStringLiteral("removeObservation"), QStringLiteral("−"),
                         tr("Remove observations"), tr("Remove the selected observations"));
    QToolButton* load
        = addButton(QStringLiteral("loadObservations"), tr("Load…"), tr("Load observations"),
                    tr("Load observations from a CSV file, or from two .npy arrays of the layer's "
                       "input and output"));
    for (QToolButton* button : {add, m_remove, load})
        buttons->addWidget(button);
    m_problem->setObjectName(QStringLiteral("observationProblem"));
    m_problem->setAccessibleName(tr("Why an entry was refused"));
    m_problem->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // widens no panel
    buttons->addWidget(m_problem, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    setFocusProxy(m_table);

    connect(add, &QToolButton::clicked, this, &ObservationView::addObservation);
    connect(m_remove, &QToolButton::clicked, this, &ObservationView::removeSelected);
    connect(load, &QToolButton::clicked, this, &ObservationView::loadRequested);
    connect(&document, &Document::commitRequested, m_table, &TableView::commit);
    connect(m_model, &ObservationModel::refused, this, &ObservationView::showProblem);
    connect(m_table, &TableView::currentRowChanged, this, &ObservationView::follow);
    connect(m_table->itemDelegate(), &QAbstractItemDelegate::closeEditor, this,
            [this](QWidget*, QAbstractItemDelegate::EndEditHint hint) {
                if (hint == QAbstractItemDelegate::RevertModelCache && m_model->isDraft(current()))
                    dropDraft();
            });
}

// A view that goes later would commit what is being typed in it to a panel that is no more.
ObservationView::~ObservationView()
{
    delete m_table;
}

QToolButton* ObservationView::addButton(const QString& name, const QString& text,
                                        const QString& spoken, const QString& tip)
{
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setText(text);
    button->setAccessibleName(spoken);
    button->setToolTip(tip);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

int ObservationView::current() const
{
    return std::max(0, m_table->currentIndex().row());
}

void ObservationView::refresh()
{
    m_model->refresh();
    m_remove->setEnabled(m_model->rowCount() > 0);
}

void ObservationView::setReport(const Report* report)
{
    m_model->setReport(report);
}

void ObservationView::addObservation()
{
    m_document.commitPending(); // of the row that was added before
    const Selection at = m_document.selection().current();
    m_model->setDraft(at.channel, at.code);
    emit draftChanged();
    const QModelIndex cell = m_model->index(m_model->rowCount() - 1, ObservationModel::OutputCode);
    m_table->setCurrentIndex(cell);
    m_table->edit(cell);
}

void ObservationView::dropDraft()
{
    m_model->dropDraft();
    emit draftChanged();
}

bool ObservationView::hasRows() const
{
    return m_model->rowCount() > 0;
}

void ObservationView::removeSelected()
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    if (rows.empty())
        rows.push_back(current());
    if (std::any_of(rows.begin(), rows.end(), [this](int row) { return m_model->isDraft(row); }))
        dropDraft();
    std::sort(rows.rbegin(), rows.rend());
    m_document.editLayer(tr("Remove observations"), std::nullopt, [&rows](BatchNormLayer& layer) {
        for (const int row : rows)
            if (row < std::ssize(layer.observations))
                layer.observations.erase(layer.observations.begin() + row);
    });
}

void ObservationView::showProblem(const QString& reason)
{
    m_problem->setText(reason.isEmpty() ? QString() : QStringLiteral("⚠ ") + reason);
    m_problem->setToolTip(plainToolTip(reason));
}

void ObservationView::follow(int row)
{
    showProblem({});
    const Observation& seen = m_model->observationAt(row);
    Selection selection = m_document.selection().current();
    selection.channel = seen.channel;
    selection.code = seen.input_code;
    m_document.selection().set(selection);
    emit currentChanged(row);
}

} // namespace qbn::ui

#include "moc_observation_view.cpp"
