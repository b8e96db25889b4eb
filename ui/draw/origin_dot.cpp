#include "ui/draw/origin_dot.h"

#include "ui/look/plain_text.h"
#include "ui/look/provenance_text.h"
#include "ui/look/theme.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace qbn::ui {

namespace {

QColor colorOf(const Colors& colors, Origin origin)
{
    switch (origin) {
    case Origin::typed:
        return colors.code;
    case Origin::inferred:
    case Origin::proposed:
    case Origin::defaulted:
    case Origin::example:
        return colors.assumed;
    case Origin::unknown:
    case Origin::file:
    case Origin::pasted:
        break;
    }
    return blend(colors.surface, colors.muted, 0.6);
}

} // namespace

OriginDot::OriginDot(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setToolTip(plainToolTip(provenanceSentence(m_provenance)));
}

void OriginDot::setProvenance(const Provenance& provenance)
{
    if (provenance == m_provenance)
        return;
    m_provenance = provenance;
    const QString sentence = provenanceSentence(provenance);
    setToolTip(plainToolTip(sentence));
    setAccessibleDescription(sentence);
    update();
}

QSize OriginDot::sizeHint() const
{
    const int side = std::max(10, fontMetrics().height() * 2 / 3);
    return {side, side};
}

void OriginDot::paintEvent(QPaintEvent*)
{
    const Colors colors = colorsFor(palette());
    const QColor color = colorOf(colors, m_provenance.origin);
    const bool hollow = m_provenance.origin == Origin::unknown;
    const qreal unit = sizeHint().height() / 10.0;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hollow ? QPen(colors.muted, 1.4 * unit) : QPen(Qt::NoPen));
    painter.setBrush(hollow ? QBrush(Qt::NoBrush) : QBrush(color));
    const qreal radius = (hollow ? 3.3 : 4) * unit;
    painter.drawEllipse(QRectF(rect()).center(), radius, radius);
}

void OriginDot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        update();
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

} // namespace qbn::ui

#include "moc_origin_dot.cpp"
