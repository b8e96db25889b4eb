#include "core/paste/understanding.h"

#include "tests/support/print_files.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>

using namespace qbn;
using namespace qbn::test;

namespace {

bool isWord(char c)
{
    return c != ' ' && c != '\n';
}

// The first field of which a pasted number is not that of the whole text. Only a number without
// brackets that is cut itself ("eps 1e-0") cannot be told from a whole one.
std::optional<Field> wrongField(const BatchNormLayer& cut, const BatchNormLayer& whole,
                                bool is_within_word)
{
    const int channels = std::min(cut.channels(), whole.channels());
    for (const Field field : all_fields) {
        const bool is_type = field == Field::input_type || field == Field::output_type;
        if (is_type || (!is_per_channel(field) && is_within_word))
            continue;
        for (int channel = 0; channel < (is_per_channel(field) ? channels : 1); ++channel) {
            const double value = value_of(cut, field, channel);
            const double expected = value_of(whole, field, channel);
            const bool is_same = value == expected || std::abs(value - expected) < 1e-7
                || (std::isnan(value) && std::isnan(expected));
            if (cut.provenance.of(field, channel).origin == Origin::pasted && !is_same)
                return field;
        }
    }
    return std::nullopt;
}

} // namespace

class TestPasteRobustness : public QObject
{
    Q_OBJECT

private slots:
    void aCutTextGivesNothingWrong_data();
    void aCutTextGivesNothingWrong();
    void randomBytesAreSafe();
    void aClaimOfManyChannelsCostsNothing();
    void whatAShortTextClaimsGrowsWithIt();
    void deepNestingIsSafe_data();
    void deepNestingIsSafe();
};

void TestPasteRobustness::aCutTextGivesNothingWrong_data()
{
    QTest::addColumn<QString>("file");
    for (const QString& file : printFiles())
        QTest::newRow(qPrintable(file)) << file;
}

// Cut at every byte: what is still there is as in the whole text.
void TestPasteRobustness::aCutTextGivesNothingWrong()
{
    QFETCH(QString, file);
    const std::string text = textOf(file);
    const Understanding whole = understood(text);
    const std::vector<Observation>& all = whole.observations.at(0);
    for (std::size_t size = 0; size < text.size(); ++size) {
        const Understanding cut = understood(text.substr(0, size));
        if (cut.model.layers.empty())
            continue;
        const std::vector<Observation>& found = cut.observations.at(0);
        QVERIFY2(found.size() <= all.size() && std::equal(found.begin(), found.end(), all.begin()),
                 qPrintable(QStringLiteral("at byte %1").arg(size)));
        const bool is_within_word = isWord(text[size - 1]) && isWord(text[size]);
        const auto wrong = wrongField(*cut.model.layers[0], *whole.model.layers[0], is_within_word);
        QVERIFY2(!wrong,
                 qPrintable(QStringLiteral("field %1 at byte %2")
                                .arg(int(wrong.value_or(Field::relu)))
                                .arg(size)));
    }
}

void TestPasteRobustness::randomBytesAreSafe()
{
    std::mt19937 random(20260101);
    const std::string text = textOf(QStringLiteral("prints/nchw.txt"))
        + textOf(QStringLiteral("prints/state_dict.txt"));
    const std::string favourites = "()[]{}=,:'\".-+e0 9\n<>\\";
    for (int round = 0; round < 2000; ++round) {
        std::string changed = text;
        for (int i = 0; i < 20; ++i) {
            const std::size_t place = random() % changed.size();
            changed[place] = i % 2 == 0 ? favourites[random() % favourites.size()]
                                        : static_cast<char>(random() % 256);
        }
        const Understanding result = understood(changed);
        QCOMPARE(result.observations.size(), result.model.layers.size());
        for (std::size_t i = 0; i < result.model.layers.size(); ++i) {
            const BatchNormLayer& layer = *result.model.layers[i];
            for (const Observation& observation : result.observations[i])
                QVERIFY(observation.channel >= 0 && observation.channel < layer.channels()
                        && layer.input.type.contains(observation.input_code));
        }
    }
}

void TestPasteRobustness::aClaimOfManyChannelsCostsNothing()
{
    std::string text = "BatchNorm2d(999999999999)\n";
    QCOMPARE(understood(text).model.layers.at(0)->channels(), 1);
    for (int i = 0; i < 3000; ++i)
        text += "(m" + std::to_string(i) + "): BatchNorm2d(60000)\n";
    int channels = 0;
    for (const auto& layer : understood(text).model.layers)
        channels += layer->channels();
    QVERIFY(channels <= (1 << 20) + 3001);
}

// A few lines do not make a million channels.
void TestPasteRobustness::whatAShortTextClaimsGrowsWithIt()
{
    std::string text;
    for (int i = 0; i < 30; ++i)
        text += "(m" + std::to_string(i) + "): BatchNorm2d(60000)\n";
    int channels = 0;
    for (const auto& layer : understood(text).model.layers)
        channels += layer->channels();
    QVERIFY(channels >= 60000);
    QVERIFY(channels <= 65536 + 32 * static_cast<int>(text.size()) + 30);
}

// Deeper than any stack: brackets are counted and not followed.
void TestPasteRobustness::deepNestingIsSafe_data()
{
    QTest::addColumn<QString>("piece");
    for (const char* const piece :
         {"[", "(", "[[1,", "tensor(", "tensor([", "tensor(a=", "BatchNorm2d(a=[", "(m): (", "x[",
          "{'a': ", "<", "'", "\"", "7", "=", ","})
        QTest::newRow(piece) << QString::fromLatin1(piece);
}

void TestPasteRobustness::deepNestingIsSafe()
{
    QFETCH(QString, piece);
    std::string text;
    while (text.size() < 300'000)
        text += piece.toStdString();
    const Understanding result = understood("Running Mean tensor([0.5, 0.25])\n" + text);
    QCOMPARE(result.model.layers.size(), std::size_t{1});
    QCOMPARE(result.model.layers[0]->mean[1], 0.25);
}

QBN_TEST(TestPasteRobustness)
#include "tst_paste_robustness.moc"
