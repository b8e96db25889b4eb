#include "app/cli/opened_layer.h"
#include "app/cli/output.h"
#include "core/backends/bound_backend.h"
#include "core/formats/npy/npy.h"

namespace qbn::cli {

ExitCode run_codes(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Writes the output codes of one layer as a NumPy array of shape (channels, "
                       "codes), uint8 or int8: column k belongs "
                       "to input code qmin + k."));
    parser.addPositionalArgument(QStringLiteral("FILE"), model_argument());
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption backend_opt = backend_option();
    const QCommandLineOption out_opt({QStringLiteral("o"), QStringLiteral("output")},
                                     QStringLiteral("The file to write; - is standard output."),
                                     QStringLiteral("OUT.npy"));
    parser.addOptions({layer_opt, backend_opt, out_opt});
    if (const auto code = parse(parser, arguments, 1))
        return *code;
    if (!parser.isSet(out_opt)) {
        complain(QStringLiteral("-o OUT.npy is needed; see qbn codes --help"));
        return usage_error;
    }
    const OpenedLayer opened = open_layer(parser, layer_opt, backend_opt);
    if (opened.failure)
        return *opened.failure;
    const BatchNormLayer& layer = opened.layer();
    BoundBackend bound(*opened.backend, layer);
    std::vector<std::int32_t> all;
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const std::vector<std::int32_t> some = bound.codes(channel);
        all.insert(all.end(), some.begin(), some.end());
    }
    const QByteArray bytes
        = write_npy({layer.channels(), layer.input.type.count()}, layer.output.type, all);
    Output output(parser.value(out_opt), opened.path);
    output.write_bytes({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    return output.finish();
}

} // namespace qbn::cli
