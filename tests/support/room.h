#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <string_view>

namespace qbn::tests {

/// All test classes of a room are one program, since Qt's headers, read once a program, would take
/// most of the build. It is called with the name of one source file, as ctest does: tests_core
/// tst_quantization [arguments of Qt Test].
class Registration
{
public:
    Registration(std::string_view path, std::function<std::unique_ptr<QObject>()> make);
};

} // namespace qbn::tests

/// What QTEST_MAIN is where a test class is a program of its own.
#define QBN_TEST(TestClass)                                                                        \
    static const qbn::tests::Registration registration(                                            \
        __FILE__, [] { return std::make_unique<TestClass>(); });
