#pragma once

#include "ui/draw/fixed_pitch_face.h"
#include "ui/draw/laid_out_texts.h"
#include "ui/look/theme.h"

#include <QFont>
#include <QStyledItemDelegate>

namespace qbn::ui {

/// A number in at most so many characters: all its digits if they fit, rounded to as many as fit
/// otherwise. Never cut; a number that cannot be said in so few comes with one digit.
QString fittedNumber(double value, const QString& exactText, qsizetype characters);

/// Draws cells with a thin line below and the current row in its colour. It asks the model for no
/// more than it paints, since a table repaints on each edit. Numbers (SortRole is a double) are
/// rounded to the width of their cell. Edits as a line of text that takes what core's
/// parse_typed_number reads, and stays open with any other text until Escape.
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
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// The face of numbers and what it was made from.
    struct NumberFace
    {
        QFont model; ///< what the model asks for
        QFont view; ///< what it is resolved against
        FixedPitchFace face;
    };

    const Colors& colors(const QPalette& palette) const;
    void paintText(QPainter* painter, const QRect& cell, const QStyleOptionViewItem& option,
                   const QString& text) const;
    const FixedPitchFace& numberFace(const QFont& model, const QFont& view) const;
    void paintNumber(QPainter* painter, const QRect& cell, const QFont& view, const QFont& model,
                     const QModelIndex& index) const;

    int m_padding = 5;
    mutable Colors m_colors;
    mutable qint64 m_paletteKey = -1;
    mutable NumberFace m_numbers;
    mutable LaidOutTexts m_texts;
};

} // namespace qbn::ui
