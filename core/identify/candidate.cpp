#include "core/identify/candidate.h"

#include "core/formula/rewrite.h"
#include "core/identify/composed.h"

#include <algorithm>
#include <array>
#include <span>

namespace qbn {

namespace {

std::string words_of(const formula::Change& change)
{
    std::string words(change.rewrite->title);
    if (!change.where.empty())
        words += " (" + std::string(change.where) + ")";
    return words;
}

bool changes_precision(const formula::Change& change)
{
    constexpr std::array precisions{"binary64", "binary16", "bfloat16"};
    return std::any_of(precisions.begin(), precisions.end(),
                       [&](const char* id) { return change.rewrite->id == id; });
}

void add_changed(const Candidate& candidate, std::span<const formula::Change* const> changes,
                 std::vector<Candidate>& all)
{
    const auto text = formula::apply(candidate.program->text(), changes);
    if (!text)
        return;
    auto program = formula::compile(*text);
    if (!program)
        return;
    std::string name
        = candidate.changes == 0 ? "as " + candidate.name + ", but " : candidate.name + ", and ";
    for (const formula::Change* change : changes)
        name += (change == changes.front() ? "" : ", and ") + words_of(*change);
    all.push_back({.name = std::move(name),
                   .id = {},
                   .program = std::move(*program),
                   .changes = candidate.changes + static_cast<int>(changes.size()),
                   .rank = candidate.rank});
}

void add_composed(std::string text, std::string name, std::vector<Candidate>& all)
{
    auto program = formula::compile(std::move(text));
    if (program)
        all.push_back({.name = std::move(name),
                       .id = {},
                       .program = std::move(*program),
                       .changes = composed_changes,
                       .rank = all.size()});
}

/// LiteRT's constants and one rounding of the whole product, in its three forms.
void add_single_roundings(std::vector<Candidate>& all)
{
    const Backend* litert = find_backend("litert");
    if (!litert || !litert->program)
        return;
    const formula::Named* rounded = litert->program->find("rounded");
    if (!rounded)
        return;
    const std::string& text = litert->program->text();
    const auto begin = static_cast<std::size_t>(rounded->text.data() - text.data());
    constexpr std::array<std::array<std::string_view, 2>, 3> forms{
        {{"shift_round_half_up", "halves up"},
         {"divide_by_pot_round", "halves away from zero"},
         {"shift_right", "rounded down"}}};
    for (const auto& [function, words] : forms) {
        std::string changed = text;
        changed.replace(begin, rounded->text.size(),
                        std::string(function)
                            + "(i64(acc) * i64(quantized_mult), i64(31 - exponent_used))");
        add_composed(std::move(changed),
                     "as LiteRT, but with a single rounding of the product, " + std::string(words),
                     all);
        if (!all.empty())
            all.back().changes = 1;
    }
}

} // namespace

std::string Candidate::text() const
{
    const formula::Program* formula = program ? program.get() : backend->program.get();
    if (!formula)
        return {};
    return backend ? formula->text()
                   : formula::with_title(formula->syntax(), formula->text(), name);
}

Candidate known_candidate(const Backend& backend, std::size_t rank)
{
    return {.name = std::string(backend.title),
            .id = std::string(backend.id),
            .backend = &backend,
            .program = backend.program,
            .changes = 0,
            .rank = rank};
}

std::vector<Candidate> changed(const Candidate& candidate, bool pairs)
{
    std::vector<Candidate> all;
    if (!candidate.program)
        return all;
    const std::vector<formula::Change> changes
        = find_changes(candidate.program->syntax(), candidate.program->text());
    for (const formula::Change& change : changes)
        add_changed(candidate, std::array{&change}, all);
    for (std::size_t i = 0; pairs && i < changes.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (!changes_precision(changes[i]) && !changes_precision(changes[j]))
                add_changed(candidate, std::array{&changes[j], &changes[i]}, all);
        }
    }
    return all;
}

std::vector<Candidate> search_space(const std::stop_token& stop)
{
    std::vector<Candidate> all;
    for (const Backend& backend : all_backends())
        all.push_back(known_candidate(backend, all.size()));
    for (std::size_t i = 0; i < all_backends().size() && !stop.stop_requested(); ++i) {
        const Candidate known = all[i];
        const std::vector<Candidate> others = changed(known, true);
        all.insert(all.end(), others.begin(), others.end());
    }
    add_single_roundings(all);
    for (const Composed& composed : all_composed()) {
        if (stop.stop_requested())
            return all;
        add_composed(formula_of(composed), words_of(composed), all);
    }
    for (const ComposedInteger& composed : all_composed_integers())
        add_composed(formula_of(composed), words_of(composed), all);
    return all;
}

} // namespace qbn
