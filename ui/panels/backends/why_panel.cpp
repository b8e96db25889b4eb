#include "ui/panels/backends/why_panel.h"

#include "core/compare/fraction_bits.h"
#include "ui/document/document.h"
#include "ui/draw/sentence_view.h"
#include "ui/look/measures.h"
#include "ui/look/number_text.h"
#include "ui/look/plain_text.h"
#include "ui/panels/backends/backend_model.h"
#include "ui/table/table_view.h"

#include <QActionGroup>
#include <QEvent>
#include <QLabel>
#include <QMenu>
#include <QResizeEvent>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

namespace {

/// With the zero point, as the table shows it: "51.9868 lies 0.487 steps from the boundary 52.5."
QString boundarySentence(const Evaluation& evaluation)
{
    const Boundary& boundary = evaluation.difference->boundary;
    const CodeMargin& margin = evaluation.row().margin;
    const int zeroPoint = evaluation.layer->output.zero_point;
    const QString exact = shortNumber(evaluation.row().exact.requantized, 6);
    if (std::isnan(evaluation.row().exact.requantized))
        return WhyPanel::tr("Exact mathematics has no answer.");
    if (boundary.tie)
        return WhyPanel::tr("%1 lies exactly between two codes: a tie.").arg(exact);
    if (!std::isfinite(boundary.distance))
        return WhyPanel::tr("%1: the output code never changes.").arg(exact);
    const QString text = WhyPanel::tr("%1 lies %2 steps from the boundary %3")
                             .arg(exact, QString::number(boundary.distance, 'g', 3),
                                  shortNumber(boundary.nearest + zeroPoint, 9));
    if (!margin.near)
        return text + WhyPanel::tr(": no rounding of a sound backend can change the code.");
    return margin.near_tie() ? text
            + WhyPanel::tr(", %1 ulp: roundings decide.").arg(QString::number(margin.ulp, 'g', 3))
                             : text + u'.';
}

/// Why the other one gives another code here.
QString causeSentence(const Evaluation& evaluation)
{
    const Difference& difference = *evaluation.difference;
    if (difference.first_trace.result.output_code == difference.second_trace.result.output_code)
        return {};
    // A line for each of its clauses.
    QStringList lines = QString::fromStdString(difference.sentence).split(QStringLiteral("; "));
    for (QString& line : lines) {
        line[0] = line[0].toUpper();
        line += u'.';
    }
    return lines.join(u'\n');
}

/// What nobody gave comes first: all that follows is of placeholders.
QString placeholderSentence(const Evaluation& evaluation)
{
    const auto unknown = unknown_fields(*evaluation.layer, evaluation.selection.channel);
    return unknown.empty() ? QString()
                           : WhyPanel::tr("Of placeholders: nobody gave %1.")
                                 .arg(QString::fromStdString(joined_names(unknown)));
}

/// A line for each compared backend that parts, with a link to the first code.
QStringList partingLines(const Evaluation& evaluation)
{
    const std::vector<std::int32_t>& chosen = evaluation.result().codes;
    QStringList lines;
    for (const BackendResult& other : evaluation.backends) {
        if (!other.compared || other.differing == 0)
            continue;
        const auto at = std::mismatch(chosen.begin(), chosen.end(), other.codes.begin()).first
            - chosen.begin();
        const int code = evaluation.rows[static_cast<std::size_t>(at)].input_code;
        const QString link = SentenceView::link(QString::number(code));
        lines += (other.differing == 1
                      ? WhyPanel::tr("%1 differs on %2 code of this channel, at %3")
                      : WhyPanel::tr("%1 differs on %2 codes of this channel, first at %3"))
                     .arg(textOf(other.backend->title))
                     .arg(other.differing)
                     .arg(link);
    }
    return lines;
}

QString sentenceOf(const Evaluation& evaluation)
{
    QStringList lines{placeholderSentence(evaluation), boundarySentence(evaluation),
                      causeSentence(evaluation)};
    lines += partingLines(evaluation);
    lines.removeAll(QString());
    return lines.join(u'\n');
}

} // namespace

WhyPanel::WhyPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new BackendModel(document, this))
    , m_title(plainLabel(this))
    , m_compare(new QToolButton(this))
    , m_table(new TableView(this))
    , m_sentence(new SentenceView(this))
{
    setObjectName(QStringLiteral("whyPanel"));
    setAccessibleName(tr("Why"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_title->setObjectName(QStringLiteral("whyTitle"));
    QFont strong;
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_title->setIndent(panelEdge);
    m_compare->setObjectName(QStringLiteral("compareButton"));
    m_compare->setText(tr("Compare"));
    m_compare->setAccessibleName(tr("Compared backends"));
    m_compare->setToolTip(tr("Which backends are compared with the chosen one, and the fraction "
                             "bits of fixed point"));
    m_compare->setPopupMode(QToolButton::InstantPopup);
    m_compare->setAutoRaise(true);
    m_compare->setFocusPolicy(Qt::StrongFocus);
    m_compare->setMenu(new QMenu(m_compare));
    m_table->setObjectName(QStringLiteral("backendTable"));
    m_table->setAccessibleName(tr("Backends at the current code"));
    m_table->setToolTip(
        tr("Click or arrow keys look at a backend beside the chosen one; nothing is changed"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSamples({QStringLiteral("PyTorch oneDNN (AVX2)"), QStringLiteral("-51.98679"),
                         QStringLiteral("-128"), QStringLiteral("00")});
    m_sentence->setObjectName(QStringLiteral("whySentence"));
    m_sentence->setAccessibleName(tr("The cause"));
    m_sentence->setToolTip(
        tr("How near the code is to another, and where backends part; a number leads to its "
           "code"));

    setFocusProxy(m_table);

    connect(m_table, &TableView::currentRowChanged, this, &WhyPanel::look);
    connect(m_sentence, &SentenceView::linkActivated, this,
            [this](const QString& code) { m_document.selection().setCode(code.toInt()); });
    connect(m_compare->menu(), &QMenu::aboutToShow, this, &WhyPanel::fillCompareMenu);
    connect(&document, &Document::changed, this, &WhyPanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &WhyPanel::refresh);
    refresh();
}

// A view that goes later would tell of a row to a panel that is no more.
WhyPanel::~WhyPanel()
{
    delete m_table;
}

QSize WhyPanel::sizeHint() const
{
    return {m_table->sizeHint().width(),
            titleHeight() + 4 * fontMetrics().lineSpacing() + m_table->sizeHint().height()};
}

QSize WhyPanel::minimumSizeHint() const
{
    return {200, 6 * fontMetrics().height()};
}

int WhyPanel::titleHeight() const
{
    return std::max(m_title->fontMetrics().height(), m_compare->sizeHint().height());
}

/// By hand: a QLayout would tell the window of every new text, and the window would lay out all
/// panels. The table stays where it is when the sentence gets shorter; a long one scrolls.
void WhyPanel::place()
{
    const int top = titleHeight() + 2 * panelSpacing;
    const int room = height() - top;
    m_head = std::max(m_head, m_sentence->heightFor(width() - 2 * panelEdge) + 2);
    const int head = std::min(m_head, room * 2 / 5);
    const int button = m_compare->sizeHint().width() + panelEdge;
    m_title->setGeometry(0, panelSpacing, width() - button - panelEdge, titleHeight());
    m_compare->setGeometry(width() - button - panelEdge, panelSpacing, button, titleHeight());
    m_sentence->setGeometry(panelEdge, top, width() - 2 * panelEdge, head);
    const int below = top + head + panelSpacing;
    m_table->setGeometry(0, below, width(), std::max(0, height() - below));
}

void WhyPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        m_head = 0;
    place();
}

/// Of what has changed while it was hidden.
void WhyPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    place();
}

void WhyPanel::refresh()
{
    m_title->setText(tr("Why %1").arg(m_document.evaluation().row().output_code));
    m_table->setCurrentRow(m_model->otherRow());
    // While codes and values change the table keeps its place; elsewhere it takes the room back.
    const Selection& selection = m_document.evaluation().selection;
    if (selection.layer != m_shown.layer || selection.channel != m_shown.channel
        || selection.against != m_shown.against)
        m_head = 0;
    m_shown = selection;
    showSentence();
}

void WhyPanel::showSentence()
{
    m_sentence->setText(sentenceOf(m_document.evaluation()));
    if (isVisible()) // before, it has no width that means anything
        place();
}

void WhyPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        m_head = 0;
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        showSentence();
}

void WhyPanel::look(int row)
{
    // refresh() moves the current row too, to what is looked at already. The chosen one is beside
    // every other.
    const Backend& backend = m_model->backendAt(row);
    if (&backend == m_document.evaluation().chosen)
        m_table->setCurrentRow(m_model->otherRow());
    else if (row != m_model->otherRow())
        m_document.selection().setAgainst(std::string(backend.id));
}

void WhyPanel::fillCompareMenu()
{
    QMenu& menu = *m_compare->menu();
    menu.clear();
    const std::vector<BackendChoice>& choices = m_document.experiment().backends;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const Backend& backend = *find_backend(choices[i].id);
        QAction* action = menu.addAction(textOf(backend.title));
        action->setCheckable(true);
        action->setChecked(choices[i].compared);
        action->setEnabled(&backend != m_document.evaluation().chosen);
        connect(action, &QAction::toggled, this, [this, i, &backend](bool on) {
            const QString text = on ? tr("Compare with %1") : tr("Do not compare with %1");
            m_document.edit(text.arg(textOf(backend.title)), {}, [i, on](Experiment& experiment) {
                experiment.backends[i].compared = on;
            });
        });
    }
    menu.addSeparator();
    fillFractionMenu(*menu.addMenu(tr("Fraction bits of fixed point")));
}

void WhyPanel::fillFractionMenu(QMenu& menu)
{
    menu.menuAction()->setObjectName(QStringLiteral("fractionBitsMenu"));
    const int channel = m_document.selection().channel();
    const auto safe = largest_safe_fraction_bits(m_document.layer(), channel);
    const auto exact = exact_fraction_bits(m_document.layer(), channel, Accumulator::int32);
    auto* group = new QActionGroup(&menu);
    const auto add = [&](int bits, const QString& text) {
        QAction* action = menu.addAction(text);
        action->setCheckable(true);
        action->setChecked(bits == fraction_bits(m_document.experiment()));
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, bits, text] {
            m_document.edit(tr("Fixed point: %1").arg(text), {}, [bits](Experiment& experiment) {
                set_fraction_bits(experiment, bits);
            });
        });
    };
    add(0, safe ? tr("Largest safe (%1)").arg(*safe) : tr("Largest safe (none)"));
    for (int bits = min_fraction_bits; bits <= max_fraction_bits; ++bits) {
        const bool isExact = exact[static_cast<std::size_t>(bits)];
        add(bits, isExact ? tr("%1, exact on this channel").arg(bits) : QString::number(bits));
    }
}

} // namespace qbn::ui

#include "moc_why_panel.cpp"
