#pragma once

#include "app/cli/command.h"

#include <cstddef>
#include <optional>

namespace qbn::cli {

/// A layer of the file that is a subcommand's first argument, and what computes it.
struct OpenedLayer
{
    QString path;
    Model model;
    std::size_t index = 0;
    const Backend* backend = nullptr; ///< where an option for it was given
    std::optional<ExitCode> failure
        = {}; ///< what the command ends with; the rest means nothing then

    const BatchNormLayer& layer() const { return *model.layers[index]; }
};

/// The layer that the option names, or the file's only one; with the option of a backend also chosen_backend(). Complains of what
/// fails.
OpenedLayer open_layer(const QCommandLineParser& parser, const QCommandLineOption& layer,
                       const std::optional<QCommandLineOption>& backend = {});

/// Says on standard error what the file does not give of the layer, or of all layers, so that what stands for it is a guess, and
/// what the reader noted of the file.
void note_guesses(const QString& path, const Model& model, std::optional<int> layer = {});

/// What --backend names; where it is not given, the backend that the file is for or was saved with (Model::backend), else PyTorch's.
/// Complains and gives null where there is none of the option's name.
const Backend* chosen_backend(const QCommandLineParser& parser, const QCommandLineOption& backend,
                              std::string_view of_file);

} // namespace qbn::cli
