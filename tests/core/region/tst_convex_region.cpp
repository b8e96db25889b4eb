#include "core/region/convex_region.h"
#include "core/region/region_shape.h"
#include "tests/support/room.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <random>

using namespace qbn;

namespace {

/// a * x + b * y + c >= 0, or > 0.
struct Line
{
    int a, b, c;
    bool closed = true;
};
using Lines = std::vector<Line>;

Surd whole(int value)
{
    return Surd(Dyadic(static_cast<long long>(value)));
}

ConvexRegion regionOf(const Lines& lines)
{
    ConvexRegion region;
    for (const Line& line : lines)
        region.clip({whole(line.a), whole(line.b), whole(line.c), line.closed});
    return region;
}

FeasibleRegion shapeOf(const ConvexRegion& region)
{
    FeasibleRegion shape;
    if (!region.is_empty())
        describe_shape(region, std::vector<std::optional<std::size_t>>(region.half_planes().size()),
                       shape);
    return shape;
}

QString sortedCorners(const FeasibleRegion& shape)
{
    QStringList texts;
    for (const auto& corner : shape.corners)
        texts << QStringLiteral("(%1 %2)").arg(corner.x).arg(corner.y);
    texts.sort();
    return texts.join(QLatin1Char(' '));
}

/// Every line meets every other; what lies inside of all closed half-planes are the corners of the
/// closure, and their sum is an inner point of it. Right where the region has a bound.
bool isEmptyByAllCrossings(const Lines& lines)
{
    std::array<long long, 3> sum{};
    const auto side = [](const Line& line, const std::array<long long, 3>& p) {
        return line.a * p[0] + line.b * p[1] + line.c * p[2];
    };
    for (const Line& p : lines) {
        for (const Line& q : lines) {
            std::array<long long, 3> point{p.b * q.c - p.c * q.b, p.c * q.a - p.a * q.c,
                                           p.a * q.b - p.b * q.a};
            if (point[2] <= 0) // the pair in the other order has it
                continue;
            if (std::all_of(lines.begin(), lines.end(),
                            [&](const Line& line) { return side(line, point) >= 0; })) {
                for (std::size_t i = 0; i < 3; ++i)
                    sum[i] += point[i];
            }
        }
    }
    return sum[2] == 0 || std::any_of(lines.begin(), lines.end(), [&](const Line& line) {
               const long long where = side(line, sum);
               return where < 0 || (where == 0 && !line.closed);
           });
}

} // namespace

Q_DECLARE_METATYPE(Line)

class TestConvexRegion : public QObject
{
    Q_OBJECT

private slots:
    void regionsHaveTheirShape_data();
    void regionsHaveTheirShape();
    void theOrderOfHalfPlanesDoesNotMatter();
    void emptinessAgreesWithAllCrossings();
    void rootsAreComparedExactly();
    void rootsAreRoundedOnce();
};

void TestConvexRegion::regionsHaveTheirShape_data()
{
    QTest::addColumn<Lines>("lines");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("corners");
    QTest::addColumn<int>("directions");
    QTest::addColumn<int>("edges");
    const auto row = [](const char* name, const Lines& lines, const char* kind, const char* corners,
                        int directions, int edges) {
        QTest::newRow(name) << lines << QString::fromUtf8(kind) << QString::fromUtf8(corners)
                            << directions << edges;
    };
    row("no half-plane is the plane", {}, "unbounded", "", 0, 0);
    row("a half-plane", {{1, 2, -3}}, "unbounded", "", 2, 1);
    row("the same half-plane twice", {{1, 2, -3}, {2, 4, -6}}, "unbounded", "", 2, 1);
    row("a narrower parallel half-plane", {{0, 1, 0}, {0, 1, -1}}, "unbounded", "", 2, 1);
    row("a wider parallel half-plane", {{0, 1, -1}, {0, 1, 0}}, "unbounded", "", 2, 1);
    row("a strip", {{1, 1, 0}, {-1, -1, 2}}, "strip", "", 2, 2);
    row("a strip of one line", {{1, 1, 0}, {-1, -1, 0}}, "line", "", 2, 2);
    row("a strip that misses itself", {{1, 1, 0}, {-1, -1, -1}}, "empty", "", 0, 0);
    row("a strip of one line, open on one side", {{1, 1, 0}, {-1, -1, 0, false}}, "empty", "", 0,
        0);
    row("a wedge", {{1, 0, 0}, {0, 1, 0}}, "unbounded", "(0 0)", 2, 2);
    row("a strip that ends", {{1, 0, 0}, {-1, 0, 1}, {0, 1, -2}}, "unbounded", "(0 2) (1 2)", 1, 3);
    row("a ray", {{1, 0, 0}, {-1, 0, 0}, {0, 1, -2}}, "ray", "(0 2)", 1, 3);
    row("a ray that is met from a wedge", {{1, 0, 0}, {0, 1, 0}, {-1, 0, 0}}, "ray", "(0 0)", 1, 3);
    row("a segment of a line", {{1, 0, 0}, {-1, 0, 0}, {0, 1, -2}, {0, -1, 5}}, "segment",
        "(0 2) (0 5)", 0, 4);
    row("a triangle", {{1, 0, 0}, {0, 1, 0}, {-1, -1, 2}}, "polygon", "(0 0) (0 2) (2 0)", 0, 3);
    row("a square", {{1, 0, 0}, {0, 1, 0}, {-1, 0, 1}, {0, -1, 1}}, "polygon",
        "(0 0) (0 1) (1 0) (1 1)", 0, 4);
    row("a side of a square", {{1, 0, 0}, {0, 1, 0}, {-1, 0, 1}, {0, -1, 1}, {-1, 0, 0}}, "segment",
        "(0 0) (0 1)", 0, 4);
    row("a corner of a square", {{1, 0, 0}, {0, 1, 0}, {-1, 0, 1}, {0, -1, 1}, {-1, -1, 0}},
        "point", "(0 0)", 0, 1);
    row("a corner of a square, outside by an open edge",
        {{1, 0, 0}, {0, 1, 0}, {-1, 0, 1}, {0, -1, 1}, {-1, -1, 0, false}}, "empty", "", 0, 0);
    row("a corner of an open square", {{1, 0, 0}, {0, 1, 0, false}, {-1, 0, 1}, {-1, -1, 0}},
        "empty", "", 0, 0);
    row("an open square is no less a square",
        {{1, 0, 0, false}, {0, 1, 0, false}, {-1, 0, 1, false}, {0, -1, 1, false}}, "polygon",
        "(0 0) (0 1) (1 0) (1 1)", 0, 4);
    row("a line that touches a corner changes nothing",
        {{1, 0, 0}, {0, 1, 0}, {-1, -1, 2}, {1, 1, 0}}, "polygon", "(0 0) (0 2) (2 0)", 0, 3);
    row("a line through two corners halves",
        {{1, 0, 0}, {0, 1, 0}, {-1, 0, 1}, {0, -1, 1}, {1, -1, 0}}, "polygon", "(0 0) (1 0) (1 1)",
        0, 3);
    row("what always holds", {{0, 0, 1}, {0, 0, 0}}, "unbounded", "", 0, 0);
    row("what never holds", {{0, 0, -1}}, "empty", "", 0, 0);
    row("what holds nowhere but as an equality", {{0, 0, 0, false}}, "empty", "", 0, 0);
}

void TestConvexRegion::regionsHaveTheirShape()
{
    QFETCH(Lines, lines);
    const ConvexRegion region = regionOf(lines);
    const FeasibleRegion shape = shapeOf(region);
    const std::string_view kind = name_of(shape.kind);
    QTEST(QString::fromUtf8(kind.data(), static_cast<int>(kind.size())), "kind");
    QTEST(sortedCorners(shape), "corners");
    QTEST(static_cast<int>(shape.directions.size()), "directions");
    if (region.has_area())
        QTEST(static_cast<int>(shape.edges.size()), "edges");
}

void TestConvexRegion::theOrderOfHalfPlanesDoesNotMatter()
{
    // Small coefficients: parallels, common corners and coinciding lines are frequent.
    std::mt19937 random(1);
    std::uniform_int_distribution<int> coefficient(-2, 2);
    std::array<int, 8> seen{};
    for (int round = 0; round < 1500; ++round) {
        Lines lines;
        for (int i = 0; i < 2 + round % 5; ++i)
            lines.push_back({coefficient(random), coefficient(random), coefficient(random),
                             coefficient(random) != 0});
        const FeasibleRegion first = shapeOf(regionOf(lines));
        ++seen[static_cast<std::size_t>(first.kind)];
        for (int order = 0; order < 4; ++order) {
            std::shuffle(lines.begin(), lines.end(), random);
            const FeasibleRegion again = shapeOf(regionOf(lines));
            QCOMPARE(again.kind, first.kind);
            QCOMPARE(sortedCorners(again), sortedCorners(first));
            QCOMPARE(again.directions.size(), first.directions.size());
        }
    }
    for (std::size_t kind = 0; kind < seen.size(); ++kind)
        QVERIFY2(seen[kind] > 0, name_of(FeasibleRegion::Kind(kind)).data());
}

void TestConvexRegion::emptinessAgreesWithAllCrossings()
{
    std::mt19937 random(2);
    std::uniform_int_distribution<int> coefficient(-3, 3);
    int empty = 0;
    int thin = 0;
    for (int round = 0; round < 3000; ++round) {
        Lines lines{{1, 0, 3}, {-1, 0, 3}, {0, 1, 3}, {0, -1, 3}};
        for (int i = 0; i < 1 + round % 6; ++i)
            lines.push_back({coefficient(random), coefficient(random), coefficient(random),
                             coefficient(random) > 0});
        std::shuffle(lines.begin(), lines.end(), random);
        const ConvexRegion region = regionOf(lines);
        QCOMPARE(region.is_empty(), isEmptyByAllCrossings(lines));
        empty += region.is_empty() ? 1 : 0;
        thin += !region.is_empty() && !region.has_area() ? 1 : 0;
    }
    QVERIFY(empty > 100 && thin > 20);
}

void TestConvexRegion::rootsAreComparedExactly()
{
    const auto two = std::make_shared<const Dyadic>(2LL);
    const Surd root(Dyadic(), Dyadic(1LL), two);
    QCOMPARE((root * root - whole(2)).sign(), 0);
    // 665857 / 470832 is nearer to sqrt(2) than 1e-12, from above.
    QCOMPARE((whole(470832) * root - whole(665857)).sign(), -1);
    QCOMPARE((whole(665857) - whole(470832) * root).sign(), 1);
    // x + y <= sqrt(2) and x + y >= sqrt(2) is a line, and with a line across a point.
    ConvexRegion region;
    region.clip({whole(1), whole(1), -root});
    region.clip({whole(-1), whole(-1), root});
    QCOMPARE(shapeOf(region).kind, FeasibleRegion::Kind::line);
    region.clip({whole(1), whole(-1), whole(0)});
    region.clip({whole(-1), whole(1), whole(0)});
    const FeasibleRegion point = shapeOf(region);
    QCOMPARE(point.kind, FeasibleRegion::Kind::point);
    QVERIFY(point.corners.at(0).x == std::sqrt(2.0) / 2);
}

void TestConvexRegion::rootsAreRoundedOnce()
{
    // (3 - 2 * sqrt(2))^100 = a - b * sqrt(2), where the two terms share more than 500 leading
    // bits.
    const auto two = std::make_shared<const Dyadic>(2LL);
    const Surd below_one(Dyadic(3LL), Dyadic(-2LL), two);
    Surd power = whole(1);
    for (int i = 0; i < 100; ++i)
        power = power * below_one;
    const double expected = std::pow(3 + 2 * std::sqrt(2.0), -100);
    QVERIFY(std::abs(ratio(power, whole(1)) / expected - 1) < 1e-12);
    QVERIFY(std::abs(ratio(whole(-1), power) * expected + 1) < 1e-12);
}

QBN_TEST(TestConvexRegion)
#include "tst_convex_region.moc"
