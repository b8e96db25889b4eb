// Writes layers and the codes that we compute for them, to be held against a real operator:
//     conformance_cases SUBJECT FILE [SEED]
// With each layer goes how many of its codes a planted change of the formula would give otherwise,
// so that the operator's program can say what a run proves.

#include "core/backends/bound_backend.h"
#include "tests/conformance/case_file.h"
#include "tests/conformance/double_rounding.h"
#include "tests/conformance/near_ties.h"

#include <QLocale>
#include <QSaveFile>

#include <cstdio>
#include <string>

using namespace qbn;
using namespace qbn::conformance;

namespace {

/// What a run contains.
struct Tally
{
    qint64 layers = 0;
    qint64 codes = 0;
    qint64 between = 0; ///< neither the lowest nor the highest code of the type
};

std::vector<std::string_view> namesOf(const std::vector<Variant>& variants)
{
    std::vector<std::string_view> names;
    for (const Variant& variant : variants)
        names.push_back(variant.name);
    return names;
}

/// Draws layers, computes their codes, writes both and counts.
class CaseMaker
{
public:
    CaseMaker(const Subject& subject, std::uint64_t seed, QIODevice& device)
        : m_subject(subject)
        , m_random(seed)
        , m_writer(device, namesOf(subject.variants))
    { }

    /// In a round there is one layer of every number of channels from 1 to 64: 532,480 codes.
    template <typename Draw> void add(int rounds, Draw draw)
    {
        constexpr int mostChannels = 64;
        for (int i = 0; i < rounds * mostChannels; ++i)
            add(draw(m_subject, 1 + i % mostChannels, m_random));
    }

    const Tally& tally() const { return m_tally; }

private:
    void add(const BatchNormLayer& layer)
    {
        std::vector<std::int32_t> codes;
        BoundBackend bound(*m_subject.backend, layer);
        const CodeType type = layer.output.type;
        for (int channel = 0; channel < layer.channels(); ++channel) {
            for (const std::int32_t code : bound.codes(channel)) {
                codes.push_back(code);
                m_tally.between += code > type.qmin() && code < type.qmax() ? 1 : 0;
            }
        }
        std::vector<quint32> decided;
        for (const Variant& variant : m_subject.variants)
            decided.push_back(decidedBy(variant, layer, codes));
        m_tally.layers += 1;
        m_tally.codes += static_cast<qint64>(codes.size());
        m_writer.write(layer, codes, decided);
    }

    /// How many of the codes the variant gives otherwise.
    static quint32 decidedBy(const Variant& variant, const BatchNormLayer& layer,
                             const std::vector<std::int32_t>& codes)
    {
        quint32 decided = 0;
        BoundBackend bound(*variant.backend, layer);
        auto ours = codes.begin();
        for (int channel = 0; channel < layer.channels(); ++channel) {
            for (const std::int32_t theirs : bound.codes(channel))
                decided += *ours++ == theirs ? 0 : 1;
        }
        return decided;
    }

    const Subject& m_subject;
    Random m_random;
    CaseWriter m_writer;
    Tally m_tally;
};

void print(const char* what, qint64 count)
{
    const QString grouped = QLocale(QLocale::English).toString(count);
    std::printf("  %-28s %12s\n", what, qPrintable(grouped));
}

void writeCases(const Subject& subject, std::uint64_t seed, QIODevice& device)
{
    CaseMaker maker(subject, seed, device);
    maker.add(7, ordinaryLayer);
    // Where all channels share their scales a layer has one near tie.
    maker.add(subject.layerScales ? 24 : 8, nearTieLayer);
    maker.add(2, tieLayer);
    maker.add(5, extremeLayer);
    if (subject.wildestZeroPoint > 0)
        maker.add(3, wildZeroPointLayer);
    if (!subject.integerWeights)
        maker.add(1, doubleRoundingLayer);

    std::printf("%s, seed %llu\n", std::string(subject.name).c_str(),
                static_cast<unsigned long long>(seed));
    print("layers of 1 to 64 channels", maker.tally().layers);
    print("codes", maker.tally().codes);
    print("neither lowest nor highest", maker.tally().between);
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
    if (argc < 3 || argc > 4) {
        std::fprintf(stderr,
                     "usage: conformance_cases SUBJECT FILE [SEED], SUBJECT being one of\n");
        for (const std::string_view name : subjectNames())
            std::fprintf(stderr, "  %s\n", std::string(name).c_str());
        return 2;
    }
    const auto subject = findSubject(argv[1]);
    if (!subject) {
        std::fprintf(stderr, "conformance_cases: %s\n", subject.error().message.c_str());
        return 2;
    }
    QSaveFile file(QString::fromLocal8Bit(argv[2]));
    const std::uint64_t seed = argc > 3 ? QByteArray(argv[3]).toULongLong() : 1;
    if (!file.open(QIODevice::WriteOnly))
        return complain(file);
    writeCases(*subject, seed, file);
    return file.commit() ? 0 : complain(file);
}
