#pragma once

#include "app/cli/command.h"
#include "core/layer/batch_norm.h"

#include <QCommandLineOption>
#include <QCommandLineParser>
#include <QList>

#include <optional>
#include <string>
#include <vector>

namespace qbn::cli {

/// The options that say what was observed.
struct ObservationOptions
{
    QCommandLineOption single{
        QStringLiteral("observation"),
        QStringLiteral(
            "What went into a channel and what was measured or calculated for it, each a "
            "code (38) or, with a point or an exponent, a real value (0.299); may be "
            "given several times."),
        QStringLiteral("CHANNEL:IN=OUT")};
    QCommandLineOption file{
        QStringLiteral("observations"),
        QStringLiteral("A CSV file of them. Its first line is channel,input_code,output_code or, "
                       "for real values, channel,input,output."),
        QStringLiteral("FILE")};
    QCommandLineOption input{
        QStringLiteral("input"),
        QStringLiteral("The layer's input, an array of NumPy with the channel in dimension 1: "
                       "integers are codes, floats real values."),
        QStringLiteral("FILE.npy")};
    QCommandLineOption output{QStringLiteral("output"),
                              QStringLiteral("The layer's output for --input, of the same shape."),
                              QStringLiteral("FILE.npy")};

    QList<QCommandLineOption> all() const { return {single, file, input, output}; }
};

/// Adds what the options say to the layer's observations, and to `assumed` which codes real values
/// were taken for. Complains and gives the exit code where one is wrong.
std::optional<ExitCode> add_observations(const QCommandLineParser& parser,
                                         const ObservationOptions& options, BatchNormLayer& layer,
                                         std::vector<std::string>& assumed);

} // namespace qbn::cli
