#include "ui/panels/explain/region_view.h"

#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/look/table_style.h"
#include "ui/panels/explain/region_plot.h"

#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>

namespace qbn::ui {

namespace {

/// "observations 2 and 5 contradict each other", counted from 1 as the table does.
QString contradictionText(const std::vector<std::size_t>& observations)
{
    if (observations.size() == 1)
        return RegionView::tr("no values give observation %1").arg(observations.front() + 1);
    QStringList numbers;
    for (const std::size_t observation : observations)
        numbers += QString::number(observation + 1);
    const QString last = numbers.takeLast();
    return RegionView::tr("observations %1 and %2 contradict each other")
        .arg(numbers.join(QStringLiteral(", ")), last);
}

} // namespace

RegionView::RegionView(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_pairs(new QComboBox(this))
    , m_plot(new RegionPlot(document, this))
    , m_sentence(plainLabel(this))
{
    m_pairs->setObjectName(QStringLiteral("unknownPair"));
    m_pairs->setAccessibleName(tr("Unknown parameters"));
    m_pairs->setToolTip(tr("The two parameters that are sought"));
    m_pairs->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    fillPairs();
    m_sentence->setObjectName(QStringLiteral("regionSentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_sentence->setForegroundRole(QPalette::PlaceholderText);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 3, 4, 3);
    layout->setSpacing(2);
    layout->addWidget(m_pairs);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_sentence);
    setFocusProxy(m_plot);
    connect(m_pairs, &QComboBox::activated, this, [this](int index) {
        m_document.setUnknowns(all_unknown_pairs()[static_cast<std::size_t>(index)]);
    });
}

void RegionView::fillPairs()
{
    for (const UnknownPair& pair : all_unknown_pairs())
        m_pairs->addItem(tr("%1 and %2").arg(firstSpoken(pair), secondSpoken(pair)));
    m_pairs->setItemData(
        m_pairs->count() - 1,
        tr("Of the whole layer: slope gamma / sqrt(var + eps), offset beta - mean * slope"),
        Qt::ToolTipRole);
}

void RegionView::setReport(const Report& report)
{
    const auto pairs = all_unknown_pairs();
    for (std::size_t i = 0; i < pairs.size(); ++i)
        if (is_same_pair(pairs[i], report.unknowns))
            m_pairs->setCurrentIndex(static_cast<int>(i));
    m_sentence->setText(sentence(report));
    if (report.region)
        m_plot->setRegion(*report.region, report.region_channel);
    const bool isEmpty = report.region && report.region->kind == FeasibleRegion::Kind::empty;
    if (!report.region || isEmpty)
        m_plot->setNote(isEmpty ? tr("no values explain\nall observations")
                                : tr("no region to show"));
}

void RegionView::setComputing()
{
    m_sentence->clear();
    m_plot->setNote(tr("computing…"));
}

QString RegionView::sentence(const Report& report) const
{
    if (!report.region)
        return shownText(report.no_region_because);
    const FeasibleRegion& region = *report.region;
    const int channel = report.region_channel;
    if (region.kind == FeasibleRegion::Kind::empty)
        return tr("Channel %1: %2").arg(channel).arg(contradictionText(region.contradiction));
    const BatchNormLayer& layer = m_document.layer();
    const UnknownPair& pair = region.unknowns;
    const FeasibleRegion::Point values = values_of(layer, channel, pair);
    const bool inside = contains(layer, channel, layer.observations, pair, values);
    const QString where = inside ? tr("lie in it") : tr("lie outside of it");
    return tr("Channel %1, a %2: %3 %4 and %5 %6 %7")
        .arg(channel)
        .arg(textOf(name_of(region.kind)), firstSpoken(pair), numberText(values.x),
             secondSpoken(pair), numberText(values.y), where);
}

} // namespace qbn::ui

#include "moc_region_view.cpp"
