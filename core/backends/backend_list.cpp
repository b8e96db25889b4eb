#include "core/backends/backend.h"

#include "core/backends/bound_backend.h"
#include "core/backends/embedded_formulas.h"
#include "core/text/printable.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <mutex>

namespace qbn {

namespace {

/// The backend of a formula's headers. The text and all that points into it live as long as the program of the formula.
Backend described(std::string_view id, std::shared_ptr<const formula::Program> program)
{
    Backend backend{.id = id,
                    .title = program->header("title"),
                    .formula = {},
                    .source = program->header("source"),
                    .group = program->header("group"),
                    .checked = program->header("checked")};
    if (backend.title.empty())
        backend.title = id;
    for (const std::string_view last : {std::string_view("y"), std::string_view("requantized")}) {
        if (const formula::Named* named = program->find(last))
            backend.formula = named->text;
    }
    backend.program = std::move(program);
    return backend;
}

/// core/backends/ID.formula. A fault in one is a fault in the program: its test names it.
Backend embedded(std::string_view id)
{
    for (const EmbeddedFormula& formula : embedded_formulas()) {
        if (formula.id != id)
            continue;
        const auto program = formula::compile(std::string(formula.text));
        return program ? described(formula.id, *program) : Backend{.id = formula.id};
    }
    return {.id = id};
}

/// The mathematics, without any rounding before the last: see core/arithmetic/exact.h.
Backend exact()
{
    return {
        .id = "exact",
        .title = "Exact",
        .formula
        = "round_half_even((gamma * (dequantized - mean) / sqrt(var + eps) + beta) / y_scale) "
          "+ y_zero_point",
        .source = "exact rational arithmetic",
        .group = "Mathematics",
    };
}

} // namespace

std::span<const Backend> all_backends()
{
    static const std::array list{
        exact(),
        embedded("textbook"),
        embedded("pytorch"),
        embedded("pytorch-nofma"),
        embedded("pytorch-onednn"),
        embedded("pytorch-onednn-avx512"),
        embedded("pytorch-wheel-reference"),
        embedded("pytorch-2.13-reference"),
        embedded("pytorch-decomposed"),
        embedded("pytorch-fake-quantize"),
        embedded("pytorch-reference"),
        embedded("onnxruntime"),
        embedded("onnxruntime-qlinear"),
        embedded("openvino"),
        embedded("openvino-static"),
        embedded("litert"),
        embedded("litert-optimized"),
        embedded("litert-xnnpack"),
        embedded("litert-mul-add"),
        embedded("litert-mul-add-xnnpack"),
        embedded("fixed-point"),
        embedded("fixed-point-gemmlowp"),
    };
    return list;
}

namespace {

/// fixed-point.formula with the number of bits put in, and the accumulator.
std::string fixed_point_text(const FixedPoint& fixed)
{
    const auto replaced
        = [](const std::string& text, std::string_view name, const std::string& replacement) {
              return formula::with_replaced(**formula::compile(text), name, replacement);
          };
    const std::string digits = std::to_string(fixed.fraction_bits);
    const bool wide = fixed.accumulator == Accumulator::int64;
    std::string text = find_backend("fixed-point")->program->text();
    text = replaced(text, "title", "Fixed, " + digits + " bits" + (wide ? ", int64" : ""));
    text = replaced(text, "source",
                    "integers, n = " + digits + " fraction bits, accumulator of "
                        + (wide ? "64" : "32") + " bits");
    text = replaced(text, "fraction_bits", "i64(" + digits + ")");
    constexpr std::string_view narrow
        = "i64(i32(integer_product + quantized_offset))     # wraps in 32 bits";
    if (wide)
        text.replace(text.find(narrow), narrow.size(),
                     "integer_product + quantized_offset     # wraps in 64 bits");
    return text;
}

/// Those with a number of bits of one's own that were asked for. Addresses stay.
const Backend* find_fixed_point(std::string_view id)
{
    struct Variant
    {
        std::string id;
        Backend backend;
    };
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<Variant>, std::less<>> variants;
    const auto fixed = fixed_point_of(id);
    if (!fixed || fixed->fraction_bits == 0)
        return nullptr;
    const std::scoped_lock lock(mutex);
    auto& variant = variants[std::string(id)];
    if (!variant) {
        variant = std::make_unique<Variant>(Variant{std::string(id), {}});
        variant->backend = described(variant->id, *formula::compile(fixed_point_text(*fixed)));
    }
    return &variant->backend;
}

} // namespace

namespace {

/// The users' formulas, the one that was named last at the end. Addresses stay.
struct UserBackends
{
    struct Entry
    {
        std::string id;
        Backend backend;
    };
    std::mutex mutex;
    std::vector<std::unique_ptr<Entry>> entries;

    const Backend* find(std::string_view id) const
    {
        const auto found = std::find_if(entries.rbegin(), entries.rend(),
                                        [id](const auto& entry) { return entry->id == id; });
        return found == entries.rend() ? nullptr : &(*found)->backend;
    }
};

UserBackends& user_backends()
{
    static UserBackends backends;
    return backends;
}

} // namespace

std::optional<FixedPoint> fixed_point_of(std::string_view id)
{
    constexpr std::string_view name = "fixed-point";
    constexpr std::string_view wide = ":int64";
    if (id == name)
        return FixedPoint{};
    if (!id.starts_with(name) || !id.substr(name.size()).starts_with(':'))
        return std::nullopt;
    id.remove_prefix(name.size() + 1);
    FixedPoint fixed;
    if (id.ends_with(wide)) {
        fixed.accumulator = Accumulator::int64;
        id.remove_suffix(wide.size());
    }
    const auto [end, error]
        = std::from_chars(id.data(), id.data() + id.size(), fixed.fraction_bits);
    if (error != std::errc() || end != id.data() + id.size()
        || fixed.fraction_bits < min_fraction_bits || fixed.fraction_bits > max_fraction_bits)
        return std::nullopt;
    return fixed;
}

const Backend* find_backend(std::string_view id)
{
    const auto backends = all_backends();
    const auto found = std::find_if(backends.begin(), backends.end(),
                                    [id](const Backend& b) { return b.id == id; });
    if (found != backends.end())
        return &*found;
    if (const Backend* fixed = find_fixed_point(id))
        return fixed;
    UserBackends& users = user_backends();
    const std::scoped_lock lock(users.mutex);
    return users.find(id);
}

Result<const Backend*> add_backend(std::string_view id, std::string text)
{
    UserBackends& users = user_backends();
    const Backend* known = find_backend(id);
    const std::scoped_lock lock(users.mutex);
    if (known && !users.find(id))
        return Error{in_quotes(id) + " is the name of another backend"};
    // What was found last is found from now on.
    const auto same
        = std::find_if(users.entries.begin(), users.entries.end(), [&](const auto& entry) {
              return entry->id == id && entry->backend.program->text() == text;
          });
    if (same != users.entries.end()) {
        std::rotate(same, same + 1, users.entries.end());
        return &users.entries.back()->backend;
    }
    auto program = formula::compile(std::move(text));
    if (!program)
        return program.error();
    users.entries.push_back(
        std::make_unique<UserBackends::Entry>(UserBackends::Entry{std::string(id), {}}));
    UserBackends::Entry& entry = *users.entries.back();
    entry.backend = described(entry.id, std::move(*program));
    return &entry.backend;
}

std::vector<Requantized> requantize_all(const Backend& backend, const BatchNormLayer& layer,
                                        int channel)
{
    return BoundBackend(backend, layer).requantize_all(channel);
}

std::vector<std::int32_t> codes(const Backend& backend, const BatchNormLayer& layer, int channel)
{
    return BoundBackend(backend, layer).codes(channel);
}

std::vector<std::int32_t> codes(std::span<const Requantized> requantized)
{
    std::vector<std::int32_t> codes(requantized.size());
    std::transform(requantized.begin(), requantized.end(), codes.begin(),
                   [](const Requantized& result) { return result.output_code; });
    return codes;
}

Trace trace(const Backend& backend, const BatchNormLayer& layer, int channel,
            std::int32_t input_code)
{
    return BoundBackend(backend, layer).trace(channel, input_code);
}

} // namespace qbn
