#include "core/explain/report.h"
#include "core/paste/paste.h"
#include "core/paste/understanding.h"
#include "tests/fuzz/support.h"

#include <algorithm>

namespace {

using namespace qbn;

constexpr int mostChannels = 16;
constexpr std::size_t mostObservations = 4;

void requireSentences(const Understanding& understanding)
{
    for (const auto* sentences :
         {&understanding.understood, &understanding.assumed, &understanding.missing})
        for (const std::string& sentence : *sentences)
            fuzz::requireSentence(sentence);
}

void explain(BatchNormLayer layer, std::vector<Observation> observations)
{
    if (layer.channels() > mostChannels)
        return;
    observations.resize(std::min(observations.size(), mostObservations));
    layer.observations = std::move(observations);
    const auto report = make_report(layer, *find_backend("pytorch"), {});
    if (!report)
        return fuzz::requireError(report.error());
    fuzz::requireSentence(report->sentence);
    for (const Explanation& explanation : report->diagnosis.explanations) {
        fuzz::require(explanation.explains <= explanation.of && explanation.of > 0,
                      "an explanation explains no more than was observed");
        fuzz::require(explanation.coincidence >= 0 && explanation.coincidence <= 1,
                      "a coincidence is a probability");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Paste paste = read_paste(fuzz::textOf(data, size));
    const Understanding alone = understand(paste);
    fuzz::require(alone.observations.size() == alone.model.layers.size(),
                  "each layer has its observations");
    requireSentences(alone);
    if (!alone.model.layers.empty())
        fuzz::requireModel(alone.model);
    const Understanding merged = merge(identity_layer("layer", 3), paste);
    requireSentences(merged);
    fuzz::requireModel(merged.model);
    fuzz::require(merged.model.layers.size() == 1 && merged.model.layers[0]->channels() == 3,
                  "a merge keeps the channels");
    for (std::size_t i = 0; i < alone.model.layers.size() && i < 2; ++i)
        explain(*alone.model.layers[i], alone.observations[i]);
    return 0;
}
