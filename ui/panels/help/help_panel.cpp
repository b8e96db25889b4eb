#include "ui/panels/help/help_panel.h"

#include "ui/document/document.h"
#include "ui/draw/mathematics_picture.h"
#include "ui/look/theme.h"
#include "ui/panels/help/help_pages.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollBar>
#include <QToolButton>

#include <algorithm>
#include <span>
#include <vector>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr int refreshMilliseconds = 100;
const QString indexPage = u"index"_s;

/// Rich text knows points and words for sizes, no em.
QString styleSheetFor(const QPalette& palette, const QFont& font)
{
    const Colors colors = colorsFor(palette);
    return u"body { color: %1; } a { color: %2; }"
           "h1 { font-size: large; font-weight: 600; margin-top: 2px; margin-bottom: 4px; }"
           "h2 { font-size: medium; font-weight: 600; color: %3; margin-top: 12px;"
           " margin-bottom: 2px; }"
           "p { margin-top: 4px; margin-bottom: 4px; } li { margin-bottom: 3px; }"
           "pre.formula { font-family: '%4'; font-size: %5pt; background-color: %6;"
           " white-space: pre-wrap; margin-top: 4px; margin-bottom: 4px; }"
           "td, th { padding-right: 8px; } p.see { color: %3; margin-top: 12px; }"_s
               .arg(colors.text.name(), colors.code.name(), colors.muted.name(),
                    monospaceFont(font).families().value(0))
               .arg(font.pointSizeF() * 0.92)
               .arg(colors.shade.name());
}

} // namespace

HelpBrowser::HelpBrowser(const Document& document, QWidget* parent)
    : QTextBrowser(parent)
    , m_document(document)
{
    setObjectName(u"helpBrowser"_s);
    setAccessibleName(tr("Help page"));
    setToolTip(tr("Links lead to other pages; Backspace leads back"));
    setFrameShape(NoFrame);
    setOpenExternalLinks(false);
    applyColors();
}

QVariant HelpBrowser::loadResource(int type, const QUrl& name)
{
    // The pages are all there is, and the picture of a formula: nothing that they say may open another file.
    if (type == QTextDocument::ImageResource && name.fileName() == u"mathematics"_s)
        return pictureOfFormula();
    if (type != QTextDocument::HtmlResource)
        return {};
    m_text = helpPageText(helpPageId(name), placeholders_of(m_document.evaluation()));
    m_program = m_document.evaluation().chosen->program;
    return m_text;
}

/// The chosen backend's statements, one below the other.
QImage HelpBrowser::pictureOfFormula() const
{
    const auto& program = m_document.evaluation().chosen->program;
    std::vector<MathematicsPicture> pictures;
    QSizeF size(1, 1);
    constexpr qreal gap = 4;
    for (const formula::Statement& statement : program ? std::span(program->syntax().statements)
                                                       : std::span<const formula::Statement>()) {
        const MathematicsPicture& picture
            = pictures.emplace_back(formula::mathematics(statement, *program), font());
        size = {std::max(size.width(), picture.width()),
                size.height() + picture.size().height() + gap};
    }
    const qreal ratio = devicePixelRatioF();
    QImage image((size * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setPen(colorsFor(palette()).text);
    qreal top = 0;
    for (const MathematicsPicture& picture : pictures) {
        picture.paint(painter, {0, top + picture.ascent()});
        top += picture.size().height() + gap;
    }
    return image;
}

void HelpBrowser::refresh()
{
    const QString text
        = helpPageText(helpPageId(source()), placeholders_of(m_document.evaluation()));
    if (text != m_text || m_document.evaluation().chosen->program != m_program)
        reloadInPlace();
}

void HelpBrowser::reloadInPlace()
{
    const int at = verticalScrollBar()->value();
    reload();
    verticalScrollBar()->setValue(at);
}

void HelpBrowser::applyColors()
{
    if (m_paletteKey == palette().cacheKey())
        return;
    m_paletteKey = palette().cacheKey();
    document()->setDefaultStyleSheet(styleSheetFor(palette(), font()));
    if (!source().isEmpty())
        reloadInPlace();
}

void HelpBrowser::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyColors();
}

HelpPanel::HelpPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_browser(new HelpBrowser(document, this))
{
    setObjectName(u"helpPanel"_s);
    setAccessibleName(tr("Help"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    QToolButton* back = addButton(u"helpBack"_s, tr("Back"), tr("The page before"));
    QToolButton* forward = addButton(u"helpForward"_s, tr("Forward"), tr("The page after"));
    QToolButton* contents = addButton(u"helpContents"_s, tr("Contents"), tr("All pages"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 2, 4, 0);
    bar->setSpacing(2);
    for (QToolButton* button : {back, forward, contents})
        bar->addWidget(button);
    bar->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_browser, 1);
    setFocusProxy(m_browser);

    connect(back, &QToolButton::clicked, m_browser, &QTextBrowser::backward);
    connect(forward, &QToolButton::clicked, m_browser, &QTextBrowser::forward);
    connect(contents, &QToolButton::clicked, this, [this] { showPage(indexPage); });
    connect(m_browser, &QTextBrowser::backwardAvailable, back, &QWidget::setEnabled);
    connect(m_browser, &QTextBrowser::forwardAvailable, forward, &QWidget::setEnabled);
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshMilliseconds);
    connect(&m_refresh, &QTimer::timeout, m_browser, &HelpBrowser::refresh);
    connect(&document, &Document::changed, this, &HelpPanel::later);
    connect(&document.selection(), &SelectionModel::changed, this, &HelpPanel::later);
    back->setEnabled(false);
    forward->setEnabled(false);
    m_browser->setSource(helpPageUrl(indexPage));
}

QToolButton* HelpPanel::addButton(const QString& name, const QString& text, const QString& tip)
{
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolTip(tip);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

void HelpPanel::showPage(const QString& id)
{
    const QString known = helpPageSource(id).isEmpty() ? indexPage : id;
    if (known != page())
        m_browser->setSource(helpPageUrl(known));
}

QString HelpPanel::page() const
{
    return helpPageId(m_browser->source());
}

void HelpPanel::later()
{
    if (isVisible() && !m_refresh.isActive())
        m_refresh.start();
}

void HelpPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_browser->refresh();
}

} // namespace qbn::ui

#include "moc_help_panel.cpp"
