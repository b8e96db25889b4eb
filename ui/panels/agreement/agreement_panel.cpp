#include "ui/panels/agreement/agreement_panel.h"

#include "core/evaluate/stage.h"
#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/look/seen_refresh.h"
#include "ui/look/table_style.h"
#include "ui/panels/agreement/agreement_map.h"

#include <QEvent>
#include <QLabel>

#include <algorithm>

namespace qbn::ui {

namespace {

constexpr int edge = 6; ///< pixels around the sentence

} // namespace

AgreementPanel::AgreementPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_sentence(plainLabel(this))
    , m_map(new AgreementMap(document, this))
{
    setObjectName(QStringLiteral("agreementPanel"));
    setAccessibleName(tr("Agreement"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setFocusProxy(m_map);
    m_sentence->setObjectName(QStringLiteral("agreementSentence"));
    m_sentence->setAccessibleName(tr("Where the layer's backends differ"));
    m_sentence->setToolTip(tr("Of all codes of the layer; the link leads to the first"));
    m_sentence->setTextFormat(Qt::RichText);
    m_sentence->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignLeft | Qt::AlignTop);

    connect(m_sentence, &QLabel::linkActivated, this, &AgreementPanel::goTo);
    auto* seen = new SeenRefresh(this, [this] { refresh(); });
    connect(&document, &Document::changed, seen, &SeenRefresh::request);
    connect(&document, &Document::summaryChanged, seen, &SeenRefresh::request);
    connect(&document.selection(), &SelectionModel::changed, seen, [seen](bool codeOnly) {
        if (!codeOnly)
            seen->request();
    });
}

QSize AgreementPanel::sizeHint() const
{
    const QSize map = m_map->sizeHint();
    return {map.width(), map.height() + 2 * (fontMetrics().lineSpacing() + edge)};
}

QSize AgreementPanel::minimumSizeHint() const
{
    const QSize map = m_map->minimumSizeHint();
    return {map.width(), map.height() + 2 * (fontMetrics().lineSpacing() + edge)};
}

void AgreementPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

void AgreementPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh();
    if (event->type() == QEvent::FontChange)
        place();
}

void AgreementPanel::refresh()
{
    QString text = tr("computing…");
    if (const auto& summary = m_document.evaluation().summary) {
        const Colors colors = colorsFor(palette());
        const auto unknown = unknown_fields(*summary->layer);
        const QColor color = !unknown.empty() ? colors.muted
            : summary->differing() == 0       ? colors.real
                                              : colors.problem;
        text = QStringLiteral("<span style=\"color:%1\">%2</span>; %3")
                   .arg(color.name(), differences(), certificate());
        if (!unknown.empty())
            text = tr("Nobody gave %1: what is hatched is a placeholder. <span "
                      "style=\"color:%2\">%3</span>")
                       .arg(QString::fromStdString(joined_names(unknown)), colors.muted.name(),
                            text);
    }
    if (text == m_sentence->text())
        return;
    m_sentence->setText(text);
    place();
}

QString AgreementPanel::differences() const
{
    const LayerSummary& summary = *m_document.evaluation().summary;
    const QString chosen = textOf(summary.chosen->title).toHtmlEscaped();
    const auto compared = summary.compared.size();
    const int codes = summary.layer->channels() * summary.layer->input.type.count();
    if (compared == 0)
        return tr("No backend is compared with %1").arg(chosen);
    const auto first = first_difference(summary);
    if (!first)
        return (compared == 1 ? tr("All %1 codes are the same in %2 and %3 compared backend")
                              : tr("All %1 codes are the same in %2 and %3 compared backends"))
            .arg(codes)
            .arg(chosen)
            .arg(compared);
    const QString link = tr("<a href=\"%1,%2\">channel %1, code %2</a>")
                             .arg(first->channel)
                             .arg(first->input_code);
    return (compared == 1
                ? tr("%1 of %2 codes differ between %3 and %4 compared backend; first: %5")
                : tr("%1 of %2 codes differ between %3 and %4 compared backends; first: %5"))
        .arg(summary.differing())
        .arg(codes)
        .arg(chosen)
        .arg(compared)
        .arg(link);
}

QString AgreementPanel::certificate() const
{
    const LayerSummary& summary = *m_document.evaluation().summary;
    const int ties = summary.ties();
    const int near = summary.near();
    const int uncertain = summary.uncertain();
    if (ties == 0 && near == 0 && uncertain == 0)
        return tr("no ties: certified, every sound binary32 backend gives the same codes");
    const QString tieText = ties == 1 ? tr("%1 tie").arg(ties) : tr("%1 ties").arg(ties);
    QString text = (near == 1 ? tr("%1, %2 code that another order of roundings could flip")
                              : tr("%1, %2 codes that another order of roundings could flip"))
                       .arg(tieText)
                       .arg(near);
    if (uncertain > 0)
        text += tr(", %1 uncertain, as parameters are too extreme to bound roundings")
                    .arg(uncertain);
    return text;
}

void AgreementPanel::goTo(const QString& link)
{
    Selection selection = m_document.selection().current();
    selection.channel = link.section(u',', 0, 0).toInt();
    selection.code = link.section(u',', 1, 1).toInt();
    m_document.selection().set(selection);
}

/// By hand: a QLayout would tell the window of every new sentence, and the window would lay out all
/// panels.
void AgreementPanel::place()
{
    const int width = std::max(1, this->width() - 2 * edge);
    const int text = m_sentence->heightForWidth(width);
    m_sentence->setGeometry(edge, edge, width, text);
    const int below = text + edge + edge / 2;
    m_map->setGeometry(0, below, this->width(), std::max(0, height() - below));
}

} // namespace qbn::ui

#include "moc_agreement_panel.cpp"
