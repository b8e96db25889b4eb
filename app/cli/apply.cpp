#include "app/cli/opened_layer.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "core/activations/tensor_layout.h"
#include "core/apply/applied_layer.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/npy/npy.h"

#include <algorithm>

namespace qbn::cli {

namespace {

constexpr std::size_t block = 8 << 20;

std::span<const std::uint8_t> codes_of(const NpyArray& array)
{
    return {reinterpret_cast<const std::uint8_t*>(array.data.constData()), array.count};
}

/// The array's layout in the layer; an error says why it does not fit.
Result<TensorLayout> layout_of(const NpyArray& array, const BatchNormLayer& layer,
                               ChannelOrder order)
{
    const std::string expected = layer.input.type.is_signed ? "int8" : "uint8";
    if (array.dtype() != expected)
        return Error{"its elements are " + array.dtype() + ", the layer's input codes are "
                     + expected};
    if (array.fortran_order)
        return Error{"it is in Fortran order; write it with numpy.ascontiguousarray"};
    return find_layout(array.shape, layer.channels(), order);
}

/// Block by block; the system drops what was read and written where memory is short.
ExitCode write_applied(const AppliedLayer& layer, const NpyArray& array, std::uint64_t plane,
                       int threads, const QString& in_path, Output& output)
{
    const auto codes = codes_of(array);
    std::vector<std::uint8_t> computed(std::min(block, codes.size()));
    Progress progress("applied to", codes.size(), "codes");
    for (std::size_t start = 0; start < codes.size(); start += block) {
        const auto part = codes.subspan(start, std::min(block, codes.size() - start));
        if (const auto foreign = layer.first_foreign(part)) {
            complain(QStringLiteral("%1: element %2 is no code of the layer's input type")
                         .arg(in_path)
                         .arg(start + *foreign));
            return bad_input;
        }
        const auto out = std::span(computed).first(part.size());
        layer.run(part, out, start, plane, threads);
        if (!output.write_bytes({reinterpret_cast<const char*>(out.data()), out.size()}))
            break;
        progress(start + part.size());
    }
    return output.finish();
}

} // namespace

ExitCode run_apply(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Computes a whole tensor of input codes: IN.npy, uint8 or int8, to OUT.npy "
                       "of the same shape. The codes are those "
                       "of qbn codes, of any backend; where arithmetic in binary32 gives all of a "
                       "channel's codes it runs instead of "
                       "their table. IN.npy may be larger than the memory."));
    parser.addPositionalArgument(QStringLiteral("FILE"), model_argument());
    parser.addPositionalArgument(
        QStringLiteral("IN.npy"),
        QStringLiteral("Input codes: (N, C, ..), (C, ..), (N, .., C) or flat."));
    parser.addPositionalArgument(QStringLiteral("OUT.npy"),
                                 QStringLiteral("The file to write; - is standard output."));
    const QCommandLineOption layer_opt = layer_option();
    const QCommandLineOption backend_opt = backend_option();
    const QCommandLineOption layout_opt = layout_option();
    const QCommandLineOption threads_opt = threads_option();
    parser.addOptions({layer_opt, backend_opt, layout_opt, threads_opt});
    if (const auto code = parse(parser, arguments, 3))
        return *code;
    const auto order = find_layout_or_complain(parser.value(layout_opt));
    if (!order)
        return usage_error;
    const auto threads = find_threads_or_complain(parser.value(threads_opt));
    if (!threads)
        return usage_error;
    const OpenedLayer opened = open_layer(parser, layer_opt, backend_opt);
    if (opened.failure)
        return *opened.failure;
    const BatchNormLayer& layer = opened.layer();
    const QString in_path = parser.positionalArguments()[1];

    const auto complain_of_input = [&in_path](const Error& error) {
        complain(in_path + QStringLiteral(": ") + QString::fromStdString(error.message));
        return bad_input;
    };
    const auto file = map_file(in_path, FileSize::any);
    if (!file)
        return complain_of_input(file.error());
    const auto array = read_npy(file->bytes());
    if (!array)
        return complain_of_input(array.error());
    const auto layout = layout_of(*array, layer, *order);
    if (!layout)
        return complain_of_input(layout.error());

    Output output(parser.positionalArguments()[2], in_path);
    output.write_bytes(view(npy_header(array->shape, layer.output.type)));
    return write_applied(AppliedLayer(*opened.backend, layer), *array, layout->plane, *threads,
                         in_path, output);
}

} // namespace qbn::cli
