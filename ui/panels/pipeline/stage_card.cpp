#include "ui/panels/pipeline/stage_card.h"

#include "ui/draw/fit_text.h"
#include "ui/draw/formula_view.h"
#include "ui/draw/number_line.h"
#include "ui/look/glossary.h"
#include "ui/look/help_button.h"
#include "ui/look/plain_text.h"
#include "ui/panels/pipeline/card_fields.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr int narrowest = 126;
constexpr int narrowestWithFormula = 136; // digits need as many, whatever the size of the text
constexpr int comfortable = 180;

} // namespace

StageCard::StageCard(CardFields* fields, QWidget* parent)
    : Card(parent)
    , m_fields(fields)
    , m_title(plainLabel())
    , m_help(new HelpButton)
    , m_formula(new FormulaView)
    , m_substituted(new FitText(0.85, 2.05))
    , m_result(new FitText(1.6, 1.15))
    , m_badges(new BadgeRow)
    , m_line(new NumberLine)
{
    m_title->setObjectName(u"title"_s);
    m_formula->setObjectName(u"formula"_s);
    m_substituted->setObjectName(u"substituted"_s);
    m_result->setObjectName(u"result"_s);
    m_badges->setObjectName(u"badges"_s);
    m_line->setObjectName(u"numberLine"_s);
    m_line->setAccessibleName(tr("Number line"));
    QFont strong;
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_result->setBold(true);
    layOut();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    connect(m_help, &QToolButton::clicked, this, &Card::helpRequested);
    connect(m_badges, &BadgeRow::fieldWanted, this, &StageCard::fieldWanted);
}

void StageCard::layOut()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 5, 7, 4);
    column->setSpacing(0);
    auto* titleRow = new QHBoxLayout;
    titleRow->addWidget(m_title, 1);
    titleRow->addWidget(m_help);
    column->addLayout(titleRow);
    column->addWidget(m_formula);
    column->addSpacing(2);
    if (m_fields)
        column->addWidget(m_fields);
    column->addStretch(1);
    column->addWidget(m_result);
    column->addWidget(m_substituted);
    column->addWidget(m_badges); // with its room when there are none too: an edit lays out nothing
    column->addWidget(m_line);
}

void StageCard::setDetail(Detail detail)
{
    m_formula->setVisible(detail != Detail::Small);
    m_line->setVisible(detail == Detail::Full);
    m_substituted->setVisible(detail != Detail::Small);
    if (m_fields)
        m_fields->setSlidersShown(detail == Detail::Full);
}

void StageCard::setContent(const StageCardContent& content)
{
    const StageCardContent before = std::exchange(m_content, content);
    if (content.title != before.title) {
        m_title->setText(content.title);
        m_title->setToolTip(definitionOf(content.title));
        m_help->setSubject(content.title);
    }
    m_formula->setFormula(content.formula);
    m_substituted->setText(content.substituted);
    m_result->setText(content.result);
    m_result->setKind(content.kind);
    m_badges->setBadges(content.badges);
    m_line->setModel(content.line);
    if (content.help != before.help)
        setWhatsThis(plainToolTip(content.help));
    describe();
}

void StageCard::describe()
{
    const QString tip = plainToolTip(
        m_content.tooltip.isEmpty()
            ? QStringList{m_content.title, m_content.substituted, m_content.result}.join(u'\n')
            : m_content.tooltip);
    if (tip != toolTip())
        setToolTip(tip);
    QString name = m_content.title + u": "_s + m_content.result;
    for (const Badge& badge : m_content.badges)
        name += u", "_s + badge.text;
    if (name != accessibleName())
        setAccessibleName(name);
}

QSize StageCard::minimumSizeHint() const
{
    return layout()->totalMinimumSize().expandedTo(
        {m_substituted->isHidden() ? narrowest : narrowestWithFormula, 0});
}

QSize StageCard::sizeHint() const
{
    return {std::max(comfortable, m_formula->sizeHint().width() + 24), Card::sizeHint().height()};
}

} // namespace qbn::ui

#include "moc_stage_card.cpp"
