#include "app/cli/opened_layer.h"

#include <utility>

namespace qbn::cli {

std::variant<OpenedLayer, ExitCode> open_layer(const QCommandLineParser& parser,
                                               const QCommandLineOption& layer)
{
    const QString path = parser.positionalArguments().front();
    auto model = load(path);
    if (!model)
        return bad_input;
    const auto index = find_only_layer(*model, parser, layer, path);
    if (!index)
        return usage_error;
    return OpenedLayer{
        .path = path, .model = std::move(*model), .index = static_cast<std::size_t>(*index)};
}

const Backend* chosen_backend(const QCommandLineParser& parser, const QCommandLineOption& backend,
                              std::string_view of_file)
{
    if (parser.isSet(backend))
        return find_backend_or_complain(parser.value(backend));
    const Backend* const its = find_backend(of_file);
    return its != nullptr ? its : find_backend("pytorch");
}

} // namespace qbn::cli
