#pragma once

#include "core/layer/batch_norm.h"
#include "core/layer/observation.h"
#include "core/paste/claim.h"
#include "core/paste/paste.h"

#include <cstddef>
#include <string>
#include <vector>

namespace qbn {

/// What a pasted text gives, and how far it can be trusted. The sentences are for a person; numbers
/// in the C locale. With several layers each begins with its layer's name.
struct Understanding
{
    /// The layers, every value marked: pasted (note: label and line), inferred, default, or unknown
    /// where a placeholder stands (mean 0, var 1, gamma 1, beta 0, scale 1, zero point 0). None if
    /// nothing was understood.
    Model model;
    bool found = false; ///< whether the text has a layer; of apply_paste()
    std::vector<std::vector<Observation>> observations; ///< for each layer of the model
    std::vector<std::string> understood; ///< "mean: 3 values (Running Mean, line 7)"
    /// Rules, defaults and roundings: "mean is taken as printed, with 4 digits after the point: a
    /// value may be off by 5e-05".
    std::vector<std::string> assumed;
    /// "gamma and beta are missing; 1 and 0 stand in their place"
    std::vector<std::string> missing;
    /// Lines of Python that print what is missing, with the name that the text has for the module:
    /// "print(model.conv1[0].weight)".
    std::vector<std::string> snippets;
    /// Every number of the text and what became of it.
    std::vector<Claim> claims;
};

/// Those of an understanding's sentences that are about one of its layers or about none alone.
std::vector<std::string> sentences_about(const std::vector<std::string>& sentences,
                                         const Model& model, std::size_t layer);

/// The layers of a text on their own. eps is 1e-5 where none was printed; a type is quint8, or
/// qint8 where the zero point is negative, as in a file (core/formats/tensors/layer_finder.h).
///
/// Printed reals become codes through scale and zero point of their tensor, or of the layer where
/// they have none. A value that is no code's makes no observation.
Understanding understand(const Paste& paste);

/// `base` with what the text says filled in: of several pasted layers that of the same name, else
/// the first. What was only inferred fills in and does not override. Channels that were not printed
/// keep the base's values; arrays of another length are left out, and `assumed` says so. The model
/// has that one layer, even if nothing was understood.
Understanding merge(const BatchNormLayer& base, const Paste& paste);

} // namespace qbn
