#include "ui/panels/agreement/agreement_map.h"

#include "core/evaluate/stage.h"
#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/look/seen_refresh.h"
#include "ui/look/table_style.h"
#include "ui/panels/agreement/agreement_image.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace qbn::ui {

namespace {

constexpr double smallestCodeSpan = 8;
constexpr double smallestChannelSpan = 4;

PlotRange codesOf(const BatchNormLayer& layer)
{
    return {layer.input.type.qmin() - 0.5, layer.input.type.qmax() + 0.5};
}

PlotRange channelsOf(const BatchNormLayer& layer)
{
    return {-0.5, layer.channels() - 0.5};
}

bool looksAlike(const LayerSummary& a, const LayerSummary& b)
{
    const bool isKnown = unknown_fields(*a.layer).empty() && unknown_fields(*b.layer).empty();
    return isKnown && std::ranges::equal(a.channels, b.channels, [](const auto& x, const auto& y) {
               return x == y || x->differences == y->differences;
           });
}

/// Whether one may be an edit of the other.
bool sameShape(const BatchNormLayer& a, const BatchNormLayer& b)
{
    return a.name == b.name && a.channels() == b.channels() && a.input.type == b.input.type;
}

} // namespace

AgreementMap::AgreementMap(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_view(codesOf(document.layer()), channelsOf(document.layer()), smallestCodeSpan,
             smallestChannelSpan)
{
    setObjectName(QStringLiteral("agreementMap"));
    setAccessibleName(tr("Agreement of backends"));
    setAccessibleDescription(
        tr("Left and right arrow keys step the input code, up and down the channel, Page Up and "
           "Page Down by 16. Home and End go to the first and last code. Plus and minus zoom, 0 "
           "shows everything."));
    setToolTip(tr("Click to choose channel and code. Wheel: zoom; drag: pan; double click: "
                  "everything"));
    setFocusPolicy(Qt::StrongFocus);
    auto* seen = new SeenRefresh(this, [this] { refresh(); });
    connect(&document, &Document::changed, seen, &SeenRefresh::request);
    connect(&document, &Document::summaryChanged, seen, &SeenRefresh::request);
    connect(&document.selection(), &SelectionModel::changed, seen, &SeenRefresh::request);
}

void AgreementMap::refresh()
{
    const Evaluation& evaluation = m_document.evaluation();
    const PlotView before = m_view;
    m_view.setWhole(codesOf(*evaluation.layer), channelsOf(*evaluation.layer));
    const CodePlace now = current();
    const bool moves = std::exchange(m_shown, now) != now;
    if (moves)
        m_view.reveal({double(now.input_code), double(now.channel)});
    const bool wasPending = std::exchange(m_pending, !evaluation.summary);
    const bool stands = m_pending && m_summary && sameShape(*m_summary->layer, *evaluation.layer);
    bool changes = m_view.x() != before.x() || m_view.y() != before.y();
    if (!stands && m_summary != evaluation.summary) {
        changes
            |= !m_summary || !evaluation.summary || !looksAlike(*m_summary, *evaluation.summary);
        m_summary = evaluation.summary;
    }
    if (changes)
        m_image = {};
    if (changes || moves || m_pending != wasPending)
        update();
    updateSentence();
}

void AgreementMap::updateSentence()
{
    // Tells screen readers as well, by QAccessible::NameChanged.
    const QString now = tr("Agreement map: %1").arg(textOf(current()));
    if (now != accessibleName())
        setAccessibleName(now);
}

/// None while they are not known. Those of the current place always are.
std::vector<BackendCode> AgreementMap::codesAt(CodePlace place) const
{
    const Evaluation& evaluation = m_document.evaluation();
    if (place != current())
        return m_pending || !m_summary ? std::vector<BackendCode>() : codes_at(*m_summary, place);
    const auto at
        = static_cast<std::size_t>(place.input_code - evaluation.layer->input.type.qmin());
    std::vector<BackendCode> codes{{evaluation.chosen, evaluation.result().codes[at]}};
    for (const BackendResult& result : evaluation.backends) {
        if (result.compared && result.backend != evaluation.chosen)
            codes.push_back({result.backend, result.codes[at]});
    }
    return codes;
}

QString AgreementMap::textOf(CodePlace place) const
{
    const QString where = tr("channel %1, code %2").arg(place.channel).arg(place.input_code);
    const std::vector<BackendCode> codes = codesAt(place);
    if (codes.empty())
        return where + tr(": computing…");
    const std::int32_t chosen = codes.front().output_code;
    QStringList parts{
        QStringLiteral("%1 %2").arg(ui::textOf(codes.front().backend->id)).arg(chosen)};
    for (std::size_t i = 1; i < codes.size(); ++i) {
        const int difference = codes[i].output_code - chosen;
        if (difference != 0)
            parts += QStringLiteral("%1 %2 (%3)")
                         .arg(ui::textOf(codes[i].backend->id))
                         .arg(codes[i].output_code)
                         .arg(difference > 0 ? QStringLiteral("+%1").arg(difference)
                                             : QString::number(difference));
    }
    const bool agree = parts.size() == 1 && codes.size() > 1;
    const QString what = agree ? tr("all %1 compared give %2").arg(codes.size()).arg(chosen)
                               : parts.join(QStringLiteral(", "));
    const auto unknown = unknown_fields(m_document.layer(), place.channel);
    const QString placeholder = unknown.empty()
        ? QString()
        : tr("; nobody gave %1: this is a placeholder")
              .arg(QString::fromStdString(joined_names(unknown)));
    return where + QStringLiteral(": ") + what + placeholder;
}

void AgreementMap::redraw()
{
    m_image = {};
    update();
}

void AgreementMap::resetView()
{
    m_view.reset();
    redraw();
}

CodePlace AgreementMap::current() const
{
    return {m_document.selection().channel(), m_document.selection().code()};
}

MapFrame AgreementMap::frame() const
{
    return frameOf(size(), smallFont(), m_view);
}

QFont AgreementMap::smallFont() const
{
    QFont small = font();
    small.setPointSizeF(font().pointSizeF() * 0.9);
    return small;
}

std::optional<CodePlace> AgreementMap::placeAt(QPointF position) const
{
    const MapFrame shown = frame();
    if (!QRectF(shown.area).contains(position))
        return std::nullopt;
    const QPointF at = shown.coordinatesAt(position);
    const CodeType type = m_document.layer().input.type;
    const CodePlace cell{
        std::clamp(static_cast<int>(std::lround(at.y())), 0, m_document.layer().channels() - 1),
        std::clamp<std::int32_t>(static_cast<std::int32_t>(std::lround(at.x())), type.qmin(),
                                 type.qmax())};
    return differenceSeenAt(position, cell).value_or(cell);
}

/// Small cells that differ spread to the right and below: the one that shows may begin elsewhere.
std::optional<CodePlace> AgreementMap::differenceSeenAt(QPointF position, CodePlace cell) const
{
    const QSizeF size = frame().cellSize();
    if (m_pending || !m_summary || m_summary->difference_at(cell) != 0
        || (size.width() >= smallestCell && size.height() >= smallestCell))
        return std::nullopt;
    const auto reach = [](double pixels) {
        return pixels < smallestCell ? static_cast<int>(std::ceil(smallestCell / pixels)) : 0;
    };
    std::optional<CodePlace> seen;
    int magnitude = 0;
    for (int channel = cell.channel - reach(size.height()); channel <= cell.channel + 1;
         ++channel) {
        for (int code = cell.input_code - reach(size.width()); code <= cell.input_code + 1;
             ++code) {
            const int difference = std::abs(m_summary->difference_at({channel, code}));
            const QRectF painted(frame().cell({channel, code}).topLeft(),
                                 size.expandedTo({smallestCell, smallestCell}));
            if (difference > magnitude && painted.adjusted(-1, -1, 1, 1).contains(position)) {
                seen = CodePlace{channel, code};
                magnitude = difference;
            }
        }
    }
    return seen;
}

bool AgreementMap::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto place = placeAt(help->pos());
        QToolTip::showText(help->globalPos(), place ? plainToolTip(textOf(*place)) : toolTip(),
                           this);
        return true;
    }
    return QWidget::event(event);
}

void AgreementMap::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        redraw();
}

/// Null while nothing is known.
QImage AgreementMap::imageOf(const MapFrame& shown, const Colors& colors, double ratio) const
{
    if (!m_summary)
        return {};
    QImage image = agreementImage(*m_summary, shown.codes, shown.channels,
                                  shown.area.size() * ratio, colors, qCeil(smallestCell * ratio));
    image.setDevicePixelRatio(ratio);
    return image;
}

void AgreementMap::draw(QPainter& painter, const MapFrame& shown, const Colors& colors,
                        const QImage& image) const
{
    AgreementMapPainter parts(painter, shown, colors, smallFont());
    parts.drawCells(image, m_pending);
    parts.drawAxes(m_document.layer().input.type, m_document.layer().channels());
    parts.drawCrosshair(current());
    parts.drawLegend();
}

void AgreementMap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colors colors = colorsFor(palette());
    const MapFrame shown = frame();
    painter.fillRect(rect(), colors.surface);
    if (m_image.size() != shown.area.size() * devicePixelRatioF())
        m_image = imageOf(shown, colors, devicePixelRatioF());
    draw(painter, shown, colors, m_image);
    if (!hasFocus())
        return;
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
}

} // namespace qbn::ui

#include "moc_agreement_map.cpp"
