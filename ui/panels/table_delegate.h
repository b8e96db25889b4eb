#pragma once

#include "ui/widgets/theme.h"

#include <QStyledItemDelegate>

namespace qbn::ui {

/// A number in at most so many characters: all its digits if they fit, rounded to as many as fit
/// otherwise. Never cut; a number that cannot be said in so few comes with one digit.
QString fittedNumber(double value, const QString& exactText, qsizetype characters);

/// Draws cells with a thin line below and the current row in its colour. It asks the model for no
/// more than it paints, since a table repaints on each edit. Numbers (SortRole is a double) are
/// rounded to the width of their cell. Edits as a line of text that takes what core's
/// parse_typed_number reads.
class TableDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// Room left and right of a cell's text, in pixels.
    int padding() const { return m_padding; }
    void setPadding(int padding) { m_padding = padding; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;

private:
    const Colors& colors(const QPalette& palette) const;
    static QString cellText(const QModelIndex& index, const QFont& font, int width,
                            Qt::Alignment alignment);

    int m_padding = 5;
    mutable Colors m_colors;
    mutable qint64 m_paletteKey = -1;
};

} // namespace qbn::ui
