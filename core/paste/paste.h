#pragma once

#include "core/paste/paste_text.h"
#include "core/paste/pasted_layer.h"
#include "core/paste/printed_value.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

/// What a person says that a number means.
struct Correction
{
    std::uint32_t offset = 0; ///< of a character of the number, in the text in UTF-8
    PrintMeaning meaning; ///< PrintRole::other: nothing
};

/// A tensor, array or number that goes into a layer or comes out of it.
struct PastedPixels
{
    PrintedValue value;
    bool are_codes = false; ///< the numbers are codes, not reals
};

/// "line 7", of the text that it stands in.
std::string line_of(const PastedPixels& pixels);

/// What went in and what came out, printed in pairs.
struct PastedPair
{
    PastedPixels input;
    PastedPixels output;
    std::size_t layer = 0; ///< of Paste::layers
    bool is_channels_last = false; ///< of NHWC, where the shapes leave it open
};

/// All that a text says about batch norms, before anything is filled in.
struct Paste
{
    std::vector<PastedLayer> layers; ///< one at least where anything was understood
    std::vector<PastedPair> pairs;
    std::vector<std::string> answers; ///< of a text that is about no batch norm, as sentences
    std::vector<std::string> assumed; ///< rules that decided what belongs where, as sentences
    std::vector<std::string> missing; ///< what was not printed, as sentences
    std::string utf8; ///< the text that was read
    PlainText text; ///< in which the numbers have their places
    std::vector<LeftSpan> left; ///< numbers that are not used, and why
    std::string
        module_expression; ///< what the text calls the module, "model.conv1[0]"; may be empty
    std::size_t text_size = 0; ///< bytes; what a text may claim grows with it
    std::size_t skipped_values = 0;
    std::size_t skipped_lines = 0;
    std::optional<int> stopped_at_line;
};

/// Reads what Python prints (print_parser.h) and finds out what belongs to what:
///     layers     a batch norm is recognised by its keys as in a file (state_dict_keys.h);
///                "Running Mean" and its like are the keys of a layer without a name. Without
///                running_mean and running_var all there is makes one layer.
///     pixels     quantized tensors, and values labelled "input", "x", "output", "y" or alike.
///                Without labels the first is the input and the second the output.
///     modules    eps, fused ReLU and channels of QuantizedBatchNorm2d(..), and the scale of the
///                module before it
/// A label belongs to the value behind it, a key to the layer of its prefix; what belongs to no
/// batch norm (a convolution's weight) is counted as skipped.
///
/// Recognisers (recogniser.h) take first what has a form of its own, and source code, of which
/// nothing is taken. A text without any sign of a batch norm (evidence.h) has no layers.
Paste read_paste(std::string_view text, const std::vector<Correction>& corrections = {});

} // namespace qbn
