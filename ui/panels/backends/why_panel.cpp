#include "ui/panels/backends/why_panel.h"

#include "ui/document/document.h"
#include "ui/draw/sentence_view.h"
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
#include <cmath>

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
    return (differs ? WhyPanel::tr("First: %1") : WhyPanel::tr("%1 (none differs)"))
        .arg(textOf(other->title));
}

QString marginSentence(const Evaluation& evaluation)
{
    const Boundary& boundary = evaluation.difference->boundary;
    if (boundary.tie || !std::isfinite(boundary.distance))
        return {};
    return WhyPanel::tr("Margin: %1 output steps (%2 ulp) from the boundary %3.")
        .arg(QString::number(boundary.distance, 'g', 3),
             QString::number(evaluation.row().margin.ulp, 'g', 3), numberText(boundary.nearest));
}

QString sentenceOf(const Evaluation& evaluation)
{
    QString text = QString::fromStdString(evaluation.difference->sentence) + u'.';
    text[0] = text[0].toUpper();
    if (const QString margin = marginSentence(evaluation); !margin.isEmpty())
        text += u'\n' + margin;
    return text;
}

} // namespace

WhyPanel::WhyPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new DifferenceModel(this))
    , m_againstLabel(plainLabel(tr("vs"), this))
    , m_against(new QComboBox(this))
    , m_hexadecimal(new QCheckBox(tr("he&x"), this))
    , m_sentence(new SentenceView(this))
    , m_table(new TableView(this))
{
    setObjectName(QStringLiteral("whyPanel"));
    setAccessibleName(tr("Why backends differ"));
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
    m_sentence->setObjectName(QStringLiteral("whySentence"));
    m_sentence->setAccessibleName(tr("The cause"));
    m_sentence->setToolTip(tr("Why the two give different codes, or how near they come to it"));
    m_table->setObjectName(QStringLiteral("whyTable"));
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

QSize WhyPanel::sizeHint() const
{
    const QSize table = m_table->sizeHint();
    return {table.width(), topHeight() + 5 * fontMetrics().lineSpacing() + table.height()};
}

QSize WhyPanel::minimumSizeHint() const
{
    const QSize table = m_table->minimumSizeHint();
    return {table.width(), topHeight() + 2 * fontMetrics().lineSpacing() + table.height()};
}

void WhyPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

void WhyPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        place();
}

void WhyPanel::refresh()
{
    fillAgainst();
    showSentence();
    m_model->setDifference(m_document.evaluation().difference);
    if (m_hexadecimal->isChecked())
        measureColumns();
    showFirstDiffering();
}

void WhyPanel::fillAgainst()
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

void WhyPanel::showSentence()
{
    m_sentence->setText(sentenceOf(m_document.evaluation()));
    place();
}

/// Where it has moved to another row, so that nobody is scrolled away from what they look at.
void WhyPanel::showFirstDiffering()
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
void WhyPanel::measureColumns()
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

int WhyPanel::topHeight() const
{
    return panelEdge + std::max(m_against->sizeHint().height(), m_hexadecimal->sizeHint().height())
        + 2 * panelSpacing;
}

/// By hand: a QLayout would tell the window of every new sentence, and the window would lay out all
/// panels. A long sentence scrolls, so that the table keeps its room.
void WhyPanel::place()
{
    const int row = topHeight() - panelEdge - 2 * panelSpacing;
    const int label = m_againstLabel->sizeHint().width();
    const int check = m_hexadecimal->sizeHint().width();
    m_againstLabel->setGeometry(panelEdge, panelEdge, label, row);
    m_hexadecimal->setGeometry(width() - panelEdge - check, panelEdge, check, row);
    m_against->setGeometry(label + 2 * panelEdge, panelEdge,
                           width() - label - check - 4 * panelEdge, row);

    const int text = width() - 2 * panelEdge;
    const int wish = m_sentence->heightFor(text) + 2;
    const int room = height() - topHeight() - panelSpacing;
    const int given = std::min(wish, std::max(0, room * 9 / 20));
    m_sentence->setGeometry(panelEdge, topHeight(), text, given);
    const int below = topHeight() + given + panelSpacing;
    m_table->setGeometry(0, below, width(), std::max(0, height() - below));
}

} // namespace qbn::ui
