#include "core/paste/claim.h"

#include "core/paste/print_lexer.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace qbn {

namespace {

std::string words_for(const UsedNumber& used)
{
    std::string words = used.use == UsedNumber::Use::field ? spaced_name(used.field)
        : used.use == UsedNumber::Use::input               ? "input"
                                                           : "output";
    if (used.channel >= 0)
        words += " of channel " + std::to_string(used.channel);
    if (used.code)
        words += ", code " + std::to_string(*used.code);
    return words;
}

class ClaimMaker
{
public:
    ClaimMaker(const Paste& paste, std::string_view utf8,
               const std::vector<std::vector<UsedNumber>>& used)
        : paste_(paste)
        , utf8_(utf8)
    {
        for (std::size_t layer = 0; layer < used.size(); ++layer) {
            for (const UsedNumber& number : used[layer])
                used_.emplace(number.place, std::pair(layer, number));
        }
        left_ = paste.left;
        std::stable_sort(left_.begin(), left_.end(),
                         [](const LeftSpan& a, const LeftSpan& b) { return a.begin < b.begin; });
        for (std::size_t i = 0; i < left_.size(); ++i)
            farthest_.push_back(
                i > 0 && left_[farthest_.back()].end > left_[i].end ? farthest_.back() : i);
    }

    std::vector<Claim> make()
    {
        std::vector<Claim> claims;
        PrintLexer lexer(paste_.text.text);
        for (PrintToken token = lexer.next(); token.kind != PrintToken::Kind::end;
             token = lexer.next()) {
            const bool is_used = used_.contains(token.place);
            if (token.kind == PrintToken::Kind::number || is_used)
                claims.push_back(claim_of(token));
            else if (token.kind == PrintToken::Kind::word)
                add_inside(token, claims);
        }
        return claims;
    }

private:
    // A recogniser reads "3c010a14" and "0.5" in "tensor0.5".
    void add_inside(const PrintToken& token, std::vector<Claim>& claims)
    {
        for (std::size_t i = 1; i < token.text.size(); ++i) {
            const auto place = token.place + static_cast<std::uint32_t>(i);
            if (used_.contains(place))
                claims.push_back(claim_of({.kind = PrintToken::Kind::number,
                                           .text = token.text.substr(i),
                                           .line = token.line,
                                           .place = place}));
        }
    }

    Claim claim_of(const PrintToken& token)
    {
        const auto& origins = paste_.text.origins;
        Claim claim{.offset = origins[token.place]};
        const std::size_t last = token.place + token.text.size() - 1;
        const std::uint32_t end = last + 1 < origins.size() ? origins[last + 1] : origins[last] + 1;
        claim.size = std::max(end, claim.offset + 1) - claim.offset;
        claim.line = token.line;
        claim.column = column_of(claim.offset);
        claim.text = std::string(token.text);
        const auto used = used_.find(token.place);
        if (used == used_.end()) {
            claim.meaning = reason_at(token.place);
            return claim;
        }
        const auto& [layer, number] = used->second;
        claim.use = number.use == UsedNumber::Use::field ? Claim::Use::field
            : number.use == UsedNumber::Use::input       ? Claim::Use::input
                                                         : Claim::Use::output;
        claim.field = number.field;
        claim.layer = layer;
        claim.channel = number.channel;
        claim.meaning = words_for(number);
        if (paste_.layers.size() > 1)
            claim.meaning = paste_.layers[layer].name + ": " + claim.meaning;
        return claim;
    }

    // Goes on from the last one: a text may be one long line.
    int column_of(std::uint32_t offset)
    {
        if (offset < column_offset_) {
            column_offset_ = 0;
            column_ = 1;
        }
        for (; column_offset_ < offset; ++column_offset_) {
            const char c = utf8_[column_offset_];
            if (c == '\n')
                column_ = 1;
            else
                column_ += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
        }
        return column_;
    }

    // Spans do not overlap but where a whole text is left: the nearest one before, or the one that reaches farthest.
    std::string reason_at(std::uint32_t place) const
    {
        const auto behind = std::upper_bound(
            left_.begin(), left_.end(), place,
            [](std::uint32_t wanted, const LeftSpan& span) { return wanted < span.begin; });
        if (behind != left_.begin()) {
            const auto at = static_cast<std::size_t>(behind - left_.begin()) - 1;
            for (const std::size_t span : {at, farthest_[at]}) {
                if (place < left_[span].end)
                    return left_[span].reason;
            }
        }
        return "nothing says what it is";
    }

    const Paste& paste_;
    std::string_view utf8_;
    std::unordered_map<std::uint32_t, std::pair<std::size_t, UsedNumber>> used_; // by place
    std::vector<LeftSpan> left_; // by their begin
    std::vector<std::size_t> farthest_; // of those up to each, the one that ends last
    std::uint32_t column_offset_ = 0;
    int column_ = 1;
};

} // namespace

std::vector<Claim> make_claims(const Paste& paste, std::string_view utf8,
                               const std::vector<std::vector<UsedNumber>>& used)
{
    return ClaimMaker(paste, utf8, used).make();
}

} // namespace qbn
