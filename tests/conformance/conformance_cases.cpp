// Writes layers and the codes that we compute for them, to be held against a real operator:
//     conformance_cases SUBJECT FILE [SEED]
// and prints how many of the codes another rounding would change. Fails where a run would prove
// little: where some choice of the arithmetic decides few codes.

#include "tests/conformance/case_file.h"
#include "tests/conformance/double_rounding.h"
#include "tests/conformance/near_ties.h"

#include <QLocale>
#include <QSaveFile>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

using namespace qbn;
using namespace qbn::conformance;

namespace {

/// What a run contains.
struct Tally
{
    qint64 layers = 0;
    qint64 codes = 0;
    qint64 between = 0; ///< neither clamped nor lifted by the ReLU
    qint64 ties = 0; ///< half way between two codes
    std::vector<qint64> decided; ///< by each variant
};

/// Draws layers, computes their codes, writes both and counts.
class CaseMaker
{
public:
    CaseMaker(const Subject& subject, std::uint64_t seed, QIODevice& device)
        : m_subject(subject)
        , m_variants(variantsOf(subject.arithmetic))
        , m_random(seed)
        , m_writer(device)
    {
        m_tally.decided.resize(m_variants.size());
    }

    /// In a round there is one layer of every number of channels from 1 to 64: 532,480 codes.
    template <typename Draw> void add(int rounds, Draw draw)
    {
        constexpr int mostChannels = 64;
        for (int i = 0; i < rounds * mostChannels; ++i)
            add(draw(m_subject, 1 + i % mostChannels, m_random));
    }

    const std::vector<Variant>& variants() const { return m_variants; }
    const Tally& tally() const { return m_tally; }

private:
    void add(const BatchNormLayer& layer)
    {
        std::vector<std::int32_t> codes;
        for (int channel = 0; channel < layer.channels(); ++channel) {
            for (const Requantized& result :
                 evaluate_requantized(m_subject.arithmetic, layer, channel)) {
                codes.push_back(result.output_code);
                const bool clamped = result.saturation != Saturation::none || result.relu_clamped;
                m_tally.between += clamped ? 0 : 1;
                m_tally.ties += result.tie ? 1 : 0;
            }
            for (std::size_t i = 0; i < m_variants.size(); ++i)
                m_tally.decided[i]
                    += decidedCodes(m_subject.arithmetic, m_variants[i].arithmetic, layer, channel);
        }
        m_tally.layers += 1;
        m_tally.codes += static_cast<qint64>(codes.size());
        m_writer.write(layer, codes);
    }

    const Subject& m_subject;
    std::vector<Variant> m_variants;
    Random m_random;
    CaseWriter m_writer;
    Tally m_tally;
};

void print(const char* what, qint64 count)
{
    const QString grouped = QLocale(QLocale::English).toString(count);
    std::printf("  %-28s %12s\n", what, qPrintable(grouped));
}

/// Prints how many codes a choice decides. False where they are too few to prove it.
bool printDecided(std::string_view choice, qint64 decided)
{
    constexpr qint64 least = 1000;
    print(std::string(choice).c_str(), decided);
    if (decided >= least)
        return true;
    std::fprintf(stderr, "conformance_cases: fewer than %lld codes are decided by: %s\n",
                 static_cast<long long>(least), std::string(choice).c_str());
    return false;
}

/// False where a run would prove little.
bool printTally(const Subject& subject, std::uint64_t seed, const CaseMaker& maker,
                std::optional<qint64> doubleRounding)
{
    const Tally& tally = maker.tally();
    std::printf("%s, seed %llu\n", std::string(subject.name).c_str(),
                static_cast<unsigned long long>(seed));
    print("layers of 1 to 64 channels", tally.layers);
    print("codes", tally.codes);
    print("neither clamped nor ReLU", tally.between);
    print("exact ties", tally.ties);
    std::printf("  codes that change with\n");
    bool proves = true;
    for (std::size_t i = 0; i < tally.decided.size(); ++i)
        proves &= printDecided(maker.variants()[i].name, tally.decided[i]);
    if (doubleRounding)
        proves &= printDecided("multiply-add in binary64", *doubleRounding);
    return proves;
}

/// The same.
bool writeCases(const Subject& subject, std::uint64_t seed, QIODevice& device)
{
    CaseMaker maker(subject, seed, device);
    qint64 doubleRounding = 0;
    maker.add(20, ordinaryLayer);
    maker.add(20, nearTieLayer);
    maker.add(2, tieLayer);
    maker.add(10, extremeLayer);
    if (subject.wildestZeroPoint > 0)
        maker.add(4, wildZeroPointLayer);
    const bool fused = subject.arithmetic.multiply_add == Arithmetic::MultiplyAdd::fused;
    if (fused) {
        maker.add(1, [&](const Subject& of, int channels, Random& random) {
            BatchNormLayer layer = doubleRoundingLayer(of, channels, random);
            for (int channel = 0; channel < channels; ++channel)
                doubleRounding += decidedByDoubleRounding(layer, channel);
            return layer;
        });
    }

    return printTally(subject, seed, maker, fused ? std::optional(doubleRounding) : std::nullopt);
}

int complain(const QSaveFile& file)
{
    std::fprintf(stderr, "conformance_cases: %s: %s\n", qPrintable(file.fileName()),
                 qPrintable(file.errorString()));
    return 1;
}

} // namespace

int main(int argc, char* argv[])
{
    const std::vector<Subject> subjects = allSubjects();
    const std::string_view name = argc > 1 ? argv[1] : "";
    const auto subject = std::find_if(subjects.begin(), subjects.end(),
                                      [name](const Subject& s) { return s.name == name; });
    if (subject == subjects.end() || argc < 3 || argc > 4) {
        std::fprintf(stderr,
                     "usage: conformance_cases SUBJECT FILE [SEED], SUBJECT being one of\n");
        for (const Subject& s : subjects)
            std::fprintf(stderr, "  %s\n", std::string(s.name).c_str());
        return 2;
    }
    QSaveFile file(QString::fromLocal8Bit(argv[2]));
    const std::uint64_t seed = argc > 3 ? QByteArray(argv[3]).toULongLong() : 1;
    if (!file.open(QIODevice::WriteOnly))
        return complain(file);
    const bool proves = writeCases(*subject, seed, file);
    if (!file.commit())
        return complain(file);
    return proves ? 0 : 1;
}
