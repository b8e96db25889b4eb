#pragma once

#include "core/explain/report.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <QByteArray>

#include <cstdint>
#include <optional>
#include <string>

namespace qbn {

/// What a card shows.
struct Question
{
    const BatchNormLayer* layer = nullptr;
    const Backend* backend = nullptr;
    const Report* report = nullptr; ///< of the layer's observations
    int channel = 0;
    std::int32_t input_code = 0;
};

/// A question for a forum or an issue as Markdown: the layer's parameters for one channel and where
/// each came from, the stages of one input code, what was observed and the verdict, a PyTorch
/// script that reproduces it, and the session in a fenced block, from which session_in() restores
/// all of it: channel, input code and unknown pair too.
std::string question_card(const Question& question);

/// The session in a card, or in any text that holds one: JSON, in which an error is told by its
/// line in the session. Nothing if the text is no card; an error if it is one without a whole
/// session, so that nobody reads the card's own results as measured. The text may be what a forum,
/// a mail or a terminal made of the card: without fences, quoted by "> ", with other line ends, in
/// UTF-16, with something before or after it.
std::optional<Result<QByteArray>> session_in(const QByteArray& bytes);

} // namespace qbn
