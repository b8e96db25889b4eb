#pragma once

#include "core/explain/report.h"
#include "core/layer/batch_norm.h"

#include <QJsonObject>

#include <string>
#include <vector>

namespace qbn::cli {

/// What was read of a text, if one was given.
struct Reading
{
    std::vector<std::string> understood, assumed, missing;
};

/// `channels` are those whose regions are given; a text gives the first ones of many.
std::string explain_text(const Reading& reading, const BatchNormLayer& layer, const Report& report,
                         const std::vector<int>& channels);
QJsonObject explain_json(const Reading& reading, const BatchNormLayer& layer, const Report& report,
                         const std::vector<int>& channels);

} // namespace qbn::cli
