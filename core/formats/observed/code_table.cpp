#include "core/formats/observed/code_table.h"

#include "core/formats/bytes/read_file.h"
#include "core/formats/npy/npy.h"
#include "core/text/sentence.h"
#include "core/text/text_number.h"

#include <cmath>
#include <string>

namespace qbn {

namespace {

std::string text_of(const std::vector<std::int64_t>& shape)
{
    std::string text = "(";
    for (const std::int64_t extent : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + (shape.size() == 1 ? ",)" : ")");
}

/// The numbers of an array by row and column; NaN where they are none.
std::vector<double> numbers_of(const NpyArray& array)
{
    std::vector<double> numbers(array.count);
    if (array.holds_reals()) {
        array.read_reals(0, numbers);
        return numbers;
    }
    std::vector<std::int64_t> integers(array.count);
    array.read_integers(0, integers);
    for (std::size_t i = 0; i < integers.size(); ++i)
        numbers[i] = static_cast<double>(integers[i]);
    return numbers;
}

Result<std::vector<Observation>> observations_of(const NpyArray& array, const BatchNormLayer& layer,
                                                 std::optional<int> channel)
{
    const auto& shape = array.shape;
    const std::int64_t codes = layer.input.type.count();
    if (!channel && layer.channels() == 1)
        channel = 0;
    const bool is_table = shape == std::vector<std::int64_t>{layer.channels(), codes};
    const bool is_row = shape == std::vector<std::int64_t>{codes};
    const bool is_pairs = !is_table && shape.size() == 2 && shape[1] == 2;
    const bool is_triples = !is_table && shape.size() == 2 && shape[1] == 3;
    if (!is_table && !is_row && !is_pairs && !is_triples)
        return Error{"its shape is " + text_of(shape) + "; codes of this layer have "
                     + text_of({layer.channels(), codes}) + ", " + text_of({codes})
                     + ", (N, 2) or (N, 3)"};
    if ((is_row || is_pairs) && !channel)
        return Error{"it holds one channel and the layer has " + std::to_string(layer.channels())
                     + ": name it with --channel"};
    const std::vector<double> numbers = numbers_of(array);
    const auto columns = static_cast<std::size_t>(is_table ? codes : is_row ? 1 : shape[1]);
    std::vector<Observation> observations;
    const auto fault = [columns](std::size_t entry, const std::string& what) {
        return Error{"row " + std::to_string(entry / columns) + ", column "
                     + std::to_string(entry % columns) + " counted from 0: " + what};
    };
    const std::size_t fields = is_pairs ? 2 : is_triples ? 3 : 1;
    for (std::size_t at = 0; at < numbers.size(); at += fields) {
        if (std::isnan(numbers[at + fields - 1]))
            continue;
        for (std::size_t i = at; i < at + fields; ++i) {
            if (!(std::abs(numbers[i]) < 1e9) || numbers[i] != std::floor(numbers[i]))
                return fault(i, format_number(numbers[i]) + " is no code");
        }
        const auto whole
            = [&](std::size_t field) { return static_cast<std::int32_t>(numbers[at + field]); };
        const auto entry = static_cast<std::int32_t>(at % static_cast<std::size_t>(codes));
        const Observation seen{
            .channel = is_table ? static_cast<int>(at / static_cast<std::size_t>(codes))
                : is_triples    ? whole(0)
                                : *channel,
            .input_code = is_table || is_row ? entry + layer.input.type.qmin() : whole(fields - 2),
            .output_code = whole(fields - 1)};
        if (seen.channel < 0 || seen.channel >= layer.channels())
            return fault(at, "the layer has no channel " + std::to_string(seen.channel));
        if (!layer.input.type.contains(seen.input_code))
            return fault(at + fields - 2,
                         std::to_string(seen.input_code) + " is no input code of "
                             + name_of(layer.input.type));
        if (!layer.output.type.contains(seen.output_code))
            return fault(at + fields - 1,
                         std::to_string(seen.output_code) + " is no output code of "
                             + name_of(layer.output.type));
        observations.push_back(seen);
    }
    return observations;
}

} // namespace

Result<std::vector<Observation>> read_code_table(const QString& path, const BatchNormLayer& layer,
                                                 std::optional<int> channel)
{
    const auto in_file
        = [&](const Error& error) { return Error{path.toStdString() + ": " + error.message}; };
    const auto bytes = read_file(path);
    if (!bytes)
        return in_file(bytes.error());
    const auto array = read_npy(*bytes);
    if (!array)
        return in_file(array.error());
    auto observations
        = observations_of(array->fortran_order ? reordered(*array) : *array, layer, channel);
    if (!observations)
        return in_file(observations.error());
    return observations;
}

} // namespace qbn
