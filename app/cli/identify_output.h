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
    std::optional<TestLayer> test; ///< see telling_layer()
    std::vector<std::string> notes; ///< how the observed codes were read
};

std::string identify_text(const Identified& identified);
QJsonObject identify_json(const Identified& identified);

} // namespace qbn::cli
