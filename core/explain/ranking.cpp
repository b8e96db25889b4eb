#include "core/explain/ranking.h"

#include <algorithm>
#include <tuple>

namespace qbn {

namespace {

int mistakes(const Explanation& explanation)
{
    if (explanation.recipe->kind == Recipe::Kind::chosen_backend)
        return 0;
    return explanation.second ? 2 : 1;
}

void prefer_exact_to_slack(std::vector<Explanation>& ranked)
{
    constexpr double by_far = 1e-2;
    if (ranked.empty() || ranked.front().within_rounding == 0)
        return;
    const double limit = ranked.front().coincidence * by_far;
    const int explained = ranked.front().explains;
    const auto exact = std::find_if(ranked.begin() + 1, ranked.end(), [&](const auto& one) {
        return one.explains == explained && !one.second && one.coincidence < limit;
    });
    if (exact != ranked.end())
        std::rotate(ranked.begin(), exact, exact + 1);
}

} // namespace

void rank(std::vector<Explanation>& explanations)
{
    std::stable_sort(explanations.begin(), explanations.end(), [](const auto& a, const auto& b) {
        return std::tuple(-a.explains, mistakes(a), a.coincidence)
            < std::tuple(-b.explains, mistakes(b), b.coincidence);
    });
    prefer_exact_to_slack(explanations);
}

} // namespace qbn
