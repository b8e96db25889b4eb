#include "app/cli/activations_output.h"
#include "app/cli/opened_layer.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "core/formats/dump/dump.h"
#include "core/text/csv.h"

#include <algorithm>
#include <array>

namespace qbn::cli {

namespace {

struct ActivationOptions
{
    QCommandLineOption layer = layer_option();
    QCommandLineOption backend = backend_option();
    QCommandLineOption layout = layout_option();
    QCommandLineOption threads = threads_option();
    QCommandLineOption json = json_option();
    QCommandLineOption input{
        QStringLiteral("input"),
        QStringLiteral(
            "Input codes of the layer: .npy, an array of an .npz as FILE.npz:NAME, or raw "
            "bytes."),
        QStringLiteral("IN")};
    QCommandLineOption output{
        QStringLiteral("output"),
        QStringLiteral("Output codes, the same; alone, or of the same shape."),
        QStringLiteral("OUT")};
    QCommandLineOption shape{
        QStringLiteral("shape"),
        QStringLiteral("Of raw bytes; of an array, another with as many elements."),
        QStringLiteral("N,C,H,W")};
    QCommandLineOption dtype{QStringLiteral("dtype"),
                             QStringLiteral("Of raw bytes; default: the layer's."),
                             QStringLiteral("uint8|int8")};
    QCommandLineOption csv{
        QStringLiteral("csv"),
        QStringLiteral("Write CSV instead of text: a line a channel, a backend, or a pair of codes "
                       "that the backend does not give."),
        QStringLiteral("channels|backends|pairs")};

    QList<QCommandLineOption> all() const
    {
        return {layer, input, output, layout, shape, dtype, backend, threads, json, csv};
    }
};

struct CsvTable
{
    QLatin1StringView name;
    Table (*table)(const MeasuredLayer& measured);
};
constexpr std::array csv_tables{
    CsvTable{QLatin1StringView("channels"), channel_table},
    CsvTable{QLatin1StringView("backends"), agreement_table},
    CsvTable{QLatin1StringView("pairs"), disagreement_table},
};

/// Complains and gives nothing where the options are not possible.
std::optional<DumpRequest> find_request(const QCommandLineParser& parser,
                                        const ActivationOptions& options)
{
    DumpRequest request;
    if (parser.isSet(options.input))
        request.input = DumpFile::named(parser.value(options.input));
    if (parser.isSet(options.output))
        request.output = DumpFile::named(parser.value(options.output));
    if (!request.input && !request.output) {
        complain(QStringLiteral("nothing to read: --input or --output names a file"));
        return std::nullopt;
    }
    const auto order = find_layout_or_complain(parser.value(options.layout));
    if (!order)
        return std::nullopt;
    request.order = *order;
    if (parser.isSet(options.shape)) {
        request.shape = parse_shape(parser.value(options.shape));
        if (!request.shape) {
            complain(QStringLiteral("--shape \"%1\" is no shape, such as 1,64,112,112")
                         .arg(parser.value(options.shape)));
            return std::nullopt;
        }
    }
    if (parser.isSet(options.dtype)) {
        const QString dtype = parser.value(options.dtype);
        request.is_signed = dtype == QStringLiteral("int8");
        if (!*request.is_signed && dtype != QStringLiteral("uint8")) {
            complain(QStringLiteral("--dtype \"%1\" is neither uint8 nor int8").arg(dtype));
            return std::nullopt;
        }
    }
    return request;
}

/// Null: text or JSON is wanted. Nothing after a complaint.
std::optional<const CsvTable*> find_csv(const QCommandLineParser& parser,
                                        const ActivationOptions& options)
{
    if (!parser.isSet(options.csv))
        return nullptr;
    const QString name = parser.value(options.csv);
    const auto* const found
        = std::find_if(csv_tables.begin(), csv_tables.end(),
                       [&name](const CsvTable& table) { return name == table.name; });
    const bool needs_both = found != csv_tables.begin();
    if (found != csv_tables.end()
        && (!needs_both || (parser.isSet(options.input) && parser.isSet(options.output))))
        return found;
    complain(found == csv_tables.end()
                 ? QStringLiteral("--csv \"%1\" is none of channels, backends, pairs").arg(name)
                 : QStringLiteral("--csv %1 needs --input and --output").arg(name));
    return std::nullopt;
}

std::vector<const Backend*> all_with(const Backend& backend)
{
    std::vector<const Backend*> backends;
    for (const Backend& known : all_backends())
        backends.push_back(&known);
    if (std::find(backends.begin(), backends.end(), &backend) == backends.end())
        backends.push_back(&backend);
    return backends;
}

MeasuredLayer measured(CodeCounts counts, const BatchNormLayer& layer, const Backend& backend)
{
    MeasuredLayer result{.layer = &layer, .backend = &backend, .counts = std::move(counts)};
    const CodeCounts& kept = result.counts;
    if (kept.has_inputs())
        result.channels = channel_activations(kept, layer, backend);
    for (int channel = 0; kept.has_outputs() && channel < layer.channels(); ++channel)
        result.outputs.push_back(code_use(kept.outputs_of(channel), layer.output.type));
    if (kept.has_pairs()) {
        result.agreements = agreements(kept, layer, all_with(backend));
        result.disagreements = disagreements(kept, layer, backend);
        result.several = several_outputs(kept);
    }
    return result;
}

std::string written(const MeasuredLayer& layer, bool as_json, const CsvTable* csv)
{
    if (as_json)
        return json_text(layer_json(layer));
    if (csv == nullptr)
        return layer_text(layer);
    const Table table = csv->table(layer);
    return csv_header(table) + csv_rows(table);
}

} // namespace

ExitCode run_activations(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Reads a layer's whole input, output, or both, as codes, and tells what a backend makes of "
        "them: elements clamped, codes unused, signal to quantization noise against exact "
        "mathematics. With both it holds the output against all backends: how many elements agree, "
        "which codes never do, and where the first one is. Exits with 1 if an element of the "
        "output "
        "is not the backend's. Tensors may be larger than the memory, but for those in an .npz."));
    parser.addPositionalArgument(QStringLiteral("FILE"), model_argument());
    const ActivationOptions options;
    parser.addOptions(options.all());
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    const auto request = find_request(parser, options);
    const auto csv = request ? find_csv(parser, options) : std::nullopt;
    const auto threads
        = csv ? find_threads_or_complain(parser.value(options.threads)) : std::nullopt;
    if (!threads)
        return usage_error;
    const OpenedLayer opened = open_layer(parser, options.layer, options.backend);
    if (opened.failure)
        return *opened.failure;
    const BatchNormLayer& layer = opened.layer();

    std::optional<Progress> progress;
    auto counts = read_dump(*request, layer,
                            {.progress =
                                 [&progress](std::uint64_t done, std::uint64_t all) {
                                     if (!progress)
                                         progress.emplace("read", all, "elements");
                                     (*progress)(done);
                                 },
                             .stop = {},
                             .threads = *threads});
    progress.reset();
    if (!counts) {
        complain(QString::fromStdString(counts.error().message));
        return bad_input;
    }
    MeasuredLayer result = measured(*std::move(counts), layer, *opened.backend);
    result.index = static_cast<int>(opened.index);
    Output output({});
    output.write(written(result, parser.isSet(options.json), *csv));
    const ExitCode code = output.finish();
    return code == done && !result.disagreements.empty() ? found : code;
}

} // namespace qbn::cli
