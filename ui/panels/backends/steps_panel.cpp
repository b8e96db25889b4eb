#include "ui/panels/backends/steps_panel.h"

#include "ui/document/document.h"
#include "ui/look/measures.h"
#include "ui/look/plain_text.h"
#include "ui/look/seen_refresh.h"
#include "ui/panels/backends/difference_model.h"
#include "ui/table/table_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QScrollBar>

#include <algorithm>

namespace qbn::ui {

namespace {

/// Of the backend that the evaluation has taken by itself.
QString firstEntry(const Evaluation& evaluation)
{
    const Backend* other = evaluation.difference->second;
    const auto result
        = std::find_if(evaluation.backends.begin(), evaluation.backends.end(),
                       [other](const BackendResult& r) { return r.backend == other; });
    const bool differs = result != evaluation.backends.end() && result->differing > 0;
    return (differs ? StepsPanel::tr("First: %1") : StepsPanel::tr("%1 (none differs)"))
        .arg(textOf(other->title));
}

} // namespace

StepsPanel::StepsPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new DifferenceModel(this))
    , m_againstLabel(plainLabel(tr("vs"), this))
    , m_against(new QComboBox(this))
    , m_hexadecimal(new QCheckBox(tr("he&x"), this))
    , m_table(new TableView(this))
{
    setObjectName(QStringLiteral("stepsPanel"));
    setAccessibleName(tr("Steps of two backends"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_againstLabel->setBuddy(m_against);
    m_against->setObjectName(QStringLiteral("againstChooser"));
    m_against->setAccessibleName(tr("Against which backend"));
    m_against->setToolTip(
        tr("The backend that the chosen one is explained against; the first entry "
           "takes the first compared one that differs"));
    m_hexadecimal->setObjectName(QStringLiteral("hexToggle"));
    m_hexadecimal->setAccessibleName(tr("Hexadecimal floats"));
    m_hexadecimal->setToolTip(tr("Show the bits as hexadecimal floats"));
    m_table->setObjectName(QStringLiteral("stepsTable"));
    m_table->setAccessibleName(tr("Intermediates of both backends"));
    m_table->setToolTip(
        tr("Every intermediate; a tooltip has all digits, the bits and the formula"));
    m_table->setModel(m_model);
    m_table->setPadding(4);
    m_table->setWholeColumn(DifferenceModel::Step);
    measureColumns();

    connect(m_against, &QComboBox::activated, this, [this](int index) {
        m_document.selection().setAgainst(m_against->itemData(index).toString().toStdString());
    });
    connect(m_hexadecimal, &QCheckBox::toggled, this, [this](bool on) {
        m_model->setHexadecimal(on);
        measureColumns();
    });
    auto* seen = new SeenRefresh(this, [this] { refresh(); });
    connect(&document, &Document::changed, seen, &SeenRefresh::request);
    connect(&document.selection(), &SelectionModel::changed, seen, &SeenRefresh::request);
}

QSize StepsPanel::sizeHint() const
{
    const QSize table = m_table->sizeHint();
    return {table.width(), topHeight() + table.height()};
}

QSize StepsPanel::minimumSizeHint() const
{
    const QSize table = m_table->minimumSizeHint();
    return {table.width(), topHeight() + table.height()};
}

void StepsPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

void StepsPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        place();
}

void StepsPanel::refresh()
{
    fillAgainst();
    place();
    m_model->setDifference(m_document.evaluation().difference,
                           unknown_fields(m_document.layer(), m_document.selection().channel()));
    if (m_hexadecimal->isChecked())
        measureColumns();
    showFirstDiffering();
}

void StepsPanel::fillAgainst()
{
    const Evaluation& evaluation = m_document.evaluation();
    int row = 0;
    const auto show = [&](const QString& text, const QString& id) {
        if (row == m_against->count())
            m_against->addItem(text, id);
        if (m_against->itemText(row) != text)
            m_against->setItemText(row, text);
        if (m_against->itemData(row).toString() != id)
            m_against->setItemData(row, id);
        ++row;
    };
    const QString wanted = QString::fromStdString(evaluation.selection.against);
    const bool named = !wanted.isEmpty() && textOf(evaluation.difference->second->id) == wanted;
    show(named ? tr("First that differs") : firstEntry(evaluation), {});
    for (const BackendResult& result : evaluation.backends) {
        if (result.backend != evaluation.chosen)
            show(textOf(result.backend->title), textOf(result.backend->id));
    }
    while (m_against->count() > row)
        m_against->removeItem(m_against->count() - 1);
    m_against->setCurrentIndex(named ? m_against->findData(wanted) : 0);
}

/// Where it has moved to another row, so that nobody is scrolled away from what they look at.
void StepsPanel::showFirstDiffering()
{
    const auto& first = m_document.evaluation().difference->first_differing;
    if (first == m_firstDiffering)
        return;
    m_firstDiffering = first;
    if (first)
        m_table->scrollTo(m_model->index(static_cast<int>(*first), 0),
                          QAbstractItemView::PositionAtTop);
}

/// A hexadecimal float cannot be rounded to its column, so the columns follow them.
void StepsPanel::measureColumns()
{
    QStringList samples{QStringLiteral("scaled_mean"), QStringLiteral("-22.0132"),
                        QStringLiteral("-22.0132"), QStringLiteral("-0.25"),
                        QStringLiteral("-22.0132")};
    if (m_hexadecimal->isChecked()) {
        for (const int column :
             {DifferenceModel::First, DifferenceModel::Second, DifferenceModel::Exact}) {
            for (int row = 0; row < m_model->rowCount(); ++row) {
                const QString text = m_model->index(row, column).data().toString();
                if (text.size() > samples[column].size())
                    samples[column] = text;
            }
        }
    }
    m_table->setSamples(samples);
}

int StepsPanel::topHeight() const
{
    return panelEdge + std::max(m_against->sizeHint().height(), m_hexadecimal->sizeHint().height())
        + 2 * panelSpacing;
}

/// By hand: a QLayout would tell the window of every new entry.
void StepsPanel::place()
{
    const int row = topHeight() - panelEdge - 2 * panelSpacing;
    const int label = m_againstLabel->sizeHint().width();
    const int check = m_hexadecimal->sizeHint().width();
    const int chooser
        = std::min(width() - label - check - 4 * panelEdge, m_against->sizeHint().width());
    m_againstLabel->setGeometry(panelEdge, panelEdge, label, row);
    m_against->setGeometry(label + 2 * panelEdge, panelEdge, chooser, row);
    m_hexadecimal->setGeometry(label + chooser + 4 * panelEdge, panelEdge, check, row);
    m_table->setGeometry(0, topHeight(), width(), std::max(0, height() - topHeight()));
}

} // namespace qbn::ui

#include "moc_steps_panel.cpp"
