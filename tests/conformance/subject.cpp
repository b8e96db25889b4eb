#include "tests/conformance/subject.h"

#include "tests/conformance/planted_changes.h"

#include <algorithm>
#include <limits>

namespace qbn::conformance {

namespace {

constexpr std::string_view referenceWithoutFma = "pytorch-reference-nofma";

const std::vector<Subject>& subjects()
{
    constexpr std::int32_t anyZeroPoint = std::numeric_limits<std::int32_t>::max();
    // Beyond it the operator's kernel for processors without AVX2 overflows an int32: undefined.
    constexpr std::int32_t withoutOverflow = 1 << 30;
    static const std::vector<Subject> list{
        {.name = "pytorch", .binary64Scales = true, .wildestZeroPoint = anyZeroPoint},
        {.name = "pytorch-nofma", .binary64Scales = true, .wildestZeroPoint = withoutOverflow},
        {.name = "pytorch-onednn",
         .binary64Scales = true,
         .wildestZeroPoint = anyZeroPoint,
         .unsignedAlone = true,
         .withoutRelu = true},
        {.name = "pytorch-onednn-avx512",
         .binary64Scales = true,
         .wildestZeroPoint = anyZeroPoint,
         .unsignedAlone = true,
         .withoutRelu = true},
        {.name = "pytorch-reference", .binary64Scales = true, .mixedTypes = true},
        {.name = referenceWithoutFma, .binary64Scales = true, .mixedTypes = true},
        {.name = "pytorch-2.13-reference", .binary64Scales = true, .mixedTypes = true},
        {.name = "pytorch-decomposed", .binary64Scales = true, .mixedTypes = true},
        {.name = "pytorch-fake-quantize", .binary64Scales = true, .mixedTypes = true},
        {.name = "onnxruntime", .mixedTypes = true},
        {.name = "onnxruntime-qlinear",
         .withoutRelu = true,
         .integerWeights = true,
         .layerScales = true,
         .positiveScales = true},
        {.name = "openvino", .mixedTypes = true, .positiveScales = true, .tamed = true},
        {.name = "openvino-static", .mixedTypes = true, .positiveScales = true, .tamed = true},
        {.name = "litert", .mixedTypes = true, .integerWeights = true, .positiveScales = true},
        {.name = "litert-optimized",
         .mixedTypes = true,
         .integerWeights = true,
         .positiveScales = true},
        {.name = "litert-xnnpack",
         .mixedTypes = true,
         .integerWeights = true,
         .largestMultiplier = 256,
         .positiveScales = true},
        {.name = "litert-mul-add-xnnpack",
         .mixedTypes = true,
         .integerWeights = true,
         .layerScales = true,
         .steepest = 8,
         .positiveScales = true},
        {.name = "litert-mul-add",
         .mixedTypes = true,
         .integerWeights = true,
         .layerScales = true,
         .positiveScales = true},
    };
    return list;
}

/// An error where the text does not hold `from` exactly once.
Result<std::string> changed(std::string text, std::string_view from, std::string_view to)
{
    const std::size_t at = text.find(from);
    if (at == std::string::npos || text.find(from, at + 1) != std::string::npos)
        return Error{"not once in the formula: " + std::string(from)};
    text.replace(at, from.size(), to);
    return text;
}

Result<std::string> withoutFma(std::string text)
{
    auto offset = changed(std::move(text), "fma(-mean, gain, beta)", "beta - mean * gain");
    if (!offset)
        return offset;
    return changed(*offset, "fma(dequantized, gain, offset)", "dequantized * gain + offset");
}

Result<std::string> textOf(std::string_view name)
{
    const bool isWithoutFma = name == referenceWithoutFma;
    const Backend* const backend = find_backend(isWithoutFma ? "pytorch-reference" : name);
    if (!backend || !backend->program)
        return Error{"no formula " + std::string(name)};
    return isWithoutFma ? withoutFma(backend->program->text()) : backend->program->text();
}

Result<Variant> variantOf(std::string_view subject, const std::string& text,
                          const PlantedChange& change)
{
    auto otherText = changed(text, change.from, change.to);
    if (!otherText)
        return otherText.error();
    const std::string id = std::string(subject) + ", " + std::string(change.name);
    const auto backend = add_backend(id, *otherText);
    if (!backend)
        return Error{id + ": " + backend.error().message};
    return Variant{change.name, *backend, change.decides == Decides::nearTies};
}

} // namespace

Result<Subject> findSubject(std::string_view name)
{
    const auto found = std::find_if(subjects().begin(), subjects().end(),
                                    [name](const Subject& s) { return s.name == name; });
    if (found == subjects().end())
        return Error{"no subject " + std::string(name)};
    Subject subject = *found;
    const auto text = textOf(name);
    if (!text)
        return text.error();
    const auto backend = add_backend("the subject " + std::string(name), *text);
    if (!backend)
        return backend.error();
    subject.backend = *backend;
    for (const PlantedChange& change : plantedChanges(name)) {
        auto variant = variantOf(name, *text, change);
        if (!variant)
            return variant.error();
        subject.variants.push_back(*variant);
    }
    return subject;
}

std::vector<std::string_view> subjectNames()
{
    std::vector<std::string_view> names;
    for (const Subject& subject : subjects())
        names.push_back(subject.name);
    return names;
}

} // namespace qbn::conformance
