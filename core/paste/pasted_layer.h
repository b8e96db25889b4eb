#pragma once

#include "core/layer/provenance.h"
#include "core/layer/quantization.h"
#include "core/paste/printed_value.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// What a text says about a field: one value, or one for each channel as far as they were printed.
struct PastedFact
{
    std::vector<PrintedNumber> numbers;
    std::optional<std::size_t> elided_after; ///< how many of them stand before "..."
    bool cut_off = false;
    /// Whether the digits may leave something open: tensors and arrays are rounded in print, Python
    /// prints its own floats in full.
    bool is_rounded = false;
    Provenance provenance;

    /// Whether every channel's value is here.
    bool is_whole() const { return !cut_off && !elided_after; }
    /// The widest interval of its numbers, 0 where all are told exactly.
    double uncertainty() const;
    double uncertainty(std::size_t index) const; ///< of one number
    /// Where one of them is from, and how far it is told.
    Provenance provenance_of(std::size_t index) const;
    /// The number as the layer holds it: binary32 where the print leaves only one, else as printed.
    double value(std::size_t index) const;
};

/// What a text says about one batch norm.
struct PastedLayer
{
    std::string name;
    std::array<std::optional<PastedFact>, field_count> facts; ///< by field; none for the types
    std::optional<CodeType> input_type;
    std::optional<CodeType> output_type;
    std::optional<std::int64_t> features; ///< the number of channels that a module prints
    bool has_affine = true; ///< false for a module with affine=False

    const std::optional<PastedFact>& fact(Field field) const
    {
        return facts[static_cast<std::size_t>(field)];
    }

    /// Keeps the fact. Beside one that agrees with it the one with more digits is kept, beside one
    /// that does not the first, and the sentence that is given says so, as it does of several
    /// values for a field that has one.
    std::optional<std::string> add(Field field, PastedFact fact);
};

/// "Running Mean, line 7"
std::string place_of(const PrintedValue& value);

/// The numbers of a printed value as a fact, noted under its key if it has one, else its label.
PastedFact fact_of(const PrintedValue& value, const std::string& key);

/// A number in a value's attribute, such as its scale; nothing where it has none.
std::optional<PastedFact> attribute_fact(const PrintedValue& value, std::string_view attribute);

/// What dtype=torch.quint8 says, or nothing.
std::optional<CodeType> code_type_of(const PrintedValue& value);

} // namespace qbn
