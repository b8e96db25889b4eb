#include "ui/panels/pipeline/pipeline_panel.h"

#include "ui/document/document.h"
#include "ui/draw/number_line.h"
#include "ui/look/follow_focus.h"
#include "ui/look/help_page.h"
#include "ui/panels/pipeline/input_fields.h"
#include "ui/panels/pipeline/parameter_fields.h"
#include "ui/panels/pipeline/stage_texts.h"

#include <QHBoxLayout>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

struct CardPlace
{
    const char16_t* objectName;
    int share; ///< of the width; formulas differ in length
};

constexpr CardPlace places[stage_count] = {
    {u"inputCard", 20},  {u"dequantizeCard", 20}, {u"normalizeCard", 21},
    {u"affineCard", 21}, {u"requantizeCard", 20}, {u"outputCard", 18},
};

} // namespace

PipelinePanel::PipelinePanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_strip(new QWidget)
{
    setObjectName(u"pipelinePanel"_s);
    setAccessibleName(tr("Pipeline of the input code"));
    auto* row = new QHBoxLayout(m_strip);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(1);
    addCards(*row);

    auto* scroll = new QScrollArea;
    scroll->setObjectName(u"pipelineScroll"_s);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_strip);
    scroll->viewport()->setAutoFillBackground(false);
    // Opaque, so that a repainted card does not make everything behind it paint as well.
    m_strip->setBackgroundRole(QPalette::Window);
    m_strip->setAutoFillBackground(true);
    followFocus(*scroll);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);

    connect(&document, &Document::changed, this, &PipelinePanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &PipelinePanel::refresh);
    refresh();
    setDetail(Detail::Full);
}

// A field that loses the focus while all goes would still commit.
PipelinePanel::~PipelinePanel()
{
    for (const StageCard* card : m_cards)
        delete card->fields();
}

void PipelinePanel::addCards(QHBoxLayout& row)
{
    for (int i = 0; i < stage_count; ++i) {
        const auto stage = static_cast<Stage>(i);
        if (i > 0)
            row.addWidget(new StageArrow);
        auto* fields = stage == Stage::input_code ? new InputFields(m_document)
                                                  : new CardFields(m_document, fieldsOf(stage));
        auto* card = m_cards[static_cast<std::size_t>(i)] = new StageCard(fields);
        card->setObjectName(QString::fromUtf16(places[i].objectName));
        row.addWidget(card, places[i].share);
        const QString page = helpPageOf(stage);
        setHelpPage(*card, page);
        connect(card, &Card::helpRequested, this, [this, page] { emit helpRequested(page); });
        connect(card, &StageCard::fieldWanted, this, [this](Field field) {
            findChild<QWidget*>(editorName(field))->setFocus(Qt::ShortcutFocusReason);
        });
    }
    addInputLine();
}

void PipelinePanel::addInputLine()
{
    NumberLine* line = card(Stage::input_code)->numberLine();
    line->setObjectName(u"inputCodeLine"_s);
    line->setAccessibleName(tr("Input code on the line of all codes"));
    line->setToolTip(tr("Drag the dot to another input code; arrow keys step it."));
    line->setInteractive(true);
    connect(line, &NumberLine::valueDragged, this, [this](double code) {
        m_document.selection().setCode(static_cast<std::int32_t>(std::lround(code)));
    });
}

void PipelinePanel::setDetail(Detail detail)
{
    m_detail = detail;
    for (StageCard* card : m_cards)
        card->setDetail(detail);
    // All as high as the highest, so that what is below stands in rows.
    int fields = 0;
    for (const StageCard* card : m_cards) {
        card->fields()->layout()->invalidate();
        fields = std::max(fields, card->fields()->layout()->totalSizeHint().height());
    }
    for (StageCard* card : m_cards) {
        card->fields()->setFixedHeight(fields);
        card->layout()->invalidate();
        card->updateGeometry();
    }
}

/// Of the cards as they are now; hints of what was hidden a moment ago are still in the caches of
/// the layouts around them.
int PipelinePanel::cardHeight() const
{
    int height = 0;
    for (const StageCard* card : m_cards)
        height = std::max(height, card->layout()->totalMinimumSize().height());
    return height;
}

void PipelinePanel::setRoom(int height)
{
    m_room = height;
    const int bar = scrolls(width()) ? style()->pixelMetric(QStyle::PM_ScrollBarExtent) : 0;
    for (const Detail detail : {Detail::Full, Detail::Medium, Detail::Small}) {
        setDetail(detail);
        if (cardHeight() + bar <= height)
            break;
    }
    setFixedHeight(cardHeight() + bar);
}

void PipelinePanel::refresh()
{
    const auto contents = stageContents(m_document.evaluation());
    for (std::size_t i = 0; i < contents.size(); ++i)
        m_cards[i]->setContent(contents[i]);
}

bool PipelinePanel::scrolls(int width) const
{
    return width < m_strip->minimumSizeHint().width();
}

void PipelinePanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // Later: a height that is set from within would not reach what is laid out just now.
    if (m_room > 0 && scrolls(event->oldSize().width()) != scrolls(width()))
        QMetaObject::invokeMethod(this, [this] { setRoom(m_room); }, Qt::QueuedConnection);
}

void PipelinePanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (m_room > 0 && (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange))
        setRoom(m_room);
}

QSize PipelinePanel::sizeHint() const
{
    return {m_strip->sizeHint().width(), minimumSizeHint().height()};
}

QSize PipelinePanel::minimumSizeHint() const
{
    // Room for the scroll bar as well, where the cards need it.
    const int bar = scrolls(width()) ? style()->pixelMetric(QStyle::PM_ScrollBarExtent) : 0;
    return {320, cardHeight() + bar};
}

} // namespace qbn::ui

#include "moc_pipeline_panel.cpp"
