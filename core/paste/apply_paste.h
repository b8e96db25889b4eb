#pragma once

#include "core/paste/understanding.h"

#include <string_view>
#include <vector>

namespace qbn {

struct PasteOptions
{
    /// A layer into which the text is filled, if a person asked for that; else what was pasted
    /// stands alone, and nothing of any other layer is mixed in.
    const BatchNormLayer* merge_into = nullptr;
    std::vector<Correction> corrections; ///< what a person says that numbers mean
};

/// What a pasted text is: the one way in which a paste, a dropped file, File > Open and
/// `qbn explain --print` read it. The layers of the model have their observations. Any bytes are
/// taken; without a batch norm in them `found` is false.
Understanding apply_paste(std::string_view text, const PasteOptions& options = {});

} // namespace qbn
