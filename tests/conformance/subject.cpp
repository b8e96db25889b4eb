#include "tests/conformance/subject.h"

#include "core/backends/backend.h"

#include <cassert>
#include <limits>

namespace qbn::conformance {

namespace {

using MultiplyAdd = Arithmetic::MultiplyAdd;
using Rescale = Arithmetic::Rescale;
using Conversion = Arithmetic::Conversion;

const Arithmetic& arithmeticOf(std::string_view backend)
{
    const Backend* const found = find_backend(backend);
    assert(found && found->arithmetic);
    return *found->arithmetic;
}

Arithmetic withoutFma(Arithmetic arithmetic)
{
    arithmetic.multiply_add = MultiplyAdd::separate;
    arithmetic.offset_multiply_add = MultiplyAdd::separate;
    return arithmetic;
}

MultiplyAdd other(MultiplyAdd choice)
{
    return choice == MultiplyAdd::fused ? MultiplyAdd::separate : MultiplyAdd::fused;
}

Rescale other(Rescale choice)
{
    return choice == Rescale::divide ? Rescale::multiply_by_reciprocal : Rescale::divide;
}

/// The nearest relative: it differs in NaN, infinity and overflow only.
Conversion other(Conversion choice)
{
    switch (choice) {
    case Conversion::clamping:
        return Conversion::through_int64;
    case Conversion::through_int64:
        return Conversion::clamping;
    case Conversion::int32_wrapping_simd:
    case Conversion::through_int64_simd:
        return Conversion::int64_wrapping;
    case Conversion::int64_wrapping:
    case Conversion::numpy_clip:
        break;
    }
    return Conversion::int32_wrapping_simd;
}

std::string_view nameOf(MultiplyAdd choice)
{
    return choice == MultiplyAdd::fused ? "fused multiply-add" : "separate multiply-add";
}

} // namespace

std::vector<Subject> allSubjects()
{
    constexpr std::int32_t anyZeroPoint = std::numeric_limits<std::int32_t>::max();
    // Beyond it the operator's kernel for processors without AVX2 overflows an int32: undefined.
    constexpr std::int32_t withoutOverflow = 1 << 30;
    const Arithmetic& reference = arithmeticOf("pytorch-reference");
    return {
        {.name = "pytorch",
         .arithmetic = arithmeticOf("pytorch"),
         .binary64Scales = true,
         .wildestZeroPoint = anyZeroPoint},
        {.name = "pytorch-nofma",
         .arithmetic = arithmeticOf("pytorch-nofma"),
         .binary64Scales = true,
         .wildestZeroPoint = withoutOverflow},
        {.name = "pytorch-reference",
         .arithmetic = reference,
         .binary64Scales = true,
         .mixedTypes = true},
        {.name = "pytorch-reference-nofma",
         .arithmetic = withoutFma(reference),
         .binary64Scales = true,
         .mixedTypes = true},
        {.name = "onnxruntime", .arithmetic = arithmeticOf("onnxruntime"), .mixedTypes = true},
    };
}

std::vector<Variant> variantsOf(const Arithmetic& arithmetic)
{
    std::vector<Variant> variants;
    const auto add = [&](std::string_view name) -> Arithmetic& {
        return variants.emplace_back(Variant{name, arithmetic}).arithmetic;
    };
    const MultiplyAdd multiplyAdd = other(arithmetic.multiply_add);
    add(nameOf(multiplyAdd)).multiply_add = multiplyAdd;
    if (arithmetic.form == Arithmetic::Form::four_stages) {
        const MultiplyAdd offset = other(arithmetic.offset_multiply_add);
        add(offset == MultiplyAdd::fused ? "fused offset" : "separate offset").offset_multiply_add
            = offset;
        const Rescale rescale = other(arithmetic.rescale);
        add(rescale == Rescale::divide ? "division" : "reciprocal").rescale = rescale;
    }
    add("another conversion").conversion = other(arithmetic.conversion);
    return variants;
}

} // namespace qbn::conformance
