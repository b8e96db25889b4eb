#include "core/backends/backend.h"
#include "core/formats/session/question_card.h"
#include "core/formats/session/session_json.h"
#include "tests/fuzz/support.h"

#include <algorithm>

namespace {

using namespace qbn;

constexpr int mostChannels = 16;
constexpr std::size_t mostObservations = 4;

/// A card of the layer opens again as the same layer.
void requireRoundTrip(const BatchNormLayer& layer)
{
    const Backend& chosen = *find_backend("pytorch");
    const auto report = make_report(layer, chosen, {});
    if (!report)
        return fuzz::requireError(report.error());
    const Question question{&layer, &chosen, &*report, layer.channels() - 1,
                            layer.input.type.qmax()};
    const auto session = session_in(QByteArray::fromStdString(question_card(question)));
    fuzz::require(session && bool(*session), "a card holds its session");
    const auto model = read_session(**session, QStringLiteral("card.md"));
    fuzz::require(bool(model), "the session of a card is read");
    fuzz::require(model->layers.size() == 1 && *model->layers.front() == layer,
                  "a card opens as the same layer");
    fuzz::require(model->view && model->view->channel == question.channel
                      && model->view->input_code == question.input_code,
                  "a card opens at the same code");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto session = session_in(fuzz::bytesOf(data, size));
    if (!session)
        return 0;
    if (!*session) {
        fuzz::requireError(session->error());
        return 0;
    }
    const auto model = read_session(**session, QStringLiteral("card.md"));
    fuzz::requireModelOrError(model);
    if (!model)
        return 0;
    const BatchNormLayer& layer = *model->layers.front();
    if (layer.channels() <= mostChannels && layer.observations.size() <= mostObservations)
        requireRoundTrip(layer);
    return 0;
}
