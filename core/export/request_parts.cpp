#include "core/export/request_parts.h"

#include "core/text/printable.h"

#include <algorithm>

namespace qbn {

ChannelRange asked_channels(const CodeRequest& request)
{
    return request.channel ? ChannelRange{*request.channel, 1}
                           : ChannelRange{0, request.layer.channels()};
}

ChannelRange needed_channels(const CodeRequest& request)
{
    return request.backend.sees_all_channels() ? ChannelRange{0, request.layer.channels()}
                                               : asked_channels(request);
}

namespace {

/// "gamma, beta": the fields that nobody gave for one of the channels at least.
std::string missing_names(const CodeRequest& request)
{
    const ChannelRange channels = needed_channels(request);
    std::string names;
    for (const Field field : all_fields) {
        bool missing = false;
        for (int i = 0; i < channels.count && !missing; ++i)
            missing
                = request.layer.provenance.of(field, channels.first + i).origin == Origin::unknown;
        if (missing)
            names += (names.empty() ? "" : ", ") + spaced_name(field);
    }
    return names;
}

} // namespace

std::vector<std::string> heading_lines(const CodeRequest& request)
{
    const BatchNormLayer& layer = request.layer;
    std::vector<std::string> lines{"Batch norm " + in_quotes(layer.name) + ", "
                                   + std::to_string(layer.channels()) + " channels, "
                                   + name_of(layer.input.type) + " to " + name_of(layer.output.type)
                                   + (layer.relu ? ", ReLU" : "")};
    const Backend& backend = request.backend;
    lines.push_back("Arithmetic: " + std::string(backend.id) + ", " + std::string(backend.title));
    if (!backend.source.empty())
        lines.push_back("  of " + std::string(backend.source));
    if (!backend.checked.empty())
        lines.push_back("  checked with " + std::string(backend.checked));
    if (const std::string names = missing_names(request); !names.empty())
        lines.push_back("Nobody gave " + names + ": what depends on it is a placeholder.");
    lines.emplace_back("Written by Quantized Batch Norm Explorer.");
    for (std::string& line : lines) {
        line = printable(line);
        std::replace(line.begin(), line.end(), '\\',
                     '/'); // at its end the next line would belong to it
    }
    return lines;
}

KnownValues::KnownValues(const CodeRequest& request, ChannelRange channels,
                         std::span<const int> instructions)
    : values_(request.backend.program->instructions().size())
{
    formula::BoundFormula bound(request.backend.program, request.layer);
    for (int channel = channels.first; channel < channels.first + channels.count; ++channel) {
        bound.run(channel);
        for (const int instruction : instructions)
            values_[static_cast<std::size_t>(instruction)].push_back(
                bound.raw_value(instruction, 0));
    }
}

} // namespace qbn
