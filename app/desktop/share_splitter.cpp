#include "app/desktop/share_splitter.h"

#include <algorithm>
#include <numeric>

namespace qbn::desktop {

ShareSplitter::ShareSplitter(Qt::Orientation orientation, const QList<int>& shares, QWidget* parent)
    : QSplitter(orientation, parent)
    , m_shares(shares)
{
    setChildrenCollapsible(false);
    connect(this, &QSplitter::splitterMoved, this, [this] { m_shares = sizes(); });
}

void ShareSplitter::setShares(const QList<int>& shares)
{
    if (shares.size() != count()
        || std::ranges::any_of(shares, [](int share) { return share < 1; }))
        return;
    m_shares = shares;
    distribute();
}

void ShareSplitter::distribute()
{
    const int room = orientation() == Qt::Horizontal ? width() : height();
    const int all = std::accumulate(m_shares.begin(), m_shares.end(), 0);
    QList<int> wanted;
    for (const int share : m_shares)
        wanted << static_cast<int>(static_cast<qint64>(room) * share / all);
    setSizes(wanted);
}

void ShareSplitter::resizeEvent(QResizeEvent* event)
{
    QSplitter::resizeEvent(event);
    distribute();
}

} // namespace qbn::desktop

#include "moc_share_splitter.cpp"
