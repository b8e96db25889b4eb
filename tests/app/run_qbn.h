#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStringList>

namespace qbn::test {

/// What a run of the command line program left.
struct Outcome
{
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
};

inline Outcome runQbn(const QStringList& arguments,
                      const QProcessEnvironment& environment
                      = QProcessEnvironment::systemEnvironment(),
                      const QByteArray& input = {})
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(QBN_CLI), arguments);
    if (!input.isEmpty()) {
        process.write(input);
        process.closeWriteChannel();
    }
    if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace qbn::test
