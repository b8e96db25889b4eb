#include "ui/panels/pipeline/pipeline_panel.h"

#include "ui/document/document.h"
#include "ui/draw/number_line.h"
#include "ui/look/help_page.h"
#include "ui/panels/pipeline/input_code_card.h"
#include "ui/panels/pipeline/stage_card.h"

#include <QHBoxLayout>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

struct CardPlace
{
    const char16_t* objectName;
    int share; ///< of the width; formulas differ in length
};

constexpr CardPlace places[stageCount] = {
    {u"inputCard", 18},  {u"dequantizeCard", 18}, {u"normalizeCard", 22},
    {u"affineCard", 19}, {u"requantizeCard", 20}, {u"outputCard", 22},
};

} // namespace

PipelinePanel::PipelinePanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_strip(new QWidget)
    , m_input(new InputCodeCard(document))
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
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);

    connect(&document, &Document::changed, this, &PipelinePanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &PipelinePanel::refresh);
    refresh();
}

void PipelinePanel::addCards(QHBoxLayout& row)
{
    for (int i = 0; i < stageCount; ++i) {
        Card* card = m_input;
        if (i > 0) {
            row.addWidget(new StageArrow);
            card = m_cards[static_cast<std::size_t>(i)] = new StageCard;
        }
        card->setObjectName(QString::fromUtf16(places[i].objectName));
        row.addWidget(card, places[i].share);
        const QString page = helpPageOf(static_cast<Stage>(i));
        setHelpPage(*card, page);
        connect(card, &Card::helpRequested, this, [this, page] { emit helpRequested(page); });
    }
}

void PipelinePanel::refresh()
{
    const auto contents = stageContents(m_document.evaluation());
    m_input->setContent(contents[0]);
    for (std::size_t i = 1; i < contents.size(); ++i)
        m_cards[i]->setContent(contents[i]);
}

bool PipelinePanel::scrolls(int width) const
{
    return width < m_strip->minimumSizeHint().width();
}

void PipelinePanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (scrolls(event->oldSize().width()) != scrolls(width()))
        updateGeometry();
}

QSize PipelinePanel::sizeHint() const
{
    return m_strip->sizeHint();
}

QSize PipelinePanel::minimumSizeHint() const
{
    // Room for the scroll bar as well, where the cards need it.
    const int bar = scrolls(width()) ? style()->pixelMetric(QStyle::PM_ScrollBarExtent) : 0;
    return {320, m_strip->minimumSizeHint().height() + bar};
}

} // namespace qbn::ui
