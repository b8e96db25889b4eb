// How many texts a second of CPU time are read and explained: texts of up to 1 KB, made as a fuzzer makes them
// from the prints in tests/data. Then how the time of reading grows with texts of one repeated
// piece, as the ratio of twice the text: 2 is linear, 4 is quadratic. usage: paste_speed [texts]

#include "core/explain/report.h"
#include "tests/support/changed_prints.h"
#include "tests/support/print_files.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace qbn;

namespace {

constexpr std::size_t longest_text = 1000;

double seconds_of(const std::function<void()>& work)
{
    const std::clock_t start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void measure(const char* what, const std::vector<std::string>& texts,
             const std::function<void(const std::string&)>& work)
{
    if (texts.empty())
        return;
    std::vector<double> seconds;
    std::size_t slowest = 0;
    for (const std::string& text : texts) {
        seconds.push_back(seconds_of([&] { work(text); }));
        if (seconds.back() > seconds[slowest])
            slowest = seconds.size() - 1;
    }
    double sum = 0;
    for (const double one : seconds)
        sum += one;
    const double longest = seconds[slowest];
    std::sort(seconds.begin(), seconds.end());
    std::printf("%-12s %8.0f texts a second, p50 %8.3f ms, p99 %8.3f ms, slowest %8.3f ms (text "
                "%zu)\n",
                what, static_cast<double>(texts.size()) / sum, 1e3 * seconds[seconds.size() / 2],
                1e3 * seconds[seconds.size() * 99 / 100], 1e3 * longest, slowest);
}

/// As `qbn explain --print` does: the first layer that was observed, else the first one.
std::optional<BatchNormLayer> layer_of(const Understanding& read)
{
    if (read.model.layers.empty())
        return std::nullopt;
    const auto observed = std::find_if(read.observations.begin(), read.observations.end(),
                                       [](const auto& seen) { return !seen.empty(); });
    const auto index = observed == read.observations.end()
        ? std::size_t{0}
        : static_cast<std::size_t>(observed - read.observations.begin());
    BatchNormLayer layer = *read.model.layers[index];
    layer.observations = read.observations[index];
    return layer;
}

void explain_text(const std::string& text)
{
    const auto layer = layer_of(test::understood(text));
    if (layer && !make_report(*layer, *find_backend("pytorch"), {}))
        std::printf("an observation that the layer cannot have\n");
}

/// Observations of one channel, x codes 0, 1, 2, .. with the y codes that `output` gives.
std::string observed_text(int count, const std::function<int(int)>& output)
{
    std::string x;
    std::string y;
    for (int code = 0; code < count; ++code) {
        x += std::to_string(code) + ", ";
        y += std::to_string(output(code)) + ", ";
    }
    return "x_q = [" + x + "]\ny_q = [" + y + "]\n";
}

void measure_explain(const char* what, const std::string& text)
{
    const auto layer = layer_of(test::understood(text));
    const std::size_t observed = layer ? layer->observations.size() : 0;
    std::printf("%-34s %4zu observations, %6d channels %9.1f ms\n", what, observed,
                layer ? layer->channels() : 0, 1e3 * seconds_of([&text] { explain_text(text); }));
}

void measure_questions()
{
    const std::string parameters = "input scale = 0.0253\ninput zero_point = 73\noutput scale = "
                                   "0.0312\noutput zero_point = 65\nmean: [0.3]\nvar: [0.9]\n"
                                   "gamma: [1.1]\nbeta: [-0.2]\n";
    const auto line = [](int code) { return code * 7 / 10 + 20; };
    const auto noise = [](int code) { return (code * 97 + code * code * 31) % 256; };
    measure_explain("fitting", parameters + observed_text(200, line));
    measure_explain("noise", parameters + observed_text(200, noise));
    measure_explain("noise, scale unknown",
                    parameters.substr(parameters.find("input zero")) + observed_text(200, noise));
    const std::string claim
        = "BatchNorm2d(65000)\n" + parameters.substr(0, parameters.find("mean"));
    measure_explain("one of a claim", claim + "x_q = 3\ny_q = 5\n");
    measure_explain("noise of a claim", claim + observed_text(200, noise));
    std::string channels = "mean: [";
    for (int channel = 0; channel < 256; ++channel)
        channels += std::to_string(channel) + ".5, ";
    channels += "]\n" + parameters.substr(0, parameters.find("mean"));
    measure_explain("a channel each", channels + observed_text(256, noise));
    measure_explain("scales far apart",
                    "input scale = 1e-300\ninput zero_point = 73\noutput scale = 1e300\noutput "
                    "zero_point = 65\nmean: [1e-300]\nvar: [1e300]\n"
                        + observed_text(200, noise));
}

void measure_growth(const std::string& name, const std::string& piece)
{
    constexpr std::size_t largest = std::size_t{1} << 20;
    double before = 0;
    std::printf("%-34s", name.c_str());
    for (std::size_t size = largest / 8; size <= largest; size *= 2) {
        std::string text;
        while (text.size() < size)
            text += piece;
        const double seconds = seconds_of([&text] { (void)test::understood(text); });
        std::printf(" %9.1f ms", 1e3 * seconds);
        if (before > 0)
            std::printf(" x%.1f", seconds / before);
        before = seconds;
    }
    std::printf("\n");
}

} // namespace

int main(int argc, char* argv[])
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2000;
    std::vector<std::string> prints;
    for (const QString& file : test::printFiles())
        prints.push_back(test::textOf(file));
    test::ChangedPrints changed(prints, longest_text);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i)
        texts.push_back(changed.next());
    std::printf("%zu texts of up to %zu bytes\n", texts.size(), longest_text);
    measure("parse", texts, [](const std::string& text) { (void)read_paste(text); });
    measure("understand", texts, [](const std::string& text) { (void)test::understood(text); });
    measure("explain", texts, explain_text);
    std::erase_if(texts, [](const std::string& text) {
        const auto layer = layer_of(test::understood(text));
        return !layer || layer->observations.empty();
    });
    std::printf("the %zu of them that observe something\n", texts.size());
    measure("explain", texts, explain_text);

    std::printf("explaining texts that ask much\n");
    measure_questions();

    std::printf("texts of 1/8, 1/4, 1/2 and 1 MB of one piece, and the time of each beside that of "
                "its half\n");
    const std::vector<std::pair<std::string, std::string>> pieces{
        {"(", "("},
        {")", ")"},
        {"[", "["},
        {"]", "]"},
        {"[]", "[]"},
        {"[[[[1, 2]", "[[[[1, 2]"},
        {"digits", "7"},
        {"apart digits", "7 "},
        {"dots", "."},
        {"e", "e"},
        {"1e+1e+", "1e+"},
        {"'", "'"},
        {"\" and '", "\"'"},
        {",", ","},
        {"line ends", "\n"},
        {"=", "="},
        {"<", "<"},
        {"> ", "> "},
        {"white space", " \t"},
        {"zero bytes", std::string(1, '\0')},
        {"escapes", "\x1b["},
        {"no-break spaces", "\xc2\xa0"},
        {"tensor(", "tensor("},
        {"tensor([", "tensor(["},
        {"tensor(a=", "tensor(a="},
        {"tensor(a=[", "tensor(a=["},
        {"tensor(a=<", "tensor(a=<"},
        {"BatchNorm2d(", "BatchNorm2d("},
        {"BatchNorm2d(9)", "BatchNorm2d(9)\n"},
        {"x[", "x["},
        {"x[0, ", "x[0, "},
        {"shape=(1, ", "shape=(1, "},
        {"shape=", "shape="},
        {"Parameter containing", "Parameter containing "},
        {"In [1", "In [1"},
        {"mean: 1", "mean: 1\n"},
        {"mean: 1, ", "mean: 1, "},
        {"scale, zero_point = ", "scale, zero_point = "},
        {"(a): (", "(a): ("},
        {"words", "word "},
        {"running_mean: [0.5]", "running_mean: [0.5]\n"},
        {"x = 1; y = 2", "x_q = 1\ny_q = 2\n"},
        {"input scale = 0.5", "input scale = 0.5 "},
        {"tensor([1., 2.], scale=0.5", "tensor([1., 2.], scale=0.5, zero_point=3)\n"},
    };
    for (const auto& [name, piece] : pieces)
        measure_growth(name, piece);
    std::string layers;
    for (int i = 0; i < 20000; ++i)
        layers += "l" + std::to_string(i) + ".running_mean: [0.5]\nl" + std::to_string(i)
            + ".running_var: [0.5]\n";
    measure_growth("layers with names of their own", layers.substr(0, std::size_t{1} << 17));
    return 0;
}
