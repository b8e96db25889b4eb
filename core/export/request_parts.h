#pragma once

#include "core/export/code_format.h"
#include "core/formula/bound_formula.h"

#include <span>
#include <string>
#include <vector>

namespace qbn {

struct ChannelRange
{
    int first = 0;
    int count = 0;
};
/// The channels whose codes are asked for, and those whose parameters the text needs for them.
ChannelRange asked_channels(const CodeRequest& request);
ChannelRange needed_channels(const CodeRequest& request);

/// What every text says of itself first: layer, arithmetic, source, what it was checked with, what nobody gave. Printable, no backslash in it.
std::vector<std::string> heading_lines(const CodeRequest& request);

/// The values of instructions that depend on no input code, in channels one after the other.
class KnownValues
{
public:
    KnownValues(const CodeRequest& request, ChannelRange channels,
                std::span<const int> instructions);

    /// One for each channel; of what depends on no channel they are alike.
    const std::vector<formula::Value>& of(int instruction) const
    {
        return values_[static_cast<std::size_t>(instruction)];
    }

private:
    std::vector<std::vector<formula::Value>> values_;
};

} // namespace qbn
