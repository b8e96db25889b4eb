#pragma once

#include "core/backends/bound_backend.h"
#include "core/export/code_format.h"
#include "tests/support/golden.h"
#include "tests/support/run_program.h"
#include "tests/support/wild_layer.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace qbn::test {

inline const QString gcc = QStringLiteral("cc -O2");
inline const QString python = QStringLiteral("/usr/bin/python3");

inline QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// As exported code prints them: a line a channel.
inline QString printedCodes(const CodeRequest& request)
{
    QString text;
    BoundBackend bound(request.backend, request.layer);
    for (int channel = 0; channel < request.layer.channels(); ++channel) {
        if (request.channel && channel != *request.channel)
            continue;
        QStringList line;
        for (const std::int32_t code : bound.codes(channel))
            line << QString::number(code);
        text += line.join(u' ') + u'\n';
    }
    return text;
}

/// What no trained layer has, and every seventh golden layer: both types, with and without ReLU.
inline const std::vector<BatchNormLayer>& testLayers()
{
    static const std::vector<BatchNormLayer> layers = [] {
        std::vector<BatchNormLayer> all{wildLayer(quint8_type, qint8_type, false),
                                        wildLayer(qint8_type, quint8_type, true)};
        for (const QString& session :
             {QStringLiteral("hard"), QStringLiteral("lanes"), QStringLiteral("pairs")}) {
            const Model model = goldenModel(session);
            for (std::size_t i = 0; i < model.layers.size(); i += 7)
                all.push_back(*model.layers[i]);
        }
        return all;
    }();
    return layers;
}

/// Two of them for each test row: a compiler takes its time.
inline std::vector<BatchNormLayer> layersOfRow(std::size_t row)
{
    const auto& all = testLayers();
    const std::size_t golden = all.size() - 2;
    return {all[row % 2], all[2 + row % golden]};
}

/// Layers one behind the other in one text: which channel differs, if any.
inline QString firstDifference(const QString& want, const QString& got)
{
    const QStringList wanted = want.split(u'\n');
    const QStringList given = got.split(u'\n');
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (i >= given.size() || wanted[i] != given[i])
            return QStringLiteral("line %1: %2 instead of %3")
                .arg(i)
                .arg(i < given.size() ? given[i] : QStringLiteral("nothing"), wanted[i]);
    }
    return given.size() == wanted.size() ? QString() : QStringLiteral("more than was asked for");
}

inline void addBackendRows()
{
    QTest::addColumn<QString>("id");
    for (const Backend& backend : all_backends())
        QTest::newRow(backend.id.data()) << textOf(backend.id);
}

/// Writes exported code into a folder of its own and runs it there.
class ExportedCode
{
public:
    QString write(const QString& name, const std::string& text)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(text.data(), static_cast<qint64>(text.size()));
        return file.fileName();
    }

    /// What the exported code prints; instead of it what went wrong. `compiler` has its options behind it.
    QString printedBy(CodeFormat format, const CodeRequest& request, const QString& compiler = {})
    {
        const Result<std::string> text = code_text(format, request);
        if (!text)
            return QString::fromStdString(text.error().message);
        if (format == CodeFormat::numpy) {
            const ProgramRun run
                = runProgram(python, {write(QStringLiteral("exported.py"), *text)});
            return QString::fromUtf8(run.succeeded && run.errors.isEmpty() ? run.output
                                                                           : run.errors);
        }
        const bool isHls = format == CodeFormat::hls;
        const QString source
            = write(isHls ? QStringLiteral("exported.cpp") : QStringLiteral("exported.c"), *text);
        const QString program = m_folder.filePath(QStringLiteral("exported"));
        QStringList words = compiler.split(u' ');
        const QString command = words.takeFirst();
        if (isHls)
            words << QStringLiteral("-std=c++17")
                  << QStringLiteral("-I" QBN_TEST_DATA "/../support/hls");
        else
            words << QStringLiteral("-Wall") << QStringLiteral("-Wextra")
                  << QStringLiteral("-Werror")
                  << (compiler.contains(QStringLiteral("-std=")) ? QStringLiteral("-g0")
                                                                 : QStringLiteral("-std=c99"));
        words << QStringLiteral("-DQBN_MAIN") << source << QStringLiteral("-o") << program
              << QStringLiteral("-lm");
        const ProgramRun compiled = runProgram(command, words);
        if (!compiled.succeeded)
            return QString::fromUtf8(compiled.errors);
        const ProgramRun run = runProgram(program, {});
        return QString::fromUtf8(run.succeeded ? run.output : run.errors);
    }

    bool isValid() const { return m_folder.isValid(); }

private:
    QTemporaryDir m_folder;
};

} // namespace qbn::test
