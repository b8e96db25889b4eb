#include "app/desktop/work_area.h"

#include "app/desktop/share_splitter.h"
#include "ui/look/follow_focus.h"
#include "ui/look/help_page.h"
#include "ui/panels/backends/why_panel.h"
#include "ui/panels/pipeline/pipeline_panel.h"
#include "ui/panels/plots/code_plot.h"
#include "ui/panels/plots/plot_panel.h"
#include "ui/panels/verdict/verdict_bar.h"

#include <QEvent>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace qbn::desktop {

namespace {

const QList<int> lowerShares{56, 44};
const QList<int> upperShares{66, 34};

/// What is in a tab, made when it is shown first.
class LazyPage : public QWidget
{
public:
    LazyPage(std::function<QWidget*(QWidget*)> make, QWidget* parent)
        : QWidget(parent)
        , m_make(std::move(make))
    {
        // What a hidden tab would like must not make the window larger.
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    }

    QWidget* panel()
    {
        if (m_panel == nullptr) {
            m_panel = m_make(this);
            auto* column = new QVBoxLayout(this);
            column->setContentsMargins({});
            column->setSizeConstraint(QLayout::SetNoConstraint);
            column->addWidget(m_panel);
            m_panel->show(); // now, not in the next round of the event loop
            setFocusProxy(m_panel);
        }
        return m_panel;
    }

protected:
    void showEvent(QShowEvent* event) override
    {
        panel();
        QWidget::showEvent(event);
    }

private:
    std::function<QWidget*(QWidget*)> m_make;
    QWidget* m_panel = nullptr;
};

QString joined(const QList<int>& shares)
{
    QStringList words;
    for (const int share : shares)
        words << QString::number(share);
    return words.join(u',');
}

QList<int> sharesOf(const QString& text)
{
    QList<int> shares;
    for (const QString& word : text.split(u','))
        shares << word.toInt();
    return shares;
}

} // namespace

WorkArea::WorkArea(ui::Document& document, QWidget* parent)
    : QWidget(parent)
    , m_content(new QWidget)
    , m_verdict(new ui::VerdictBar(document, this))
    , m_pipeline(new ui::PipelinePanel(document, m_content))
    , m_lower(new ShareSplitter(Qt::Vertical, lowerShares, m_content))
    , m_upper(new ShareSplitter(Qt::Horizontal, upperShares, m_lower))
    , m_plots(new ui::PlotPanel(document, m_upper))
    , m_why(new ui::WhyPanel(document, m_upper))
    , m_tabs(new QTabWidget(m_lower))
{
    setObjectName(QStringLiteral("workArea"));
    layOut();
    m_lower->setObjectName(QStringLiteral("lower"));
    m_upper->setObjectName(QStringLiteral("upper"));
    m_tabs->setObjectName(QStringLiteral("tabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->tabBar()->setObjectName(QStringLiteral("tabBar"));
    m_tabs->tabBar()->setAccessibleName(tr("Panels"));
    m_tabs->tabBar()->setToolTip(tr("Which panel is shown below the plot"));
    ui::setHelpPage(*m_pipeline, QStringLiteral("index"));
    ui::setHelpPage(*m_why, QStringLiteral("backend-exact"));
    ui::setHelpPage(*m_plots->transferPlot(), QStringLiteral("output-code"));
    ui::setHelpPage(*m_plots->errorPlot(), QStringLiteral("rounding"));
    addExpandButton();
    connect(m_tabs, &QTabWidget::currentChanged, this, &WorkArea::onCurrentChanged);
}

void WorkArea::layOut()
{
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins({});
    column->setSpacing(4);
    column->addWidget(m_pipeline);
    column->addWidget(m_lower, 1);
    auto* scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("workScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_content);
    scroll->viewport()->setAutoFillBackground(false);
    // Opaque, so that a part that is painted anew does not make everything behind it paint as well.
    m_content->setBackgroundRole(QPalette::Window);
    m_content->setAutoFillBackground(true);
    ui::followFocus(*scroll);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(6, 0, 6, 0);
    whole->setSpacing(4);
    whole->addWidget(m_verdict);
    whole->addWidget(scroll, 1);
    setLeastHeights();
}

/// In lines of text, so that large text scrolls and is not squeezed.
void WorkArea::setLeastHeights()
{
    m_plots->setMinimumHeight(7 * fontMetrics().height());
    m_tabs->setMinimumHeight(6 * fontMetrics().height());
}

void WorkArea::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        setLeastHeights();
}

void WorkArea::addExpandButton()
{
    m_expand = new QToolButton(m_tabs);
    m_expand->setObjectName(QStringLiteral("expandButton"));
    m_expand->setText(tr("Whole height"));
    m_expand->setAccessibleName(tr("Whole height"));
    m_expand->setToolTip(tr("Give the panel the room of the plot too"));
    m_expand->setCheckable(true);
    m_expand->setAutoRaise(true);
    m_tabs->setCornerWidget(m_expand);
    connect(m_expand, &QToolButton::toggled, this,
            [this](bool on) { setExpanded(currentPage(), on); });
}

void WorkArea::addPage(const QString& name, const QString& title, const QString& helpPage,
                       std::function<QWidget*(QWidget*)> make)
{
    auto* page = new LazyPage(std::move(make), m_tabs);
    page->setObjectName(name);
    ui::setHelpPage(*page, helpPage);
    m_titles.insert(name, title);
    m_tabs->addTab(page, title);
}

QStringList WorkArea::pageNames() const
{
    QStringList names;
    for (int i = 0; i < m_tabs->count(); ++i)
        names << m_tabs->widget(i)->objectName();
    return names;
}

QString WorkArea::pageTitle(const QString& name) const
{
    return m_titles.value(name);
}

int WorkArea::indexOf(const QString& name) const
{
    return static_cast<int>(pageNames().indexOf(name));
}

QString WorkArea::currentPage() const
{
    const QWidget* page = m_tabs->currentWidget();
    return page == nullptr ? QString() : page->objectName();
}

void WorkArea::showPage(const QString& name)
{
    m_tabs->setCurrentIndex(indexOf(name));
}

QWidget* WorkArea::page(const QString& name)
{
    return static_cast<LazyPage*>(m_tabs->widget(indexOf(name)))->panel();
}

void WorkArea::setPageAvailable(const QString& name, bool available)
{
    if (isPageAvailable(name) != available) // it lays out and paints all tabs
        m_tabs->setTabVisible(indexOf(name), available);
}

bool WorkArea::isPageAvailable(const QString& name) const
{
    return m_tabs->isTabVisible(indexOf(name));
}

void WorkArea::setBadge(const QString& name, int count)
{
    const QString title = pageTitle(name);
    const QString text = count == 0 ? title : tr("%1 (%2)").arg(title).arg(count);
    if (const int index = indexOf(name); m_tabs->tabText(index) != text)
        m_tabs->setTabText(index, text);
}

void WorkArea::setExpanded(const QString& name, bool expanded)
{
    if (expanded)
        m_expanded.insert(name);
    else
        m_expanded.remove(name);
    onCurrentChanged();
}

void WorkArea::onCurrentChanged()
{
    const bool expanded = m_expanded.contains(currentPage());
    m_upper->setVisible(!expanded);
    m_expand->setChecked(expanded);
    emit pageChanged(currentPage());
}

QList<QWidget*> WorkArea::panels() const
{
    QList<QWidget*> panels{m_pipeline, m_plots->transferPlot(), m_plots->errorPlot(), m_why};
    if (m_tabs->currentWidget() != nullptr)
        panels << m_tabs->currentWidget();
    return panels;
}

/// The cards take what they need, up to less than half of the height.
void WorkArea::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_pipeline->setRoom(height() * 45 / 100);
}

QSize WorkArea::minimumSizeHint() const
{
    constexpr int lines = 12;
    return {640, lines * fontMetrics().height()};
}

void WorkArea::resetLayout()
{
    m_expanded.clear();
    m_tabs->setCurrentIndex(0);
    onCurrentChanged();
    m_lower->setShares(lowerShares);
    m_upper->setShares(upperShares);
}

QByteArray WorkArea::layoutState() const
{
    return QStringList{joined(m_lower->shares()), joined(m_upper->shares()), currentPage()}
        .join(u';')
        .toUtf8();
}

void WorkArea::restoreLayout(const QByteArray& state)
{
    const QStringList parts = QString::fromUtf8(state).split(u';');
    if (parts.size() != 3)
        return;
    m_lower->setShares(sharesOf(parts[0]));
    m_upper->setShares(sharesOf(parts[1]));
    if (indexOf(parts[2]) >= 0)
        showPage(parts[2]);
}

} // namespace qbn::desktop

#include "moc_work_area.cpp"
