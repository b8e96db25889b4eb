#pragma once

#include <QSplitter>

namespace qbn::desktop {

/// A splitter whose parts keep their shares of the room, so that a window that was made small and
/// large again looks as before. The user's hand changes the shares.
class ShareSplitter : public QSplitter
{
    Q_OBJECT

public:
    /// With names for the handle, which takes no focus.
    ShareSplitter(Qt::Orientation orientation, const QList<int>& shares, QWidget* parent = nullptr);

    const QList<int>& shares() const { return m_shares; }
    /// Nothing happens unless there is a positive one for each part.
    void setShares(const QList<int>& shares);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void distribute();

    QList<int> m_shares;
};

} // namespace qbn::desktop
