#pragma once

#include "app/desktop/file_actions.h"

#include <QTest>

namespace qbn::test {

/// Opens a file and waits for it, however slow the machine is. False if it failed or was called off.
inline bool opens(desktop::FileActions& files, const QString& path)
{
    bool opened = false;
    const auto connection = QObject::connect(&files, &desktop::FileActions::opened, &files,
                                             [&opened] { opened = true; });
    files.open(path);
    const bool over = QTest::qWaitFor([&files] { return !files.isReading(); }, 60000);
    QObject::disconnect(connection);
    return over && opened;
}

} // namespace qbn::test
