// The picture of an AgreementMap, for files and the clipboard.

#include "core/evaluate/stage.h"
#include "ui/document/document.h"
#include "ui/look/table_style.h"
#include "ui/panels/agreement/agreement_map.h"

#include <QPainter>

namespace qbn::ui {

QString AgreementMap::fullTitle() const
{
    const Evaluation& shown = m_document.evaluation();
    return tr("Agreement of backends: %1, %2")
        .arg(QString::fromStdString(shown.layer->name), ui::textOf(shown.chosen->title));
}

void AgreementMap::drawPicture(QPainter& painter, QSize size, const Colors& colors, double ratio,
                               const QString& title) const
{
    constexpr int edge = 12;
    painter.fillRect(QRect(QPoint(), size), colors.surface);
    if (!title.isEmpty()) {
        QFont strong = font();
        strong.setWeight(QFont::DemiBold);
        const int height = QFontMetrics(strong).height();
        const int taken = height + edge / 2;
        painter.setFont(strong);
        painter.setPen(colors.text);
        painter.drawText(QRect(edge, edge / 2, size.width() - 2 * edge, height),
                         Qt::AlignLeft | Qt::AlignTop, title);
        painter.translate(0, taken);
        size.rheight() -= taken;
    }
    const MapFrame shown = frameOf(size, smallFont(), m_view);
    draw(painter, shown, colors, imageOf(shown, colors, ratio));
}

Picture AgreementMap::picture(const QPalette& palette, QSize size) const
{
    constexpr double sharp = 2; // of the cells, which are pixels in a vector drawing too
    const Colors colors = colorsFor(palette);
    return {.size = size,
            .title = fullTitle(),
            .pixels =
                [this, size, colors](double ratio) {
                    QPixmap pixels(size * ratio);
                    pixels.setDevicePixelRatio(ratio);
                    QPainter painter(&pixels);
                    drawPicture(painter, size, colors, ratio, fullTitle());
                    painter.end();
                    return pixels;
                },
            .paint =
                [this, size, colors](QPaintDevice& device) {
                    QPainter painter(&device);
                    drawPicture(painter, size, colors, sharp, fullTitle());
                }};
}

QPixmap AgreementMap::copy() const
{
    QPixmap pixels(size() * devicePixelRatioF());
    pixels.setDevicePixelRatio(devicePixelRatioF());
    QPainter painter(&pixels);
    drawPicture(painter, size(), colorsFor(palette()), devicePixelRatioF(), {});
    painter.end();
    return pixels;
}

} // namespace qbn::ui
