#pragma once

#include "core/explain/report.h"
#include "core/layer/batch_norm.h"
#include "core/paste/claim.h"

#include <QJsonArray>
#include <QJsonObject>

#include <string>
#include <vector>

namespace qbn::cli {

/// What was read of a text, if one was given.
struct Reading
{
    std::vector<std::string> understood, assumed, missing;
    std::vector<std::string> snippets; ///< lines of Python that print what is missing
};

/// `channels` are those whose regions are given; a text gives the first ones of many.
std::string explain_text(const Reading& reading, const BatchNormLayer& layer, const Report& report,
                         const std::vector<int>& channels);
QJsonObject explain_json(const Reading& reading, const BatchNormLayer& layer, const Report& report,
                         const std::vector<int>& channels);

/// Every number of a text: line, column, text, and its meaning or why it was left.
QJsonArray claims_json(const std::vector<Claim>& claims);

} // namespace qbn::cli
