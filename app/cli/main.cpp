#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/version.h"
#include "core/formats/bytes/file_name.h"
#include "core/text/locale.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cfenv>
#include <cstdio>
#include <iterator>

namespace {

using namespace qbn::cli;

constexpr std::array<Command, 13> commands{{
    {"inspect", "layers, channels, types, scales, where each value came from, findings",
     run_inspect},
    {"export",
     "every input code, stage by stage, as CSV; or the layer as C, NumPy, PyTorch, ONNX, ..",
     run_export},
    {"apply", "a whole tensor of codes through a layer, as fast as memory", run_apply},
    {"activations",
     "whole tensors of codes: saturation and SQNR of a layer's own input, which backend gave the "
     "output",
     run_activations},
    {"codes", "the output codes of a layer as a NumPy array", run_codes},
    {"compare", "where backends give different codes, and how near the codes lie to a tie",
     run_compare},
    {"explain", "measured codes: which backend or which known mistake gives them", run_explain},
    {"identify", "which formula an unknown device ran, from the codes that it gave", run_identify},
    {"audit", "saturation, dead and merged codes, noise, better output parameters", run_audit},
    {"why", "two backends side by side on one code, and the cause of their difference", run_why},
    {"formula", "the backends, the formula of each, and the words of which formulas are made",
     run_formula},
    {"check", "runs the layers through the PyTorch or ONNX Runtime of your own Python", run_check},
    {"snippet", "lines of Python for a notebook that print all a layer needs", run_snippet},
}};

QString help_text()
{
    QString text = QStringLiteral(
        "Usage: qbn COMMAND ...\n"
        "Quantized Batch Norm Explorer on the command line: what PyTorch, ONNX Runtime and exact\n"
        "mathematics make of each input code of a quantized batch norm layer.\n\nCommands:\n");
    for (const Command& command : commands)
        text += QStringLiteral("  %1  %2\n")
                    .arg(QString::fromUtf8(command.name), -11)
                    .arg(QString::fromUtf8(command.summary));
    return text
        + QStringLiteral(
               "\nOptions:\n"
               "  -h, --help     this text; qbn COMMAND --help tells more\n"
               "  -v, --version  the version\n"
               "\nExit codes: 0 done, 1 a finding was asked for and found, 2 usage, 3 bad input, "
               "4 could not write.\n");
}

ExitCode print(const QString& text)
{
    Output output({});
    output.write(text.toStdString());
    return output.finish();
}

ExitCode run(const QStringList& arguments)
{
    if (arguments.size() < 2) {
        std::fputs(qPrintable(help_text()), stderr);
        return usage_error;
    }
    const QString& name = arguments[1];
    if (name == QStringLiteral("--help") || name == QStringLiteral("-h")
        || name == QStringLiteral("help"))
        return print(help_text());
    if (name == QStringLiteral("--version") || name == QStringLiteral("-v"))
        return print(QStringLiteral("qbn " QBN_VERSION "\n"));
    for (const Command& command : commands) {
        if (name == QString::fromUtf8(command.name))
            return command.run(arguments.mid(1));
    }
    complain(QStringLiteral("there is no command \"%1\"; see qbn --help").arg(name));
    return usage_error;
}

} // namespace

int main(int argc, char* argv[])
{
    qbn::use_utf8_locale();
    // Every backend is defined in round-to-nearest.
    if (std::fegetround() != FE_TONEAREST) {
        complain(QStringLiteral("the processor does not round to nearest; codes would be wrong"));
        return usage_error;
    }
    // QCoreApplication::arguments() would lose what is not UTF-8 in a file name.
    QStringList arguments;
    std::transform(argv, argv + argc, std::back_inserter(arguments),
                   [](const char* argument) { return qbn::file_name_text(argument); });
    const QCoreApplication application(argc, argv);
    return run(arguments);
}
