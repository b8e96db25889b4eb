#include "core/activations/pair_counter.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

using namespace qbn;
using namespace qbn::activations;

class TestPairCounter : public QObject
{
    Q_OBJECT

private slots:
    void planesAreCountedAlikeByEveryKernel_data();
    void planesAreCountedAlikeByEveryKernel();
};

void TestPairCounter::planesAreCountedAlikeByEveryKernel_data()
{
    QTest::addColumn<int>("plane");
    QTest::addColumn<int>("channels");
    QTest::addColumn<std::size_t>("atOnce");
    QTest::newRow("short planes, all at once") << 9 << 3 << std::size_t{100'000};
    QTest::newRow("planes of 7 by 7, three at once") << 49 << 70 << std::size_t{147};
    QTest::newRow("planes of 14 by 14, all at once") << 196 << 5 << std::size_t{100'000};
    QTest::newRow("parts of long planes") << 5000 << 2 << std::size_t{1250};
    QTest::newRow("long planes of one channel") << 9000 << 1 << std::size_t{100'000};
}

/// Beside a count by hand. Most outputs follow from the input, some do not, and an input may have none but its own.
void TestPairCounter::planesAreCountedAlikeByEveryKernel()
{
    QFETCH(int, plane);
    QFETCH(int, channels);
    QFETCH(std::size_t, atOnce);
    const std::size_t size
        = 10 * static_cast<std::size_t>(plane) * static_cast<std::size_t>(channels);
    std::mt19937 random(1);
    std::vector<std::uint8_t> input(size);
    std::vector<std::uint8_t> output(size);
    for (std::size_t i = 0; i < size; ++i) {
        input[i] = static_cast<std::uint8_t>(random() % 200);
        output[i] = static_cast<std::uint8_t>(input[i] / 2 + (random() % 100 == 0 ? 1 : 0));
    }
    const Grid grid(size, static_cast<std::uint64_t>(plane), channels);
    std::map<std::pair<std::uint32_t, std::uint8_t>, std::pair<std::uint64_t, std::uint64_t>>
        expected;
    std::vector<std::uint64_t> inputs(static_cast<std::size_t>(channels) * 256);
    for (std::size_t i = 0; i < size; ++i) {
        const auto cell = static_cast<std::uint32_t>(i / static_cast<std::size_t>(plane)
                                                         % static_cast<std::size_t>(channels) * 256
                                                     + input[i]);
        ++inputs[cell];
        ++expected.try_emplace({cell, output[i]}, 0, i).first->second.first;
    }
    for (const apply::Kernel& kernel : {apply::Kernel(), apply::best_kernel()}) {
        PairCounter counter(grid, kernel);
        for (std::size_t from = 0; from < size; from += atOnce) {
            const std::size_t count = std::min(atOnce, size - from);
            counter.add_planes(from, Bytes(input).subspan(from, count),
                               Bytes(output).subspan(from, count), 4096);
        }
        const std::vector<BytePair> pairs = counter.take(inputs);
        QCOMPARE(pairs.size(), expected.size());
        auto next = expected.begin();
        for (const BytePair& pair : pairs) {
            const auto& [key, value] = *next++;
            QVERIFY(key == std::pair(pair.cell, pair.output));
            QVERIFY(value == std::pair(pair.count, pair.first));
        }
    }
}

QBN_TEST(TestPairCounter)
#include "tst_pair_counter.moc"
