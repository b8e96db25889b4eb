#include "ui/panels/pipeline/stage_card.h"

#include "ui/draw/fit_text.h"
#include "ui/draw/formula_view.h"
#include "ui/draw/number_line.h"
#include "ui/look/help_button.h"
#include "ui/look/plain_text.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr int narrowest = 130;
constexpr int comfortable = 190;

} // namespace

StageCard::StageCard(QWidget* parent)
    : Card(parent)
    , m_title(plainLabel())
    , m_help(new HelpButton)
    , m_formula(new FormulaView)
    , m_substituted(new FitText(0.90, 3.02))
    , m_result(new FitText(1.75, 1.15))
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
    m_substituted->setFewestRows(2.05);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(11, 7, 11, 4);
    column->setSpacing(0);
    auto* titleRow = new QHBoxLayout;
    titleRow->addWidget(m_title, 1);
    titleRow->addWidget(m_help);
    column->addLayout(titleRow);
    column->addSpacing(2);
    column->addWidget(m_formula);
    column->addSpacing(3);
    column->addWidget(m_substituted);
    column->addWidget(m_result);
    column->addWidget(m_badges); // with its room when there are none too: an edit lays out nothing
    column->addStretch(1);
    column->addWidget(m_line);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    connect(m_help, &QToolButton::clicked, this, &Card::helpRequested);
}

void StageCard::setContent(const StageCardContent& content)
{
    const StageCardContent before = std::exchange(m_content, content);
    if (content.title != before.title) {
        m_title->setText(content.title);
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
    return {narrowest, Card::minimumSizeHint().height()};
}

QSize StageCard::sizeHint() const
{
    return {std::max(comfortable, m_formula->sizeHint().width() + 24), Card::sizeHint().height()};
}

} // namespace qbn::ui
