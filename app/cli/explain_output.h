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

/// A strip in one line: -113.5 < -0.944 * gamma + beta < -108.2. Empty for what has other edges.
std::string strip_equation(const FeasibleRegion& region, const UnknownPair& unknowns);

/// Every number of a text: line, column, text, and its meaning or why it was left.
QJsonArray claims_json(const std::vector<Claim>& claims);

} // namespace qbn::cli
