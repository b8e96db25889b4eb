#include "core/paste/apply_paste.h"

#include <memory>
#include <utility>

namespace qbn {

Understanding apply_paste(std::string_view text, const PasteOptions& options)
{
    const Paste paste = read_paste(text, options.corrections);
    Understanding read = options.merge_into ? merge(*options.merge_into, paste) : understand(paste);
    read.found = !paste.layers.empty();
    for (std::size_t i = 0; i < read.model.layers.size(); ++i) {
        if (read.observations[i].empty())
            continue;
        BatchNormLayer layer = *read.model.layers[i];
        layer.observations = read.observations[i];
        read.model.layers[i] = std::make_shared<const BatchNormLayer>(std::move(layer));
    }
    return read;
}

} // namespace qbn
