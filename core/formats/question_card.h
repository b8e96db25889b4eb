#pragma once

#include "core/batch_norm.h"
#include "core/explain/report.h"

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

/// The session in a card's fenced block; an error in it names a line of the block. Nothing if the
/// text holds none. The text may be what a forum made of the card: other line ends, something
/// before or after it.
std::optional<QByteArray> session_in(const QByteArray& text);

} // namespace qbn
