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
    , m_formulaRow(new QHBoxLayout)
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

    m_formulaRow->setContentsMargins(0, 0, 0, 0);
    m_formulaRow->setSpacing(8);
    m_formulaRow->addWidget(m_formula, 1);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(11, 7, 11, 4);
    column->setSpacing(0);
    auto* titleRow = new QHBoxLayout;
    titleRow->addWidget(m_title, 1);
    titleRow->addWidget(m_help);
    column->addLayout(titleRow);
    column->addSpacing(2);
    column->addLayout(m_formulaRow);
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
    if (!(content.formula == before.formula)) {
        m_formula->setFormula(content.formula);
        m_formula->setVisible(!content.formula.isEmpty() || m_editor == nullptr);
    }
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

void StageCard::setEditor(QWidget* editor)
{
    if (editor == m_editor)
        return;
    delete m_editor;
    m_editor = editor;
    if (m_editor != nullptr)
        m_formulaRow->addWidget(m_editor, 1, Qt::AlignVCenter);
    m_formulaRow->setStretchFactor(m_formula, m_editor != nullptr ? 0 : 1);
    m_formula->setVisible(!m_content.formula.isEmpty() || m_editor == nullptr);
}

QSize StageCard::minimumSizeHint() const
{
    return {std::max(narrowest, m_editor != nullptr ? Card::minimumSizeHint().width() : 0),
            Card::minimumSizeHint().height()};
}

QSize StageCard::sizeHint() const
{
    const int formula = m_formula->sizeHint().width() + 24;
    const int editor = m_editor != nullptr ? Card::sizeHint().width() : 0;
    return {std::max({comfortable, formula, editor}), Card::sizeHint().height()};
}

} // namespace qbn::ui
