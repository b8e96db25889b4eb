#include "ui/panels/backends/backend_panel.h"

#include "core/compare/fraction_bits.h"
#include "ui/document/document.h"
#include "ui/draw/sentence_view.h"
#include "ui/look/measures.h"
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

namespace qbn::ui {

BackendPanel::BackendPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new BackendModel(document, this))
    , m_title(plainLabel(this))
    , m_compare(new QToolButton(this))
    , m_table(new TableView(this))
    , m_sentence(new SentenceView(this))
{
    setObjectName(QStringLiteral("backendPanel"));
    setAccessibleName(tr("Backends"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_title->setObjectName(QStringLiteral("backendTitle"));
    m_title->setForegroundRole(QPalette::PlaceholderText);
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
    m_table->setToolTip(tr("Click or arrow keys choose the backend that all views show"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSamples({QStringLiteral("PyTorch reference"), QStringLiteral("-51.98679"),
                         QStringLiteral("-128"), QStringLiteral("00")});
    m_sentence->setObjectName(QStringLiteral("backendSentence"));
    m_sentence->setAccessibleName(tr("Where backends differ"));
    m_sentence->setToolTip(tr("Of the codes of this channel; a number leads to its code"));

    setFocusProxy(m_table);

    connect(m_table, &TableView::currentRowChanged, this, &BackendPanel::choose);
    connect(m_sentence, &SentenceView::linkActivated, this,
            [this](const QString& code) { m_document.selection().setCode(code.toInt()); });
    connect(m_compare->menu(), &QMenu::aboutToShow, this, &BackendPanel::fillCompareMenu);
    connect(&document, &Document::changed, this, &BackendPanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &BackendPanel::refresh);
    refresh();
}

// A view that goes later would tell of a row to a panel that is no more.
BackendPanel::~BackendPanel()
{
    delete m_table;
}

QSize BackendPanel::sizeHint() const
{
    return roomAround(m_table->sizeHint());
}

QSize BackendPanel::minimumSizeHint() const
{
    return roomAround(m_table->minimumSizeHint());
}

/// With room for the longest sentence so far.
QSize BackendPanel::roomAround(const QSize& table) const
{
    return {table.width(), titleHeight() + 3 * panelSpacing + table.height() + m_foot + panelEdge};
}

int BackendPanel::titleHeight() const
{
    return std::max(m_title->fontMetrics().height(), m_compare->sizeHint().height());
}

/// By hand: a QLayout would tell the window of every new text, and the window would lay out all
/// panels. The table stays where it is when the sentence gets shorter.
void BackendPanel::place()
{
    const int top = titleHeight() + 2 * panelSpacing;
    const int foot = m_sentence->heightFor(width() - 2 * panelEdge);
    const bool grown = foot > m_foot;
    m_foot = std::max(foot, m_foot);
    const int bottom = std::max(top, height() - panelEdge - m_foot - panelSpacing);
    const int button = m_compare->sizeHint().width();
    m_title->setGeometry(0, panelSpacing, width() - button, titleHeight());
    m_compare->setGeometry(width() - button, panelSpacing, button, titleHeight());
    m_table->setGeometry(0, top, width(), bottom - top);
    m_sentence->setGeometry(panelEdge, bottom + panelSpacing, width() - 2 * panelEdge, m_foot);
    if (grown)
        updateGeometry();
}

void BackendPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        m_foot = 0;
    place();
}

/// Of what has changed while it was hidden.
void BackendPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    place();
}

void BackendPanel::refresh()
{
    m_title->setText(tr("Backends at code %1").arg(m_document.selection().code()));
    m_table->setCurrentRow(m_model->chosenRow());
    showSentence();
}

void BackendPanel::showSentence()
{
    const Colors colors = colorsFor(palette());
    const bool agree = std::all_of(
        m_document.evaluation().backends.begin(), m_document.evaluation().backends.end(),
        [](const BackendResult& r) { return !r.compared || r.differing == 0; });
    m_sentence->setColor(agree ? colors.real : colors.problem);
    m_sentence->setText(sentence());
    if (isVisible()) // before, it has no width that means anything
        place();
}

void BackendPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showSentence();
}

void BackendPanel::choose(int row)
{
    // refresh() moves the current row too, to what has been chosen already.
    const Backend& backend = m_model->backendAt(row);
    if (&backend != m_document.evaluation().chosen)
        m_document.chooseBackend(backend);
}

QString BackendPanel::sentence() const
{
    const Evaluation& evaluation = m_document.evaluation();
    const std::vector<std::int32_t>& chosen = evaluation.result().codes;
    QStringList lines;
    for (const BackendResult& other : evaluation.backends) {
        if (!other.compared || other.differing == 0)
            continue;
        const auto at = std::mismatch(chosen.begin(), chosen.end(), other.codes.begin()).first
            - chosen.begin();
        const int code = evaluation.rows[static_cast<std::size_t>(at)].input_code;
        const QString link = SentenceView::link(QString::number(code));
        lines += (other.differing == 1 ? tr("%1 differs on %2 code of this channel, at %3")
                                       : tr("%1 differs on %2 codes of this channel, first at %3"))
                     .arg(textOf(other.backend->id))
                     .arg(other.differing)
                     .arg(link);
    }
    const auto compared = evaluation.compared().size();
    if (compared == 0)
        return tr("No backend is compared with the chosen one");
    if (lines.isEmpty())
        return tr("All %1 compared agree on all %2 codes of this channel")
            .arg(compared + 1)
            .arg(chosen.size());
    return lines.join(u'\n');
}

void BackendPanel::fillCompareMenu()
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

void BackendPanel::fillFractionMenu(QMenu& menu)
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
