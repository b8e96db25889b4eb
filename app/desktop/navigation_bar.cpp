#include "app/desktop/navigation_bar.h"

#include "ui/edit/int_edit.h"
#include "ui/look/glossary.h"
#include "ui/look/plain_text.h"

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QSignalBlocker>

namespace qbn::desktop {

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

void name(QWidget& widget, const QString& objectName, const QString& accessibleName,
          const QString& toolTip)
{
    widget.setObjectName(objectName);
    widget.setAccessibleName(accessibleName);
    widget.setToolTip(toolTip);
}

} // namespace

NavigationBar::NavigationBar(ui::Document& document, QWidget* parent)
    : QToolBar(tr("Navigation"), parent)
    , m_document(document)
    , m_layer(new QComboBox(this))
    , m_channel(new ui::IntEdit(this))
    , m_channels(ui::plainLabel(this))
    , m_backend(new QComboBox(this))
{
    setObjectName(QStringLiteral("navigationBar"));
    addLayer();
    addChannel();
    addBackend();
    setNarrowest();
    connect(&m_document, &ui::Document::commitRequested, m_channel, &ui::IntEdit::commit);
    connect(&m_document, &ui::Document::changed, this, &NavigationBar::refresh);
    connect(&m_document.selection(), &ui::SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
    refresh();
}

QLabel* NavigationBar::addLabel(const QString& caption, QWidget* buddy)
{
    QLabel* label = ui::plainLabel(caption, this);
    label->setContentsMargins(8, 0, 4, 0);
    label->setBuddy(buddy);
    label->setToolTip(ui::definitionOf(buddy->accessibleName()));
    addWidget(label);
    addWidget(buddy);
    return label;
}

/// Lists give way before anything is left out of the bar.
void NavigationBar::setNarrowest()
{
    for (QComboBox* list : {m_layer, m_backend})
        list->setMinimumWidth(10 * fontMetrics().averageCharWidth());
    m_layer->setMaximumWidth(40 * fontMetrics().averageCharWidth());
}

void NavigationBar::changeEvent(QEvent* event)
{
    QToolBar::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        setNarrowest();
}

void NavigationBar::addLayer()
{
    name(*m_layer, QStringLiteral("layerChooser"), tr("Layer"),
         tr("The layer of the open file that is shown"));
    m_layer->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    addLabel(tr("&Layer"), m_layer);
    connect(m_layer, &QComboBox::activated, this,
            [this](int index) { m_document.selection().setLayer(index); });
}

void NavigationBar::addChannel()
{
    name(*m_channel, QStringLiteral("channelChooser"), tr("Channel"),
         tr("The channel that is shown, from 0 (Ctrl+PgUp, Ctrl+PgDown)"));
    addLabel(tr("&Channel"), m_channel);
    m_channels->setContentsMargins(4, 0, 0, 0);
    m_channels->setObjectName(QStringLiteral("channelCount"));
    addWidget(m_channels);
    connect(m_channel, &ui::IntEdit::valueEdited, this,
            [this](int channel) { m_document.selection().setChannel(channel); });
}

void NavigationBar::addBackend()
{
    name(*m_backend, QStringLiteral("backendChooser"), tr("Backend"),
         tr("The arithmetic that gives the output codes"));
    m_backend->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    for (int row = 0; const BackendChoice& choice : m_document.experiment().backends)
        showBackend(row++, choice);
    addLabel(tr("&Backend"), m_backend);
    connect(m_backend, &QComboBox::activated, this, [this](int index) {
        m_document.chooseBackend(
            *find_backend(m_backend->itemData(index).toString().toStdString()));
    });
}

void NavigationBar::showBackend(int row, const BackendChoice& choice)
{
    const QString id = QString::fromStdString(choice.id);
    if (row == m_backend->count())
        m_backend->addItem({});
    const Backend& backend = *find_backend(choice.id);
    if (m_backend->itemData(row).toString() == id
        && m_backend->itemText(row) == text(backend.title))
        return;
    m_backend->setItemData(row, id);
    m_backend->setItemText(row, text(backend.title));
    m_backend->setItemData(row,
                           ui::plainToolTip(text(backend.formula) + u'\n' + text(backend.source)),
                           Qt::ToolTipRole);
}

void NavigationBar::refresh()
{
    const auto& layers = m_document.experiment().model.layers;
    const QSignalBlocker layerBlocker(m_layer);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto row = static_cast<int>(i);
        const QString layerName = ui::shownText(layers[i]->name);
        if (row == m_layer->count())
            m_layer->addItem(layerName);
        else if (m_layer->itemText(row) != layerName)
            m_layer->setItemText(row, layerName);
    }
    while (m_layer->count() > static_cast<int>(layers.size()))
        m_layer->removeItem(m_layer->count() - 1);
    m_layer->setCurrentIndex(m_document.selection().layer());

    const int channels = m_document.layer().channels();
    m_channel->setRange(0, channels - 1);
    m_channel->setValue(m_document.selection().channel());
    m_channels->setText(tr("of %1").arg(channels));

    const QSignalBlocker backendBlocker(m_backend);
    const auto& choices = m_document.experiment().backends;
    for (int row = 0; const BackendChoice& choice : choices)
        showBackend(row++, choice);
    while (m_backend->count() > static_cast<int>(choices.size()))
        m_backend->removeItem(m_backend->count() - 1);
    m_backend->setCurrentIndex(
        m_backend->findData(QString::fromStdString(m_document.experiment().backend)));
}

} // namespace qbn::desktop

#include "moc_navigation_bar.cpp"
