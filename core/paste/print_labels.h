#pragma once

#include "core/paste/print_meaning.h"
#include "core/paste/printed_value.h"

#include <string_view>

namespace qbn {

/// Reads a label by its words, whatever their case and whether '_', '.' or spaces part them. The
/// parameter comes first: "Batch Norm Scale" and "bn.scale" are a scale, "input scale" is the
/// input's. A label with words of both sides ("input and output") says nothing of the side. A scale
/// without a side takes that of the labels before it in the line.
PrintMeaning meaning_of(const PrintedLabel& label);

/// Whether it is a sentence that names a parameter somewhere, if at all, and so labels no number: the name has to stand next to it.
/// "Input to batch norm" is no sentence.
bool is_sentence(const PrintedLabel& label);

/// The name of a parameter in a state_dict: "running_mean"; empty for what has none.
std::string_view key_name_of(PrintRole role);

/// Whether a function is a layer or a model by its name: bn, model.bn1, F.batch_norm,
/// layer.forward, session.run. What it gives is an output.
bool names_layer(std::string_view function);

/// Whether a word stands in front of a channel's number: "channel 0: x=[132, 52]".
bool names_channel(std::string_view word);

/// Whether a label holds flatten(), permute() or alike, behind which an index counts other
/// dimensions.
bool changes_shape(std::string_view label);

} // namespace qbn
