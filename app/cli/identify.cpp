#include "app/cli/identify_output.h"
#include "app/cli/opened_layer.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/observed/code_table.h"
#include "core/formats/observed/observation_file.h"
#include "core/formats/session/session_json.h"
#include "core/paste/apply_paste.h"

namespace qbn::cli {

namespace {

struct IdentifyOptions
{
    QCommandLineOption layer = layer_option();
    QCommandLineOption channel{
        QStringLiteral("channel"),
        QStringLiteral(
            "The channel that was observed, where CODES has one, or the only one to look at."),
        QStringLiteral("N")};
    QCommandLineOption observed{
        QStringLiteral("observed"),
        QStringLiteral("What the device gave: a .npy array of output codes, of shape (channels, "
                       "input codes), (input codes,), or pairs (N, 2), "
                       "or triples (N, 3) with the channel first; a CSV file with the columns "
                       "channel,input_code,output_code; or a text that "
                       "Python printed. Without it, what FILE has as observations."),
        QStringLiteral("CODES")};
    QCommandLineOption backend{
        QStringLiteral("backend"),
        QStringLiteral("A formula of your own to be tried too, FILE.formula."),
        QStringLiteral("FILE.formula")};
    QCommandLineOption formula{
        QStringLiteral("write-formula"),
        QStringLiteral("Write the formula that stands first, which --backend takes."),
        QStringLiteral("FILE")};
    QCommandLineOption test_layer{
        QStringLiteral("write-layer"),
        QStringLiteral("Write a session with a layer that tells the remaining formulas apart, to "
                       "be run on the device."),
        QStringLiteral("FILE")};
    QCommandLineOption json = json_option();
};

bool looks_like_csv(const QByteArray& bytes)
{
    return bytes.startsWith("channel,")
        || bytes.startsWith("\xef\xbb\xbf"
                            "channel,");
}

/// Reads --observed by what it is; complains and gives nothing where it cannot be read.
std::optional<std::vector<Observation>> read_observed(const QString& path,
                                                      const BatchNormLayer& layer,
                                                      std::optional<int> channel,
                                                      std::vector<std::string>& notes)
{
    const auto bytes = read_file(path);
    if (!bytes) {
        complain(path + QStringLiteral(": ") + QString::fromStdString(bytes.error().message));
        return std::nullopt;
    }
    if (bytes->startsWith("\x93NUMPY")) {
        auto table = read_code_table(path, layer, channel);
        if (table)
            return std::move(*table);
        complain(QString::fromStdString(table.error().message));
        return std::nullopt;
    }
    if (looks_like_csv(*bytes)) {
        auto loaded = read_observations(path, layer);
        if (!loaded) {
            complain(QString::fromStdString(loaded.error().message));
            return std::nullopt;
        }
        if (loaded->different > loaded->observations.size())
            notes.push_back("of " + std::to_string(loaded->different)
                            + " different observations the first "
                            + std::to_string(loaded->observations.size()) + " are taken");
        return std::move(loaded->observations);
    }
    BatchNormLayer bare = layer;
    bare.observations.clear();
    const Understanding read
        = apply_paste({bytes->constData(), static_cast<std::size_t>(bytes->size())},
                      {.merge_into = &bare, .corrections = {}});
    if (!read.model.layers.empty() && !read.model.layers.front()->observations.empty()) {
        notes.insert(notes.end(), read.assumed.begin(), read.assumed.end());
        return read.model.layers.front()->observations;
    }
    complain(path
             + QStringLiteral(": it is no .npy array, its first line is not "
                              "channel,input_code,output_code, and no codes are printed in it"));
    return std::nullopt;
}

ExitCode write_formula(const QString& path, const QString& input, const Identification& found)
{
    const FormulaClass& first = found.classes.front();
    for (const Candidate& candidate : first.members) {
        if (candidate.text().empty())
            continue;
        Output output(path, input);
        output.write_bytes(candidate.text());
        return output.finish();
    }
    complain(QStringLiteral("%1: not written: %2 has no formula")
                 .arg(path, QString::fromStdString(first.members.front().name)));
    return not_written;
}

ExitCode write_test_layer(const QString& path, const TestLayer& test)
{
    Model model;
    model.name = "test layer";
    model.layers.push_back(std::make_shared<const BatchNormLayer>(test.layer));
    if (const auto error = save_session(model, path)) {
        complain(QString::fromStdString(error->message));
        return not_written;
    }
    return done;
}

} // namespace

ExitCode run_identify(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Tells who rounded: from the codes that an unknown device gave for a layer, "
                       "which backend, which backend with something "
                       "changed (another rounding, precision, order, fused or not, the zero point "
                       "before the rounding) or which composed "
                       "arithmetic gives them; which of these nobody can tell apart on this layer, "
                       "and what would. Exits with 1 if nothing "
                       "gives all codes."));
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QStringLiteral("A session, a question card or a state_dict."));
    const IdentifyOptions options;
    parser.addOptions({options.layer, options.channel, options.observed, options.backend,
                       options.formula, options.test_layer, options.json});
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    const OpenedLayer opened = open_layer(parser, options.layer);
    if (opened.failure)
        return *opened.failure;
    const BatchNormLayer& layer = opened.layer();
    const QString& path = opened.path;
    std::optional<int> channel;
    if (parser.isSet(options.channel)) {
        channel = find_channel(parser.value(options.channel), layer.channels(), path);
        if (!channel)
            return usage_error;
    }
    IdentifyRun run;
    if (parser.isSet(options.backend)) {
        const Backend* own = find_backend_or_complain(parser.value(options.backend));
        if (!own)
            return usage_error;
        run.also.push_back(own);
    }

    std::vector<std::string> notes;
    std::vector<Observation> observations = layer.observations;
    if (parser.isSet(options.observed)) {
        auto read = read_observed(parser.value(options.observed), layer, channel, notes);
        if (!read)
            return bad_input;
        observations = std::move(*read);
    }
    if (channel)
        std::erase_if(observations,
                      [&](const Observation& seen) { return seen.channel != *channel; });
    const auto device = device_codes(layer, observations);
    if (!device) {
        complain((parser.isSet(options.observed) ? parser.value(options.observed) : path)
                 + QStringLiteral(": ") + QString::fromStdString(device.error().message));
        return bad_input;
    }

    std::optional<Identification> found;
    {
        constexpr std::uint64_t all = 1000;
        Progress progress("searched", all);
        run.progress
            = [&progress](int permille) { progress(static_cast<std::uint64_t>(permille)); };
        found = identify(layer, *device, run);
    }
    const Identified identified{
        .layer = &layer, .found = &*found, .test = telling_layer(layer, *found), .notes = notes};
    Output output({});
    output.write(parser.isSet(options.json) ? json_text(identify_json(identified))
                                            : identify_text(identified));
    ExitCode code = output.finish();
    if (code == done && parser.isSet(options.formula))
        code = write_formula(parser.value(options.formula), path, *found);
    if (code == done && parser.isSet(options.test_layer)) {
        if (!identified.test) {
            complain(QStringLiteral("%1: not written: there are no two formulas to tell apart")
                         .arg(parser.value(options.test_layer)));
            return not_written;
        }
        code = write_test_layer(parser.value(options.test_layer), *identified.test);
    }
    return code == done && found->complete() == 0 ? qbn::cli::found : code;
}

} // namespace qbn::cli
