#include "ui/panels/explain/read_view.h"

#include "ui/look/plain_text.h"
#include "ui/look/theme.h"
#include "ui/panels/explain/pasted_text.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace qbn::ui {

namespace {

QString section(const QString& title, const std::vector<std::string>& sentences)
{
    if (sentences.empty())
        return {};
    QString items;
    for (const std::string& sentence : sentences)
        items += QStringLiteral("<li>%1</li>").arg(shownText(sentence).toHtmlEscaped());
    return QStringLiteral("<p><b>%1</b></p><ul style='margin-left:-22px'>%2</ul>")
        .arg(title, items);
}

QString codeSection(const QString& title, const std::vector<std::string>& lines)
{
    if (lines.empty())
        return {};
    QString code;
    for (const std::string& line : lines)
        code += shownText(line).toHtmlEscaped() + QStringLiteral("<br>");
    return QStringLiteral("<p><b>%1</b></p><p><code>%2</code></p>").arg(title, code);
}

QString legendEntry(const QColor& colour, const QString& text)
{
    return QStringLiteral("<span style='color:%1'>■ %2</span>").arg(colour.name(), text);
}

} // namespace

ReadView::ReadView(QWidget* parent)
    : QWidget(parent)
    , m_legend(new QLabel)
    , m_text(new PastedText)
    , m_read(new QTextBrowser)
    , m_merge(new QPushButton(tr("Merge")))
{
    m_legend->setObjectName(QStringLiteral("pastedLegend"));
    m_legend->setTextFormat(Qt::RichText);
    m_merge->setObjectName(QStringLiteral("mergeButton"));
    m_merge->setAccessibleName(tr("Merge into the layer that was open"));
    m_merge->setToolTip(
        tr("Fills what was read into the layer that was open before, instead of a new one"));
    m_read->setObjectName(QStringLiteral("understanding"));
    m_read->setAccessibleName(tr("What was understood, assumed and missing"));
    m_read->setToolTip(tr("What the pasted text was taken for"));
    m_read->setFrameShape(QFrame::NoFrame);

    auto* top = new QHBoxLayout;
    top->setContentsMargins(4, 2, 4, 0);
    top->addWidget(m_legend, 1);
    top->addWidget(m_merge);
    auto* columns = new QSplitter(Qt::Horizontal);
    columns->setObjectName(QStringLiteral("readColumns"));
    columns->setChildrenCollapsible(false);
    columns->addWidget(m_text);
    columns->addWidget(m_read);
    columns->setSizes({340, 190});
    columns->setStretchFactor(0, 2);
    columns->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(2);
    layout->addLayout(top);
    layout->addWidget(columns, 1);
    connect(m_text, &PastedText::corrected, this, &ReadView::corrected);
    connect(m_merge, &QPushButton::clicked, this, &ReadView::mergeRequested);
    showLegend();
}

void ReadView::show(const QString& text, const Understanding& understanding)
{
    m_text->setPasted(text, understanding.claims);
    m_read->setHtml(section(tr("Missing"), understanding.missing)
                    + codeSection(tr("Python that prints it"), understanding.snippets)
                    + section(tr("Assumed"), understanding.assumed)
                    + section(tr("Understood"), understanding.understood));
}

void ReadView::forget()
{
    m_text->forget();
    m_read->clear();
}

void ReadView::setMergeOffered(bool offered)
{
    m_merge->setVisible(offered);
}

void ReadView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showLegend();
}

void ReadView::showLegend()
{
    const Colors colors = colorsFor(palette());
    m_legend->setText(legendEntry(colors.code, tr("input")) + QStringLiteral("  ")
                      + legendEntry(colors.output, tr("output")) + QStringLiteral("  ")
                      + legendEntry(colors.real, tr("parameters")) + QStringLiteral("  ")
                      + legendEntry(colors.muted, tr("not used")));
}

} // namespace qbn::ui

#include "moc_read_view.cpp"
