#include "ui/panels/table_delegate.h"

#include "core/text_number.h"
#include "ui/models/table_roles.h"

#include <QFontMetricsF>
#include <QLineEdit>
#include <QPainter>
#include <QValidator>

#include <algorithm>

namespace qbn::ui {

namespace {

class TypedNumberValidator : public QValidator
{
public:
    using QValidator::QValidator;

    State validate(QString& input, int& /*position*/) const override
    {
        return parse_typed_number(input.toStdString()) ? Acceptable : Intermediate;
    }
};

} // namespace

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

    const QVariant font = index.data(Qt::FontRole);
    const QVariant color = index.data(Qt::ForegroundRole);
    const auto alignment = index.data(Qt::TextAlignmentRole).value<Qt::Alignment>();
    painter->setFont(font.isValid() ? font.value<QFont>().resolve(option.font) : option.font);
    painter->setPen(color.isValid() ? color.value<QColor>() : palette.text);
    const QRect inner = option.rect.adjusted(m_padding, 0, -m_padding, 0);
    painter->drawText(inner, static_cast<int>(alignment.toInt()) | Qt::TextSingleLine,
                      cellText(index, painter->font(), inner.width(), alignment));

    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(palette.code);
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
}

QWidget* TableDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& /*option*/,
                                     const QModelIndex& index) const
{
    auto* edit = new QLineEdit(parent);
    const QString name
        = index.model()->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString();
    edit->setObjectName(QStringLiteral("cellEditor"));
    edit->setAccessibleName(name);
    edit->setToolTip(tr("A number, such as 1e-5, 1/127 or tensor([0.5])"));
    edit->setFrame(false);
    edit->setFont(index.data(Qt::FontRole).value<QFont>().resolve(parent->font()));
    edit->setAlignment(Qt::AlignRight);
    edit->setValidator(new TypedNumberValidator(edit));
    return edit;
}

const Colors& TableDelegate::colors(const QPalette& palette) const
{
    if (palette.cacheKey() != m_paletteKey) {
        m_colors = colorsFor(palette);
        m_paletteKey = palette.cacheKey();
    }
    return m_colors;
}

QString TableDelegate::cellText(const QModelIndex& index, const QFont& font, int width,
                                Qt::Alignment alignment)
{
    const QString text = index.data(Qt::DisplayRole).toString();
    const QFontMetricsF metrics(font);
    if (!alignment.testFlag(Qt::AlignRight))
        return metrics.elidedText(text, Qt::ElideRight, width);
    const auto characters = static_cast<qsizetype>(width / metrics.horizontalAdvance(u'0'));
    if (text.size() <= characters)
        return text;
    const QVariant number = index.data(SortRole);
    return number.typeId() == QMetaType::Double ? fittedNumber(number.toDouble(), text, characters)
                                                : text;
}

} // namespace qbn::ui
