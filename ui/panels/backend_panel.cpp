#include "ui/panels/backend_panel.h"

#include "ui/document/document.h"
#include "ui/models/backend_model.h"
#include "ui/panels/table_view.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace qbn::ui {

BackendPanel::BackendPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new BackendModel(document, this))
    , m_title(new QLabel(this))
    , m_table(new TableView(this))
    , m_sentence(new QLabel(this))
{
    setObjectName(QStringLiteral("backendPanel"));
    setAccessibleName(tr("Backends"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_title->setObjectName(QStringLiteral("backendTitle"));
    m_title->setForegroundRole(QPalette::PlaceholderText);
    m_title->setIndent(6);
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
    m_sentence->setTextFormat(Qt::RichText);
    m_sentence->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_sentence->setWordWrap(true);
    m_sentence->setIndent(6);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 6);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_sentence);
    setFocusProxy(m_table);

    connect(m_table, &TableView::currentRowChanged, this, &BackendPanel::choose);
    connect(m_sentence, &QLabel::linkActivated, this,
            [this](const QString& code) { m_document.selection().setCode(code.toInt()); });
    connect(&document, &Document::changed, this, &BackendPanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &BackendPanel::refresh);
    refresh();
}

// A view that goes later would tell of a row to a panel that is no more.
BackendPanel::~BackendPanel()
{
    delete m_table;
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
    const bool agree = std::all_of(m_document.evaluation().backends.begin(),
                                   m_document.evaluation().backends.end(),
                                   [](const BackendResult& r) { return r.differing == 0; });
    m_sentence->setText(QStringLiteral("<span style=\"color:%1\">%2</span>")
                            .arg((agree ? colors.real : colors.problem).name(), sentence()));
}

void BackendPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showSentence();
}

void BackendPanel::choose(int row)
{
    const Backend& backend = m_model->backendAt(row);
    if (&backend == m_document.evaluation().chosen)
        return;
    m_document.edit(tr("Choose backend %1").arg(textOf(backend.title)), {},
                    [&backend](Experiment& experiment) { experiment.backend = backend.id; });
}

QString BackendPanel::sentence() const
{
    const Evaluation& evaluation = m_document.evaluation();
    const std::vector<std::int32_t>& chosen = evaluation.result().codes;
    QStringList lines;
    for (const BackendResult& other : evaluation.backends) {
        if (other.differing == 0)
            continue;
        const auto at = std::mismatch(chosen.begin(), chosen.end(), other.codes.begin()).first
            - chosen.begin();
        const int code = evaluation.rows[static_cast<std::size_t>(at)].input_code;
        const QString link = QStringLiteral("<a href=\"%1\">%1</a>").arg(code);
        lines += (other.differing == 1 ? tr("%1 differs on %2 code of this channel, at %3")
                                       : tr("%1 differs on %2 codes of this channel, first at %3"))
                     .arg(textOf(other.backend->id))
                     .arg(other.differing)
                     .arg(link);
    }
    if (lines.isEmpty())
        return tr("All %1 agree on all %2 codes of this channel")
            .arg(evaluation.backends.size())
            .arg(chosen.size());
    return lines.join(QStringLiteral("<br>"));
}

} // namespace qbn::ui
