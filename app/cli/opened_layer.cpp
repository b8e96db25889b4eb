#include "app/cli/opened_layer.h"

#include "core/evaluate/stage.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <set>
#include <utility>
#include <vector>

namespace qbn::cli {

namespace {

/// The fields for which a placeholder or a proposal stands.
std::vector<Field> guessed_fields(const BatchNormLayer& layer)
{
    std::vector<Field> fields = unknown_fields(layer);
    for (const Field field : all_fields)
        if (layer.provenance.of(field).origin == Origin::proposed)
            fields.push_back(field);
    return fields;
}

} // namespace

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
    note_guesses(opened.path, opened.model, index);
    return opened;
}

void note_guesses(const QString& path, const Model& model, std::optional<int> layer)
{
    const auto note = [&path](const std::string& sentence) {
        complain(QStringLiteral("note: %1: %2; see qbn inspect")
                     .arg(path, QString::fromStdString(sentence)));
    };
    if (!model.notes.empty()) {
        const std::size_t more = model.notes.size() - 1;
        note(printable(model.notes.front())
             + (more > 0 ? " (and " + counted(more, "note") + " more)" : std::string()));
    }
    std::size_t guessed = 0;
    std::set<Field> fields;
    for (int index = 0; index < static_cast<int>(model.layers.size()); ++index) {
        if (layer && *layer != index)
            continue;
        const auto some = guessed_fields(*model.layers[static_cast<std::size_t>(index)]);
        guessed += some.empty() ? 0 : 1;
        fields.insert(some.begin(), some.end());
    }
    if (fields.empty())
        return;
    QStringList names;
    for (const Field field : fields)
        names << QString::fromStdString(spaced_name(field));
    const std::string of
        = layer || model.layers.size() == 1 ? std::string() : " of " + counted(guessed, "layer");
    note("it does not give " + names.join(QStringLiteral(", ")).toStdString() + of);
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
