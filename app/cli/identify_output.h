#pragma once

#include "core/identify/identify.h"
#include "core/identify/test_layer.h"

#include <QJsonObject>

#include <optional>
#include <string>
#include <vector>

namespace qbn::cli {

/// What is told about a device.
struct Identified
{
    const BatchNormLayer* layer = nullptr;
    const Identification* found = nullptr;
    std::optional<TestLayer> test; ///< which tells told_apart() apart
    std::vector<std::string> notes; ///< how the observed codes were read
};

/// The formulas that reproduce everything: the simplest of each class, then more of the first ones. Some two dozen at most.
std::vector<Candidate> told_apart(const Identification& found);

/// A layer that tells them apart; nothing where there are no two.
std::optional<TestLayer> telling_layer(const BatchNormLayer& layer, const Identification& found);

std::string identify_text(const Identified& identified);
QJsonObject identify_json(const Identified& identified);

} // namespace qbn::cli
