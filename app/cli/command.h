#pragma once

#include "core/backends/backend.h"
#include "core/batch_norm.h"

#include <QCommandLineParser>
#include <QString>
#include <QStringList>

#include <optional>
#include <span>

namespace qbn::cli {

/// What the process returns; scripts and CI rely on it.
enum ExitCode : int
{
    done = 0,
    found = 1, ///< a finding was asked for and there is one
    usage_error = 2,
    bad_input = 3,
    not_written = 4,
};

/// A subcommand: `arguments` begins with the subcommand's own name, as argv does.
struct Command
{
    const char* name;
    const char* summary;
    ExitCode (*run)(const QStringList& arguments);
};

ExitCode run_inspect(const QStringList& arguments);
ExitCode run_export(const QStringList& arguments);
ExitCode run_codes(const QStringList& arguments);

/// One line on standard error, "qbn: " in front.
void complain(const QString& sentence);

/// Parses and answers --help. Nothing is returned when the command is to go on; the parser then
/// holds `positional` arguments at least and at most.
std::optional<ExitCode> parse(QCommandLineParser& parser, const QStringList& arguments,
                              int positional);

/// The options that several subcommands share.
QCommandLineOption layer_option();
QCommandLineOption channel_option();
QCommandLineOption backend_option();

/// Each complains and gives nothing when it fails; the exit code is bad_input for a model,
/// usage_error for the others.
std::optional<Model> load(const QString& path);
std::optional<int> find_layer(const Model& model, const QString& name_or_index,
                              const QString& path);
std::optional<int> find_channel(const QString& text, int channels, const QString& path);
const Backend* find_backend_or_complain(const QString& id);

} // namespace qbn::cli
