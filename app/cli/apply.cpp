#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "core/apply/applied_layer.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/npy/npy.h"
#include "core/text/printable.h"

#include <algorithm>
#include <thread>

namespace qbn::cli {

namespace {

constexpr std::size_t block = 8 << 20;

std::span<const std::uint8_t> codes_of(const NpyArray& array)
{
    return {reinterpret_cast<const std::uint8_t*>(array.data.constData()), array.count};
}

/// How many elements of one channel lie side by side, by the shape; an error says why it does not fit.
Result<std::uint64_t> plane_of(const NpyArray& array, const BatchNormLayer& layer,
                               bool channels_last)
{
    const std::vector<std::int64_t>& shape = array.shape;
    const std::string expected = layer.input.type.is_signed ? "|i1" : "|u1";
    if (array.descr != expected)
        return Error{"its elements are " + in_quotes(array.descr) + ", the layer's input codes are "
                     + in_quotes(expected)};
    if (array.fortran_order)
        return Error{"it is in Fortran order; write it with numpy.ascontiguousarray"};
    std::string text;
    for (const std::int64_t size : shape)
        text += (text.empty() ? "" : ", ") + std::to_string(size);
    const Error misfit{"its shape (" + text + ") has not the layer's "
                       + std::to_string(layer.channels()) + " channels in its "
                       + (channels_last ? "last" : "second") + " dimension"};
    if (shape.empty())
        return misfit;
    if (shape.size() == 1) { // flat: one picture, or one pixel after the other
        if (array.count % static_cast<std::size_t>(layer.channels()) != 0)
            return misfit;
        return channels_last ? 1
                             : std::max<std::uint64_t>(
                                   array.count / static_cast<std::uint64_t>(layer.channels()), 1);
    }
    // Without a batch dimension, as qbn codes writes its array.
    const bool is_single
        = !channels_last && shape[1] != layer.channels() && shape[0] == layer.channels();
    if (!is_single && (channels_last ? shape.back() : shape[1]) != layer.channels())
        return misfit;
    std::uint64_t plane = 1;
    for (std::size_t axis = is_single ? 1 : 2;
         axis < shape.size() && !channels_last && array.count > 0; ++axis)
        plane *= static_cast<std::uint64_t>(shape[axis]);
    return plane;
}

std::optional<int> thread_count(const QString& text)
{
    bool is_number = false;
    const int count = text.toInt(&is_number);
    if (is_number && count >= 1 && count <= 256)
        return count;
    complain(QStringLiteral("--threads \"%1\" is no number from 1 to 256").arg(text));
    return std::nullopt;
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
    const QCommandLineOption layout_opt(
        QStringLiteral("layout"),
        QStringLiteral("Where the channels are: nchw, in the second dimension, or in the first "
                       "where the second has another size; "
                       "nhwc, in the last."),
        QStringLiteral("nchw|nhwc"), QStringLiteral("nchw"));
    const QCommandLineOption threads_opt(
        QStringLiteral("threads"), QStringLiteral("How many compute; default: the processors."),
        QStringLiteral("N"),
        QString::number(std::clamp(std::thread::hardware_concurrency(), 1U, 256U)));
    parser.addOptions({layer_opt, backend_opt, layout_opt, threads_opt});
    if (const auto code = parse(parser, arguments, 3))
        return *code;
    const QString layout = parser.value(layout_opt);
    const bool channels_last = layout == QStringLiteral("nhwc");
    if (!channels_last && layout != QStringLiteral("nchw")) {
        complain(QStringLiteral("there is no layout \"%1\"; there are nchw, nhwc").arg(layout));
        return usage_error;
    }
    const auto threads = thread_count(parser.value(threads_opt));
    const Backend* backend
        = threads ? find_backend_or_complain(parser.value(backend_opt)) : nullptr;
    if (!backend)
        return usage_error;
    const QString path = parser.positionalArguments()[0];
    const QString in_path = parser.positionalArguments()[1];
    const auto model = load(path);
    if (!model)
        return bad_input;
    const auto index = find_only_layer(*model, parser, layer_opt, path);
    if (!index)
        return usage_error;
    const BatchNormLayer& layer = *model->layers[static_cast<std::size_t>(*index)];

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
    const auto plane = plane_of(*array, layer, channels_last);
    if (!plane)
        return complain_of_input(plane.error());

    Output output(parser.positionalArguments()[2], in_path);
    output.write_bytes(view(npy_header(array->shape, layer.output.type)));
    return write_applied(AppliedLayer(*backend, layer), *array, *plane, *threads, in_path, output);
}

} // namespace qbn::cli
