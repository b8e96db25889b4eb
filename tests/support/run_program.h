#pragma once

#include <QProcess>
#include <QStringList>

namespace qbn::test {

struct ProgramRun
{
    bool succeeded = false;
    QByteArray output;
    QByteArray errors; ///< or why it did not run
};

/// Runs a program to its end, a minute at most.
inline ProgramRun runProgram(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(60000))
        return {false, {}, (program + QStringLiteral(": ") + process.errorString()).toUtf8()};
    return {process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0,
            process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace qbn::test
