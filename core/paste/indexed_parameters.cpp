#include "core/paste/indexed_parameters.h"

#include "core/layer/state_dict_keys.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace qbn {

namespace {

// One channel of mean, var, gamma or beta: "bn.weight[3] tensor(0.5)".
bool is_of_one_channel(const PrintedParameter& parameter)
{
    const auto& [value, meaning] = parameter;
    return meaning.role >= PrintRole::mean && meaning.role <= PrintRole::beta
        && value->label.index.size() == 1 && value->label.index.front().first >= 0
        && value->label.index.front().kind == PrintedIndex::Kind::one && value->dimensions.empty()
        && value->numbers.size() == 1;
}

std::string owner_of(const PrintMeaning& meaning)
{
    return prefix_of(meaning.key, key_name_of(meaning.role)).value_or(std::string());
}

using Channels = std::map<int, const PrintedValue*>; // the first print of each

PrintedValue list_of(const Channels& channels)
{
    PrintedValue list = *channels.begin()->second;
    list.label.index.clear();
    list.form = PrintedValue::Form::array;
    list.numbers.clear();
    for (const auto& [channel, value] : channels)
        list.numbers.push_back(value->numbers.front());
    list.dimensions = {{.count = static_cast<std::int64_t>(channels.size())}};
    return list;
}

std::string sentence_of(const std::string& owner, const std::set<int>& channels)
{
    constexpr std::size_t few = 8;
    std::string list;
    std::size_t listed = 0;
    for (const int channel : channels) {
        if (listed == few) {
            list += ", ..";
            break;
        }
        list += (listed++ > 0 ? ", " : "") + std::to_string(channel);
    }
    return (owner.empty() ? std::string() : layer_name(owner) + ": ") + "only channels " + list
        + " were printed; here they are the channels from 0 on";
}

} // namespace

std::vector<std::string> join_indexed_parameters(std::vector<PrintedParameter>& parameters,
                                                 std::deque<PrintedValue>& joined)
{
    std::map<std::pair<std::string, PrintRole>, Channels> printed; // by layer and parameter
    std::map<std::string, std::set<int>> channels_of; // by layer
    std::vector<std::string> sentences;
    for (const PrintedParameter& parameter : parameters) {
        if (!is_of_one_channel(parameter))
            continue;
        const std::string owner = owner_of(parameter.meaning);
        const int channel = parameter.value->label.index.front().first;
        const auto [first, is_first]
            = printed[{owner, parameter.meaning.role}].emplace(channel, parameter.value);
        channels_of[owner].insert(channel);
        if (!is_first
            && !parameter.value->numbers.front().agrees_with(first->second->numbers.front()))
            sentences.push_back(place_of(*parameter.value) + ", is another number than in line "
                                + std::to_string(first->second->line) + "; the first is taken");
    }
    std::set<std::pair<std::string, PrintRole>> done;
    for (const auto& [owner, channels] : channels_of) {
        if (*channels.rbegin() != static_cast<int>(channels.size()) - 1)
            sentences.push_back(sentence_of(owner, channels));
    }
    std::vector<PrintedParameter> kept;
    for (PrintedParameter& parameter : parameters) {
        const std::pair key(owner_of(parameter.meaning), parameter.meaning.role);
        const auto found = is_of_one_channel(parameter) ? printed.find(key) : printed.end();
        if (found == printed.end() || found->second.size() != channels_of[key.first].size())
            kept.push_back(std::move(parameter));
        else if (done.insert(key).second)
            kept.push_back({.value = &joined.emplace_back(list_of(found->second)),
                            .meaning = parameter.meaning});
    }
    parameters = std::move(kept);
    return sentences;
}

} // namespace qbn
