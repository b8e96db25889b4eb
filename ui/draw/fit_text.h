#pragma once

#include "ui/draw/fixed_pitch_face.h"
#include "ui/look/theme.h"

#include <QStringList>
#include <QWidget>

#include <map>

namespace qbn::ui {

/// Monospaced text that is never cut or elided: it breaks at spaces, becomes smaller, and as a last
/// resort breaks inside of a word. Its size hint does not depend on the text, so a new text costs
/// one repaint and no layout.
class FitText : public QWidget
{
    Q_OBJECT

public:
    /// `factor`: preferred size as a multiple of the widget font's; `rows`: how many rows of
    /// that size there is room for.
    FitText(qreal factor, qreal rows, QWidget* parent = nullptr);

    const QString& text() const { return m_text; }
    void setText(const QString& text);
    void setKind(ValueKind kind);
    void setBold(bool bold);

    /// The rows as painted at the present size, and the size of their font in pixels.
    QStringList shownRows() const { return fitted().rows; }
    int shownPixelSize() const { return fitted().pixelSize; }
    /// The width that the widest painted row takes.
    qreal shownWidth() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Fitted
    {
        QStringList rows;
        int pixelSize = 0;
        QSize room; ///< the size of the widget that it was made for
    };

    const Fitted& fitted() const;
    Fitted fit() const;
    const FixedPitchFace& face(int pixelSize) const;
    int preferredPixelSize() const;
    void forget();

    QString m_text;
    ValueKind m_kind = ValueKind::Muted;
    qreal m_factor;
    qreal m_rows;
    bool m_bold = false;
    mutable Fitted m_fitted; ///< empty pixelSize: not yet known
    mutable std::map<int, FixedPitchFace> m_faces; ///< by their size in pixels
};

} // namespace qbn::ui
