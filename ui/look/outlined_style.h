#pragma once

#include <QProxyStyle>

namespace qbn::ui {

/// Fusion, with an outline around check boxes that is seen on a dark window as well, and check boxes
/// and radio buttons that grow with the text beside them. The wheel
/// changes a combo box only with the focus, which it does not give.
class OutlinedStyle : public QProxyStyle
{
    Q_OBJECT

public:
    OutlinedStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget = nullptr) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option,
                    const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returned) const override;
    using QProxyStyle::polish;
    void polish(QWidget* widget) override;
};

} // namespace qbn::ui
