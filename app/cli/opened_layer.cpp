#include "app/cli/opened_layer.h"

#include <utility>

namespace qbn::cli {

OpenedLayer open_layer(const QCommandLineParser& parser, const QCommandLineOption& layer,
                       const std::optional<QCommandLineOption>& backend)
{
    OpenedLayer opened{.path = parser.positionalArguments().front(), .model = {}};
    auto model = load(opened.path);
    const auto index = model ? find_only_layer(*model, parser, layer, opened.path) : std::nullopt;
    if (index && backend)
        opened.backend = chosen_backend(parser, *backend, model->backend);
    if (!index || (backend && opened.backend == nullptr)) {
        opened.failure = model ? usage_error : bad_input;
        return opened;
    }
    opened.model = std::move(*model);
    opened.index = static_cast<std::size_t>(*index);
    return opened;
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
