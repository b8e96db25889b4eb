#pragma once

#include "core/activations/tensor_layout.h"
#include "core/backends/backend.h"
#include "core/layer/batch_norm.h"

#include <QCommandLineParser>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
ExitCode run_activations(const QStringList& arguments);
ExitCode run_apply(const QStringList& arguments);
ExitCode run_codes(const QStringList& arguments);
ExitCode run_audit(const QStringList& arguments);
ExitCode run_explain(const QStringList& arguments);
ExitCode run_compare(const QStringList& arguments);
ExitCode run_why(const QStringList& arguments);
ExitCode run_snippet(const QStringList& arguments);
ExitCode run_check(const QStringList& arguments);
ExitCode run_formula(const QStringList& arguments);
ExitCode run_identify(const QStringList& arguments);

/// One line on standard error, "qbn: " in front.
void complain(const QString& sentence);

/// Parses and answers --help. Nothing is returned when the command is to go on; the parser then
/// holds `least` to `most` positional arguments.
std::optional<ExitCode> parse(QCommandLineParser& parser, const QStringList& arguments, int least,
                              int most);
/// The same for exactly that many.
std::optional<ExitCode> parse(QCommandLineParser& parser, const QStringList& arguments,
                              int positional);

/// What a positional FILE may be: the formats by name.
QString model_argument();

/// The options that several subcommands share.
QCommandLineOption layer_option();
QCommandLineOption channel_option();
QCommandLineOption backend_option();
QCommandLineOption backends_option(const QString& what);
QCommandLineOption json_option();
QCommandLineOption layout_option();
QCommandLineOption threads_option();

/// Each complains and gives nothing when it fails; the exit code is bad_input for a model,
/// usage_error for the others.
std::optional<Model> load(const QString& path);
std::optional<int> find_layer(const Model& model, const QString& name_or_index,
                              const QString& path);
std::optional<int> find_channel(const QString& text, int channels, const QString& path);
/// Of an id, or of a formula in a file of the user, FILE.formula.
const Backend* find_backend_or_complain(const QString& id);
/// Of ids apart by commas: two different ones at least.
std::optional<std::vector<const Backend*>> find_backends_or_complain(const QString& ids);
/// The layer that the option names, or the file's only one.
std::optional<int> find_only_layer(const Model& model, const QCommandLineParser& parser,
                                   const QCommandLineOption& option, const QString& path);

std::optional<ChannelOrder> find_layout_or_complain(const QString& text);
std::optional<int> find_threads_or_complain(const QString& text);

/// The backends that are compared where none are named: all but fixed point.
std::vector<const Backend*> compared_by_default();

QString text_of(std::string_view text);
/// A number, or as text what JSON has no number for, and -0: what a session has for it.
QJsonValue number_json(double value);
/// Indented, with a line break at its end.
std::string json_text(const QJsonObject& object);

} // namespace qbn::cli
