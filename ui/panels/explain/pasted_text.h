#pragma once

#include "core/paste/claim.h"

#include <QTextBrowser>

#include <optional>
#include <vector>

namespace qbn::ui {

/// A pasted text with its numbers in the colour of what they became. What has no effect is grey; a
/// tool tip says why, or what a number is. A click on a number offers to correct it.
class PastedText : public QTextBrowser
{
    Q_OBJECT

public:
    explicit PastedText(QWidget* parent = nullptr);

    /// `claims` are those of the text, in its order. Shows the first number that is used.
    void setPasted(const QString& text, std::vector<Claim> claims);
    void forget();

    /// The number at a position of the document, if one stands there.
    const Claim* claimAt(int position) const;

signals:
    void corrected(const Correction& correction);

protected:
    bool event(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// Where a claim stands, in QTextDocument's positions.
    struct Place
    {
        int begin = 0;
        int end = 0;
    };

    void colour();
    void offerCorrections(const Claim& claim, const QPoint& place);

    std::vector<Claim> m_claims;
    std::vector<Place> m_places;
};

} // namespace qbn::ui
