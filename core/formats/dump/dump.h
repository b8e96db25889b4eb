#pragma once

#include "core/activations/count_codes.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace qbn {

/// A file with a whole tensor of codes: an array of uint8 or int8 in .npy or .npz, in C order, or raw bytes.
struct DumpFile
{
    QString path;
    QString member; ///< the array of an .npz by its name; empty: its only one

    /// "acts.npz:conv1.in" names a member, unless there is a file of that name.
    static DumpFile named(const QString& text);
    QString text() const; ///< the same again
};

/// What to read as one layer's activations.
struct DumpRequest
{
    std::optional<DumpFile> input, output; ///< one at least
    ChannelOrder order = ChannelOrder::nchw;
    /// Of raw bytes, which have none of their own; of an array, another with as many elements.
    std::optional<std::vector<std::int64_t>> shape;
    /// Whether raw bytes are int8; else what the layer's codes are.
    std::optional<bool> is_signed;
};

/// Reads and counts it once. Stored members of an .npz and raw bytes are of any size, what is in an .npz is held in memory meanwhile.
/// Errors: one sentence with the file's name and the place; arrays of other elements, other channels than the layer's, sizes that do
/// not fit, and those of count_codes().
Result<CodeCounts> read_dump(const DumpRequest& request, const BatchNormLayer& layer,
                             const CountRun& run = {});

/// "1,64,112,112" as a shape; nothing for another text.
std::optional<std::vector<std::int64_t>> parse_shape(const QString& text);

/// The arrays of a file that begins as NumPy's do, of whatever elements: itself, or those in an .npz. None in other files, and none in
/// an .npz with the running_mean of a batch norm, which is a model.
std::vector<DumpFile> arrays_in(const QString& path);

} // namespace qbn
