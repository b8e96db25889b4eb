#pragma once

#include <QTest>
#include <QWidget>

namespace qbn::test {

/// A child by its name. Fails the test and gives nothing where there is none.
template <typename Widget> Widget* findWidget(const QWidget& parent, const char* name)
{
    auto* widget = parent.findChild<Widget*>(QLatin1String(name));
    if (!widget)
        QTest::qFail(name, __FILE__, __LINE__);
    return widget;
}

} // namespace qbn::test
