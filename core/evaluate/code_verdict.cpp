#include "core/evaluate/code_verdict.h"

#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace qbn {

namespace {

constexpr std::size_t named_at_most = 2;

std::string codes_text(std::int64_t codes)
{
    return counted(static_cast<std::size_t>(codes), "code");
}

/// "ONNX Runtime and LiteRT", "ONNX Runtime, LiteRT and 2 more".
std::string titles(const std::vector<Parting>& parting)
{
    const std::size_t named = std::min(parting.size(), named_at_most);
    const std::size_t more = parting.size() - named;
    std::string text;
    for (std::size_t i = 0; i < named; ++i) {
        if (i > 0)
            text += i + 1 == named && more == 0 ? " and " : ", ";
        text += parting[i].backend->title;
    }
    return more == 0 ? text : text + " and " + std::to_string(more) + " more";
}

} // namespace

std::string CodeVerdict::transition() const
{
    const std::string input
        = "Code " + std::to_string(input_code) + " (" + format_short(input_value) + ") ";
    const std::string output
        = std::to_string(output_code) + " (" + format_short(output_value) + ")";
    if (unknown.empty())
        return input + "becomes " + output + '.';
    return input + "would become " + output + ", but nobody gave " + joined_names(unknown) + '.';
}

std::string CodeVerdict::agreement() const
{
    if (compared < 2)
        return "No other backend is compared.";
    std::string text = compared_codes();
    if (unknown.empty())
        return text;
    return "With placeholders " + (agrees() ? 'a' + text.substr(1) : text);
}

/// What the codes say, wherever the parameters came from.
std::string CodeVerdict::compared_codes() const
{
    if (agrees())
        return "All " + std::to_string(compared) + " compared backends agree on " + concord();
    // Who gives another code here comes first.
    std::vector<Parting> here;
    std::ranges::copy_if(parting, std::back_inserter(here),
                         [](const Parting& other) { return other.here.has_value(); });
    const bool all_as_many = std::ranges::all_of(
        parting, [&](const Parting& other) { return other.codes == parting.front().codes; });
    const int most = std::ranges::max(parting, {}, &Parting::codes).codes;
    const std::string where
        = (all_as_many ? "" : "up to ") + codes_text(most) + " of this channel" + elsewhere(", ");
    if (here.empty())
        return titles(parting) + (parting.size() == 1 ? " differs on " : " differ on ") + where;
    std::string text = titles(here) + (here.size() == 1 ? " gives " : " give ");
    const bool same = std::ranges::all_of(
        here, [&](const Parting& other) { return other.here == here.front().here; });
    text += same ? std::to_string(*here.front().here) : "other codes";
    return text + "; " + std::to_string(parting.size()) + " of " + std::to_string(compared - 1)
        + (parting.size() == 1 ? " differs on " : " differ on ") + where;
}

/// What they agree on, where they do in this channel.
std::string CodeVerdict::concord() const
{
    if (model.complete() && model.differing == 0)
        return "all " + codes_text(model.codes)
            + (model.layers == 1 ? " of the layer." : " of the model.");
    const std::string channel = "the " + codes_text(codes) + " of this channel";
    if (model.differing == 0 && !model.complete() && model.known > 0)
        return channel + " and on all of " + std::to_string(model.known) + " of "
            + counted(static_cast<std::size_t>(model.layers), "layer") + " so far.";
    return channel + elsewhere("; they differ on ");
}

/// The differences of the whole model after `start`, if there are any; and the full stop.
std::string CodeVerdict::elsewhere(const std::string& start) const
{
    if (model.differing == 0)
        return ".";
    const std::string count = start + std::to_string(model.differing);
    if (model.layers == 1)
        return count + " of the layer.";
    return count + " of the model"
        + (model.complete() ? "."
                            : " so far (" + std::to_string(model.known) + " of "
                   + counted(static_cast<std::size_t>(model.layers), "layer") + ").");
}

std::string CodeVerdict::nearness() const
{
    if (margin.tie)
        return "It is a tie.";
    return margin.near_tie() ? "It lies " + format_short(margin.steps, 3) + " steps from a tie."
                             : "";
}

std::string CodeVerdict::change() const
{
    return before ? std::to_string(output_code) + ", was " + std::to_string(*before) : "";
}

std::string CodeVerdict::sentence() const
{
    std::string text = transition() + ' ' + agreement();
    for (const std::string& more : {nearness(), change()})
        if (!more.empty())
            text += ' ' + more;
    return text;
}

CodeVerdict verdict_of(const Evaluation& evaluation, const ModelDifferences& model,
                       std::span<const std::int32_t> codes_before)
{
    const CodeRow& row = evaluation.row();
    const auto index
        = static_cast<std::size_t>(row.input_code - evaluation.layer->input.type.qmin());
    CodeVerdict found{.input_code = row.input_code,
                      .input_value = row.dequantized,
                      .output_code = row.output_code,
                      .output_value = row.output_value,
                      .unknown = unknown_fields(*evaluation.layer, evaluation.selection.channel),
                      .codes = static_cast<int>(evaluation.rows.size()),
                      .model = model,
                      .margin = row.margin};
    found.compared = static_cast<int>(evaluation.compared().size()) + 1;
    for (const BackendResult& other : evaluation.backends) {
        if (!other.compared || other.differing == 0)
            continue;
        Parting parting{.backend = other.backend, .codes = other.differing};
        if (other.codes[index] != row.output_code)
            parting.here = other.codes[index];
        found.parting.push_back(parting);
    }
    if (codes_before.size() == evaluation.rows.size() && codes_before[index] != row.output_code)
        found.before = codes_before[index];
    return found;
}

namespace {

/// A formula of the user as it was then; by its id it is found as it is now.
const Backend* backend_before(const Experiment& before, const Backend& now)
{
    const auto& formulas = before.model.formulas;
    const auto users = std::ranges::find(formulas, before.backend, &UserFormula::id);
    if (users == formulas.end())
        return find_backend(before.backend);
    const auto then = add_backend(users->id, users->text);
    if (now.program && now.id == before.backend)
        std::ignore = add_backend(now.id, now.program->text());
    return then ? *then : nullptr;
}

} // namespace

std::vector<std::int32_t> codes_before(const Experiment& before, const Evaluation& evaluation)
{
    const Selection& selection = evaluation.selection;
    const auto& layers = before.model.layers;
    const Backend* const backend = backend_before(before, *evaluation.chosen);
    if (selection.layer >= static_cast<int>(layers.size()) || !backend)
        return {};
    const auto& layer = layers[static_cast<std::size_t>(selection.layer)];
    const bool same = layer == evaluation.layer && backend == evaluation.chosen;
    // A paste brings another layer, which was nothing before.
    const bool another = layer->name != evaluation.layer->name
        || layer->channels() != evaluation.layer->channels();
    if (same || another || selection.channel >= layer->channels()
        || !(layer->input.type == evaluation.layer->input.type))
        return {};
    return codes(*backend, *layer, selection.channel);
}

} // namespace qbn
