#include "core/paste/understanding.h"

#include "core/paste/outside_of_model.h"
#include "core/paste/pasted_fields.h"
#include "core/paste/pasted_pairs.h"
#include "core/paste/pasted_scales.h"
#include "core/paste/snippets.h"
#include "core/text/sentence.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace qbn {

namespace {

// A print of a few bytes may claim any number of channels. A line of a printed model has some 80
// bytes and claims at most some thousand.
constexpr std::int64_t most_claimed_channels = 65536;
constexpr std::int64_t most_claimed_in_all = std::int64_t{1} << 20;
constexpr std::size_t claimed_by_byte = 32;

void append(std::vector<std::string>& to, const std::vector<std::string>& from,
            const std::string& prefix = {})
{
    for (const std::string& sentence : from)
        to.push_back(prefix + sentence);
}

class Builder
{
public:
    explicit Builder(const Paste& paste)
        : paste_(paste)
    {
        result_.model.name = "pasted text";
        append(result_.assumed, paste.assumed);
        const std::size_t text_size = std::min<std::size_t>(paste.text_size, most_claimed_in_all);
        may_claim_ = std::min(most_claimed_channels
                                  + static_cast<std::int64_t>(claimed_by_byte * text_size),
                              most_claimed_in_all);
    }

    Understanding understand()
    {
        for (std::size_t i = 0; i < paste_.layers.size(); ++i) {
            const PastedLayer& pasted = paste_.layers[i];
            add(identity_layer(pasted.name, static_cast<int>(channels_of(i))), i, true);
        }
        return finish();
    }

    Understanding merge(const BatchNormLayer& base)
    {
        const auto same_name
            = std::find_if(paste_.layers.begin(), paste_.layers.end(),
                           [&base](const PastedLayer& layer) { return layer.name == base.name; });
        const bool is_found = same_name != paste_.layers.end();
        const auto chosen
            = is_found ? static_cast<std::size_t>(same_name - paste_.layers.begin()) : 0;
        if (paste_.layers.size() > 1)
            result_.assumed.push_back("of " + counted(paste_.layers.size(), "printed layer") + " "
                                      + paste_.layers[chosen].name + " is taken");
        if (!paste_.layers.empty())
            add(base, chosen, false);
        else
            result_.model.layers.push_back(std::make_shared<const BatchNormLayer>(base));
        return finish();
    }

private:
    void add(BatchNormLayer layer, std::size_t index, bool is_new)
    {
        const PastedLayer& pasted = paste_.layers[index];
        const std::string prefix = paste_.layers.size() > 1 ? pasted.name + ": " : std::string();
        FieldWriter writer(layer, pasted, prefix);
        writer.write();
        if (is_new)
            writer.write_defaults();
        append(writer.assumed, settle_scales(layer, paste_, index), prefix);
        writer.find_missing();
        for (const std::string& snippet : snippets_for(layer, paste_.module_expression)) {
            if (std::find(result_.snippets.begin(), result_.snippets.end(), snippet)
                == result_.snippets.end())
                result_.snippets.push_back(snippet);
        }
        append(result_.understood, writer.understood);
        append(result_.assumed, writer.assumed);
        append(result_.missing, writer.missing);
        std::vector<Observation>& observations = result_.observations.emplace_back();
        std::vector<UsedNumber>& used = used_.emplace_back(std::move(writer.used));
        const auto in_float = is_new ? float_answer(layer, paste_, index) : std::nullopt;
        if (in_float)
            result_.understood.push_back(prefix + *in_float);
        for (const PastedPair& pair : paste_.pairs) {
            if (pair.layer != index || in_float)
                continue;
            PairReading reading = read_pair(pair, layer);
            observations.insert(observations.end(), reading.observations.begin(),
                                reading.observations.end());
            used.insert(used.end(), reading.used.begin(), reading.used.end());
            append(result_.understood, reading.understood, prefix);
            append(result_.assumed, reading.assumed, prefix);
            append(result_.missing, reading.missing, prefix);
        }
        result_.model.layers.push_back(std::make_shared<const BatchNormLayer>(std::move(layer)));
    }

    Understanding finish()
    {
        append(result_.understood, paste_.answers);
        append(result_.missing, paste_.missing);
        if (paste_.layers.empty() && paste_.answers.empty())
            result_.missing.push_back("nothing in the text belongs to a batch norm");
        if (paste_.stopped_at_line)
            result_.missing.push_back("what stands behind line "
                                      + std::to_string(*paste_.stopped_at_line)
                                      + ": the text is too long");
        result_.observations.resize(result_.model.layers.size());
        result_.claims = make_claims(paste_, paste_.utf8, used_);
        const auto add_skipped = [this](std::size_t count, const char* noun) {
            if (count > 0)
                result_.understood.push_back("skipped: " + counted(count, noun) + " that belong"
                                             + (count == 1 ? "s" : "") + " to no batch norm");
        };
        add_skipped(paste_.skipped_values, "value");
        add_skipped(paste_.skipped_lines, "line");
        return std::move(result_);
    }

    // As many as a whole array has; else as a module or a pixel tensor says; else as many as were
    // printed.
    std::int64_t channels_of(std::size_t index)
    {
        const PastedLayer& layer = paste_.layers[index];
        std::size_t printed = 1;
        for (const Field field : {Field::mean, Field::var, Field::gamma, Field::beta}) {
            const auto& fact = layer.fact(field);
            if (fact && fact->is_whole() && !fact->numbers.empty())
                return static_cast<std::int64_t>(fact->numbers.size());
            if (fact)
                printed = std::max(printed, fact->elided_after.value_or(fact->numbers.size()));
        }
        const std::int64_t claimed = layer.features ? *layer.features : pixel_channels(index);
        if (claimed <= 0 || claimed > std::min(most_claimed_channels, may_claim_))
            return static_cast<std::int64_t>(printed);
        may_claim_ -= claimed;
        return std::max(claimed, static_cast<std::int64_t>(printed));
    }

    // 0 where no NCHW tensor was printed.
    std::int64_t pixel_channels(std::size_t index) const
    {
        for (const PastedPair& pair : paste_.pairs) {
            const PrintedValue& value = pair.input.value;
            const auto* const size = value.attribute("size");
            if (pair.layer != index || value.dimensions.size() < 4)
                continue;
            if (size && size->numbers.size() == value.dimensions.size())
                return size->numbers[1].whole();
            return value.dimensions[1].count;
        }
        return 0;
    }

    const Paste& paste_;
    Understanding result_;
    std::vector<std::vector<UsedNumber>> used_; // of each layer
    std::int64_t may_claim_ = 0; // channels, of which nothing is printed
};

/// The layers by name, of equal ones the first.
using LayersByName = std::unordered_map<std::string_view, std::size_t>;

LayersByName layers_by_name(const Model& model)
{
    LayersByName layers;
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        layers.emplace(model.layers[i]->name, i);
    return layers;
}

/// Of several names that fit, the longest: "a: b" is not "a".
std::optional<std::size_t> layer_named_by(std::string_view sentence, const LayersByName& layers)
{
    std::optional<std::size_t> found;
    for (auto end = sentence.find(": "); end != std::string_view::npos;
         end = sentence.find(": ", end + 1)) {
        const auto layer = layers.find(sentence.substr(0, end));
        if (layer != layers.end())
            found = layer->second;
    }
    return found;
}

} // namespace

std::vector<std::string> sentences_about(const std::vector<std::string>& sentences,
                                         const Model& model, std::size_t layer)
{
    const LayersByName layers = layers_by_name(model);
    std::vector<std::string> kept;
    std::copy_if(sentences.begin(), sentences.end(), std::back_inserter(kept),
                 [&](const std::string& sentence) {
                     return layer_named_by(sentence, layers).value_or(layer) == layer;
                 });
    return kept;
}

Understanding understand(const Paste& paste)
{
    return Builder(paste).understand();
}

Understanding merge(const BatchNormLayer& base, const Paste& paste)
{
    return Builder(paste).merge(base);
}

} // namespace qbn
