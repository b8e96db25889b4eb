#include "ui/panels/codes/finding_panel.h"

#include "ui/document/document.h"
#include "ui/look/plain_text.h"
#include "ui/panels/codes/finding_delegate.h"
#include "ui/panels/codes/finding_model.h"

#include <QLabel>
#include <QListView>
#include <QVBoxLayout>

namespace qbn::ui {

FindingPanel::FindingPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(new FindingModel(document, this))
    , m_list(new QListView(this))
    , m_nothing(plainLabel(this))
{
    setObjectName(QStringLiteral("findingPanel"));
    setAccessibleName(tr("Findings"));
    m_list->setObjectName(QStringLiteral("findingList"));
    m_list->setAccessibleName(tr("Findings of the layer"));
    m_list->setToolTip(tr("Click or Enter goes to the channel"));
    m_list->setModel(m_model);
    m_list->setModelColumn(FindingModel::Sentence);
    m_list->setItemDelegate(new FindingDelegate(m_list));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setLayoutMode(QListView::Batched);
    m_nothing->setObjectName(QStringLiteral("noFindings"));
    m_nothing->setForegroundRole(QPalette::PlaceholderText);
    m_nothing->setWordWrap(true);
    m_nothing->setMargin(8);
    m_nothing->setAlignment(Qt::AlignTop | Qt::AlignLeft);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_nothing);
    layout->addWidget(m_list, 1);
    setFocusProxy(m_list);

    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& at) { goTo(at.row()); });
    connect(m_list, &QListView::activated, this, [this](const QModelIndex& at) { goTo(at.row()); });
    connect(m_model, &FindingModel::refreshed, this, &FindingPanel::refresh);
    // A new sentence may need more lines.
    connect(m_model, &FindingModel::dataChanged, m_list, &QListView::doItemsLayout);
    refresh();
}

// A view that goes later would tell of a row to a panel that is no more.
FindingPanel::~FindingPanel()
{
    delete m_list;
}

void FindingPanel::refresh()
{
    const bool any = m_model->rowCount() > 0;
    m_list->setVisible(any);
    m_nothing->setVisible(!any);
    m_nothing->setText(m_model->isPending() ? tr("Looking through the channels…")
                                            : tr("No findings"));
}

void FindingPanel::goTo(int row)
{
    if (const std::optional<int> channel = m_model->findingAt(row).channel)
        m_document.selection().setChannel(*channel);
}

} // namespace qbn::ui

#include "moc_finding_panel.cpp"
