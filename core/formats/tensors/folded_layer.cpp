#include "core/formats/tensors/folded_layer.h"

#include <string>

namespace qbn {

void complete_folded(BatchNormLayer& layer)
{
    const std::string folded = "the model holds the folded gain and offset alone";
    for (const Field field : {Field::gamma, Field::beta})
        layer.provenance.set(field, {.origin = Origin::inferred, .note = folded});
    for (const Field field : {Field::mean, Field::var, Field::eps})
        layer.provenance.set(
            field, {.origin = Origin::inferred, .note = folded + "; this changes nothing of it"});
    layer.mean.assign(layer.gamma.size(), 0);
    layer.var.assign(layer.gamma.size(), 1);
    layer.eps = 0;
}

} // namespace qbn
