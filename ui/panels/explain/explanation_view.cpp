#include "ui/panels/explain/explanation_view.h"

#include "core/explain/outside_cause.h"
#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/panels/explain/explanation_model.h"
#include "ui/table/table_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace qbn::ui {

namespace {

/// More of them stand in the tooltip.
constexpr qsizetype predictionsShown = 3;

QLabel* addLabel(QWidget* parent, const QString& name)
{
    QLabel* label = plainLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

/// "52: batch norm", "53: eps left out", ... best first.
QStringList predictionTexts(const NextMeasurement& next, const Diagnosis& diagnosis)
{
    QStringList texts;
    for (const NextMeasurement::Prediction& prediction : next.predictions)
        texts += ExplanationView::tr("%1: %2").arg(
            numberText(prediction.code),
            QString::fromStdString(title_of(diagnosis.explanations[prediction.explanation])));
    return texts;
}

QString causesTip()
{
    QString items;
    for (const OutsideCause& cause : all_outside_causes())
        items += QStringLiteral("<li><b>%1</b>: %2 %3</li>")
                     .arg(textOf(cause.title).toHtmlEscaped(),
                          textOf(cause.explanation).toHtmlEscaped(),
                          textOf(cause.check).toHtmlEscaped());
    return QStringLiteral("<ul style='margin-left:-24px'>%1</ul>").arg(items);
}

QString causesText()
{
    QStringList titles;
    for (const OutsideCause& cause : all_outside_causes())
        titles += textOf(cause.title);
    return ExplanationView::tr("It may lie outside of the formula: %1.")
        .arg(titles.join(QStringLiteral("; ")));
}

} // namespace

ExplanationView::ExplanationView(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new ExplanationModel(this))
    , m_verdict(addLabel(this, QStringLiteral("verdict")))
    , m_table(new TableView(this))
    , m_formula(addLabel(this, QStringLiteral("explanationFormula")))
    , m_help(new QToolButton(this))
    , m_next(addLabel(this, QStringLiteral("nextMeasurement")))
{
    QFont strong;
    strong.setWeight(QFont::DemiBold);
    m_verdict->setFont(strong);
    m_formula->setForegroundRole(QPalette::PlaceholderText);
    m_next->setTextFormat(Qt::RichText);
    m_next->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_next->setAccessibleName(tr("What to measure next"));
    m_next->setToolTip(tr("Goes to the channel and code"));
    buildList();

    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_formula, 1);
    bottom->addWidget(m_help, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(3);
    layout->addWidget(m_verdict);
    layout->addWidget(m_table, 1);
    layout->addLayout(bottom);
    layout->addWidget(m_next);
    setFocusProxy(m_table);

    connect(m_table, &TableView::currentRowChanged, this, &ExplanationView::showFormula);
    connect(m_table, &TableView::activated, this, &ExplanationView::requestHelp);
    connect(m_help, &QToolButton::clicked, this, &ExplanationView::requestHelp);
    connect(m_next, &QLabel::linkActivated, this, [this] {
        Selection selection = m_document.selection().current();
        selection.channel = m_measurement->channel;
        selection.code = m_measurement->input_code;
        m_document.selection().set(selection);
    });
}

// A view that goes later would tell of a row to a panel that is no more.
ExplanationView::~ExplanationView()
{
    delete m_table;
}

void ExplanationView::buildList()
{
    m_table->setObjectName(QStringLiteral("explanationTable"));
    m_table->setAccessibleName(tr("Explanations"));
    m_table->setToolTip(tr("What may have been computed, the more likely first; Enter opens its "
                           "help page"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setPadding(3);
    m_table->setMinimumHeight(52);
    m_table->setSamples(
        {tr("gamma and beta swapped"), tr("12 of 12"), tr("1 in 100,000"), QStringLiteral("-128")});
    m_help->setObjectName(QStringLiteral("explanationHelp"));
    m_help->setText(QStringLiteral("?"));
    m_help->setAccessibleName(tr("Help on the explanation"));
    m_help->setToolTip(tr("Opens the help page of the explanation"));
    m_help->setAutoRaise(true);
    m_help->setFocusPolicy(Qt::StrongFocus);
}

void ExplanationView::setReport(const Report& report)
{
    setSentence(shownText(report.sentence));
    m_model->setDiagnosis(report.diagnosis);
    if (m_model->rowCount() > 0 && !m_table->currentIndex().isValid())
        m_table->setCurrentRow(0);
    showFormula();
    showNext(report);
}

void ExplanationView::setSentence(const QString& sentence)
{
    QString text = sentence;
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    m_verdict->setText(text);
}

void ExplanationView::setObservation(int index)
{
    m_model->setObservation(index);
}

void ExplanationView::showFormula()
{
    const QModelIndex current = m_table->currentIndex();
    m_help->setEnabled(current.isValid());
    m_formula->setText(current.isValid() ? QString::fromStdString(
                                               formula_of(m_model->explanationAt(current.row())))
                                         : QString());
    m_formula->setToolTip(current.isValid() ? plainToolTip(m_model->textAt(current.row()))
                                            : QString());
}

void ExplanationView::showNext(const Report& report)
{
    m_measurement = report.next;
    m_next->setVisible(report.next || report.outside_causes);
    QStringList sentences;
    QString tip;
    if (report.next) {
        const QStringList texts = predictionTexts(*report.next, report.diagnosis);
        const QString first = texts.mid(0, predictionsShown).join(QStringLiteral("; "));
        sentences
            += tr("Measure next: <a href=\"next\">channel %1, code %2</a>, where %3 different "
                  "codes are predicted. %4%5")
                   .arg(report.next->channel)
                   .arg(report.next->input_code)
                   .arg(report.next->distinct)
                   .arg(first.toHtmlEscaped(),
                        texts.size() > predictionsShown ? QStringLiteral("; …") : QString());
        tip = plainToolTip(texts.join(u'\n'));
    }
    if (report.outside_causes) {
        sentences += (report.next ? tr("If it is none of these, it lies outside of the formula.")
                                  : causesText())
                         .toHtmlEscaped();
        tip = causesTip();
    }
    m_next->setText(sentences.join(QStringLiteral("<br>")));
    if (!tip.isEmpty())
        m_next->setToolTip(tip);
}

void ExplanationView::requestHelp()
{
    if (const QModelIndex current = m_table->currentIndex(); current.isValid())
        emit helpRequested(textOf(m_model->explanationAt(current.row()).recipe->id));
}

} // namespace qbn::ui

#include "moc_explanation_view.cpp"
