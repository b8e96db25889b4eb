#pragma once

#include "core/activations/agreement.h"
#include "core/activations/channel_activation.h"
#include "core/text/table.h"

#include <QJsonObject>

#include <string>
#include <vector>

namespace qbn::cli {

/// A layer's activations with what follows from their counts.
struct MeasuredLayer
{
    int index = 0;
    const BatchNormLayer* layer = nullptr;
    const Backend* backend = nullptr;
    CodeCounts counts;
    std::vector<ChannelActivation> channels; ///< where there are inputs
    std::vector<CodeUse> outputs; ///< of each channel, where there are outputs
    std::vector<BackendAgreement> agreements; ///< these three where there are both
    std::vector<Disagreement> disagreements; ///< of the backend
    std::optional<SeveralOutputs> several;
};

std::string layer_text(const MeasuredLayer& measured);
QJsonObject layer_json(const MeasuredLayer& measured);

/// As they are written as CSV.
Table channel_table(const MeasuredLayer& measured);
Table agreement_table(const MeasuredLayer& measured);
Table disagreement_table(const MeasuredLayer& measured);

} // namespace qbn::cli
