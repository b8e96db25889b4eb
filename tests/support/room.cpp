#include "tests/support/room.h"

#include <QTest>

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#ifdef QBN_ROOM_HAS_WIDGETS
#include <QApplication>
using Application = QApplication;
#else
#include <QCoreApplication>
using Application = QCoreApplication;
#endif

namespace {

using Makers = std::map<std::string, std::function<std::unique_ptr<QObject>()>>;

Makers& makers()
{
    static Makers all;
    return all;
}

} // namespace

qbn::tests::Registration::Registration(std::string_view path,
                                       std::function<std::unique_ptr<QObject>()> make)
{
    makers().emplace(std::filesystem::path(path).stem().string(), std::move(make));
}

int main(int argc, char* argv[])
{
    const auto named = argc > 1 ? makers().find(argv[1]) : makers().end();
    if (named == makers().end()) {
        std::fprintf(stderr, "usage: %s NAME [arguments of Qt Test]; NAME is one of\n", argv[0]);
        for (const auto& [name, make] : makers())
            std::fprintf(stderr, "  %s\n", name.c_str());
        return 2;
    }
    Application application(argc, argv);
    QCoreApplication::setAttribute(
        Qt::AA_Use96Dpi); // as QTEST_MAIN does, for layouts that do not depend on the screen
    // Qt Test sees the arguments without the name.
    std::vector<char*> rest(argv, argv + argc);
    rest.erase(rest.begin() + 1);
    return QTest::qExec(named->second().get(), static_cast<int>(rest.size()), rest.data());
}
