#pragma once

#include "app/cli/command.h"

#include <cstddef>
#include <variant>

namespace qbn::cli {

/// A layer of the file that is a subcommand's first argument.
struct OpenedLayer
{
    QString path;
    Model model;
    std::size_t index = 0;

    const BatchNormLayer& layer() const { return *model.layers[index]; }
};

/// The layer that the option names, or the file's only one; an exit code after a complaint.
std::variant<OpenedLayer, ExitCode> open_layer(const QCommandLineParser& parser,
                                               const QCommandLineOption& layer);

/// What --backend names; where it is not given, the backend that the file is for or was saved with (Model::backend), else PyTorch's.
/// Complains and gives null where there is none of the option's name.
const Backend* chosen_backend(const QCommandLineParser& parser, const QCommandLineOption& backend,
                              std::string_view of_file);

} // namespace qbn::cli
