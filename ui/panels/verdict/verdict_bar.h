#pragma once

#include "core/evaluate/code_verdict.h"

#include <QFont>
#include <QStaticText>
#include <QWidget>

#include <array>

namespace qbn::ui {

class Document;
struct Colors;

/// One sentence on the selected code, always of the present: what becomes of it, who differs, how
/// near a tie is; at the right what it was before the last change. A row, or two where the window
/// is narrow; what does not fit is in the tooltip. A click leads to what is missing, or to a
/// difference.
class VerdictBar : public QWidget
{
    Q_OBJECT

public:
    explicit VerdictBar(Document& document, QWidget* parent = nullptr);

    QString sentence() const { return accessibleName(); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

signals:
    void fieldWanted(Field field); ///< nobody gave its value
    void differenceWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refresh();
    void follow();
    bool leadsSomewhere() const;
    int rowsAt(int width) const;
    int rowHeight() const;
    int paintTransition(QPainter& painter, int y) const;
    QColor judgement(const Colors& colors) const;
    void embolden();

    Document& m_document;
    CodeVerdict m_verdict;
    QFont m_strong; ///< looking it up costs more than painting

    /// Texts as they were painted last; most come again.
    struct Piece
    {
        QStaticText text;
        QFont font;
    };
    enum PieceIndex : quint8
    {
        Before,
        Input,
        Between,
        Output,
        Behind,
        Rest,
        Change,
        PieceCount
    };
    const QStaticText& piece(PieceIndex index, const QString& words, const QFont& font) const;
    mutable std::array<Piece, PieceCount> m_pieces;
};

} // namespace qbn::ui
