#pragma once

#include <QProxyStyle>

namespace qbn::ui {

/// Fusion, with an outline around check boxes that is seen on a dark window as well.
class OutlinedStyle : public QProxyStyle
{
    Q_OBJECT

public:
    OutlinedStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget = nullptr) const override;
};

} // namespace qbn::ui
