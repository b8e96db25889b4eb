#include "ui/table/table_delegate.h"

#include "ui/table/cell_edit.h"
#include "ui/table/table_roles.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

QString fittedNumber(double value, const QString& exactText, qsizetype characters)
{
    if (exactText.size() <= characters)
        return exactText;
    QString text = exactText;
    for (int digits = static_cast<int>(std::clamp<qsizetype>(characters, 1, 17)); digits > 0;
         --digits) {
        text = QString::number(value, 'g', digits);
        if (text.size() <= characters)
            break;
    }
    return text;
}

void TableDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const Colors& palette = colors(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QVariant background = selected ? QVariant() : index.data(Qt::BackgroundRole);
    if (selected)
        painter->fillRect(option.rect, palette.currentRow);
    else if (background.isValid())
        painter->fillRect(option.rect, background.value<QColor>());
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                      palette.grid);

    const QVariant color = index.data(Qt::ForegroundRole);
    painter->setPen(color.isValid() ? color.value<QColor>() : palette.text);
    const QRect inner = option.rect.adjusted(m_padding, 0, -m_padding, 0);
    const QVariant font = index.data(Qt::FontRole);
    if (font.isValid()) {
        paintNumber(painter, inner, option.font, font.value<QFont>(), index);
    } else if (const QString text = index.data(Qt::DisplayRole).toString(); !text.isEmpty()) {
        paintText(painter, inner, option, text);
    }

    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(palette.code);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

QWidget* TableDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& /*option*/,
                                     const QModelIndex& index) const
{
    auto* edit = new CellEdit(parent);
    const QString name
        = index.model()->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString();
    edit->setObjectName(QStringLiteral("cellEditor"));
    edit->setAccessibleName(name);
    edit->setToolTip(tr("A number, such as 1e-5, 1/127 or tensor([0.5])"));
    edit->setFont(index.data(Qt::FontRole).value<QFont>().resolve(parent->font()));
    return edit;
}

void TableDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    static_cast<CellEdit*>(editor)->setCellText(index.data(Qt::EditRole).toString());
}

/// Without a number there is nothing to close the editor with.
bool TableDelegate::eventFilter(QObject* watched, QEvent* event)
{
    auto* edit = qobject_cast<CellEdit*>(watched);
    if (edit && !edit->problem().isEmpty() && event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Tab:
        case Qt::Key_Backtab:
            edit->tellProblem();
            return true;
        default:
            break;
        }
    }
    return QStyledItemDelegate::eventFilter(watched, event);
}

const Colors& TableDelegate::colors(const QPalette& palette) const
{
    if (palette.cacheKey() != m_paletteKey) {
        m_colors = colorsFor(palette);
        m_paletteKey = palette.cacheKey();
    }
    return m_colors;
}

void TableDelegate::paintText(QPainter* painter, const QRect& cell,
                              const QStyleOptionViewItem& option, const QString& text) const
{
    painter->setFont(option.font);
    const QStaticText& whole = m_texts.of(text, option.font);
    const QSizeF size = whole.size();
    if (size.width() <= cell.width()) {
        const qreal top = cell.top() + std::floor((cell.height() - size.height()) / 2);
        painter->drawStaticText(QPointF(cell.left(), top), whole);
        return;
    }
    painter->drawText(cell, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, cell.width()));
}

const FixedPitchFace& TableDelegate::numberFace(const QFont& model, const QFont& view) const
{
    if (!model.isCopyOf(m_numbers.model) || !view.isCopyOf(m_numbers.view))
        m_numbers = {model, view, FixedPitchFace(model.resolve(view))};
    return m_numbers.face;
}

void TableDelegate::paintNumber(QPainter* painter, const QRect& cell, const QFont& view,
                                const QFont& model, const QModelIndex& index) const
{
    const FixedPitchFace& face = numberFace(model, view);
    QString text = index.data(Qt::DisplayRole).toString();
    const auto characters = static_cast<qsizetype>(cell.width() / face.advance());
    if (text.size() > characters) {
        const QVariant number = index.data(SortRole);
        if (number.typeId() == QMetaType::Double)
            text = fittedNumber(number.toDouble(), text, characters);
    }
    const qreal x = cell.right() + 1 - face.advance() * static_cast<qreal>(text.size());
    const qreal y = cell.top() + (cell.height() - face.height()) / 2 + face.ascent();
    face.draw(*painter, QPointF(x, y), text);
}

} // namespace qbn::ui

#include "moc_table_delegate.cpp"
