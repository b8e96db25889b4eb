#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace qbn::test {

/// Makes texts such as a fuzzer does from prints, the same ones on every machine: cut, spliced,
/// repeated, with nested brackets, long runs of digits, many labels, claims and wild bytes.
class ChangedPrints
{
public:
    /// Requires: at least one print.
    ChangedPrints(std::vector<std::string> prints, std::size_t longest)
        : prints_(std::move(prints))
        , longest_(longest)
    { }

    std::string next()
    {
        std::string text = part_of(any_print());
        for (std::size_t change = 1 + below(4); change > 0; --change) {
            change_once(text);
            text.resize(std::min(text.size(), longest_));
        }
        return text;
    }

private:
    /// mt19937 gives the same numbers everywhere, the standard's distributions do not.
    std::size_t below(std::size_t count) { return random_() % std::max<std::size_t>(count, 1); }

    const std::string& any_print() { return prints_[below(prints_.size())]; }

    std::string part_of(const std::string& text)
    {
        return text.size() <= longest_ ? text
                                       : text.substr(below(text.size() - longest_), longest_);
    }

    std::string repeated(std::string_view piece, std::size_t size)
    {
        std::string text;
        while (text.size() < size && !piece.empty())
            text += piece;
        return text;
    }

    std::string new_piece()
    {
        constexpr std::array<std::string_view, 12> pieces{"input scale = ",
                                                          "output zero_point: ",
                                                          "Running Mean\n",
                                                          "1e308 ",
                                                          "[[[",
                                                          "tensor([",
                                                          "x[0, 1, 2, 3] = ",
                                                          "y = ",
                                                          "'",
                                                          "\n",
                                                          "BatchNorm2d(4096)\n",
                                                          "(conv1): "};
        const std::size_t size = 1 + below(longest_ / 4);
        switch (below(6)) {
        case 0:
            return repeated(std::string(1, "0123456789"[below(10)]), size);
        case 1:
            return repeated(std::string(1, "[]()\"'\n,=:."[below(11)]), size);
        case 2:
            return std::string(size, '[') + "1, 2" + std::string(size, ']');
        case 3:
            return repeated(pieces[below(pieces.size())], size);
        case 4:
            return repeated("layer" + std::to_string(below(100)) + ".running_mean: [0.5, 0.25]\n",
                            size);
        default:
            return std::string(pieces[below(pieces.size())]);
        }
    }

    /// Puts another number in the place of one.
    void change_number(std::string& text)
    {
        constexpr std::string_view digits = "0123456789.";
        constexpr std::array<std::string_view, 16> numbers{
            "0",     "-1",    "1e308", "1e-320",     "4.9e-324",   "0.1",  "inf", "nan",
            "65000", "256.5", "3e38",  "2147483648", "1e99999999", "1e-9", "1.5", "-128"};
        const std::size_t start = text.find_first_of(digits, below(text.size()));
        if (start == std::string::npos)
            return;
        const std::size_t end = std::min(text.find_first_not_of(digits, start), text.size());
        text.replace(start, end - start, numbers[below(numbers.size())]);
    }

    void change_once(std::string& text)
    {
        const std::size_t place = below(text.size() + 1);
        switch (below(9)) {
        case 0:
            return text.resize(place);
        case 1: {
            const std::string& other = any_print();
            text.insert(place, other, below(other.size()), below(longest_ / 2));
            return;
        }
        case 2:
            text.insert(place, repeated(text.substr(place, 1 + below(32)), below(longest_ / 2)));
            return;
        case 3:
            text.erase(place, below(64));
            return;
        case 4:
            for (std::size_t i = 0; i < 8 && !text.empty(); ++i)
                text[below(text.size())] = static_cast<char>(random_() % 256);
            return;
        case 5:
            text.insert(place, new_piece());
            return;
        default:
            change_number(text);
        }
    }

    std::mt19937 random_;
    std::vector<std::string> prints_;
    std::size_t longest_;
};

} // namespace qbn::test
