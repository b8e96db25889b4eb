#include "core/backends/backend.h"

#include "core/arithmetic/fixed_point.h"
#include "core/backends/bound_backend.h"
#include "core/backends/embedded_formulas.h"
#include "core/backends/exact.h"
#include "core/backends/fixed_point.h"
#include "core/backends/onnxruntime.h"
#include "core/backends/pytorch.h"
#include "core/backends/pytorch_reference.h"
#include "core/backends/textbook.h"
#include "core/text/printable.h"

#include <algorithm>
#include <array>
#include <charconv>
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

/// An arithmetic that has a formula too.
Backend with_formula(Backend backend)
{
    const Backend formula = embedded(backend.id);
    backend.group = formula.group;
    backend.checked = formula.checked;
    backend.program = formula.program;
    return backend;
}

Backend in_group(Backend backend, std::string_view group)
{
    backend.group = group;
    return backend;
}

} // namespace

std::span<const Backend> all_backends()
{
    static const std::array list{
        in_group(exact(), "Mathematics"),
        with_formula(textbook()),
        with_formula(pytorch()),
        with_formula(pytorch_nofma()),
        embedded("pytorch-wheel-reference"),
        embedded("pytorch-2.13-reference"),
        embedded("pytorch-decomposed"),
        embedded("pytorch-fake-quantize"),
        with_formula(pytorch_reference()),
        with_formula(onnxruntime()),
        embedded("openvino"),
        embedded("openvino-static"),
        embedded("litert"),
        embedded("litert-optimized"),
        embedded("litert-xnnpack"),
        in_group(fixed_point(), "Integer hardware"),
        in_group(fixed_point_gemmlowp(), "Integer hardware"),
    };
    return list;
}

namespace {

/// "fixed-point:16" and "fixed-point:16:int64".
const Backend* find_fixed_point(std::string_view id)
{
    constexpr std::string_view prefix = "fixed-point:";
    constexpr std::string_view wide = ":int64";
    if (!id.starts_with(prefix))
        return nullptr;
    id.remove_prefix(prefix.size());
    const bool is_wide = id.ends_with(wide);
    if (is_wide)
        id.remove_suffix(wide.size());
    int bits = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), bits);
    if (error != std::errc() || end != id.data() + id.size() || bits < min_fraction_bits
        || bits > max_fraction_bits)
        return nullptr;
    using Accumulator = Arithmetic::Integer::Accumulator;
    return &fixed_point_with(bits, is_wide ? Accumulator::int64 : Accumulator::int32);
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
