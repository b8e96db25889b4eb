#include "core/text/text_number.h"
#include "tests/support/room.h"

#include <QTest>

#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace qbn;

class TestTextNumber : public QObject
{
    Q_OBJECT

private slots:
    void numbersAreWrittenAsPythonWritesThem_data();
    void numbersAreWrittenAsPythonWritesThem();
    void writtenNumbersReadBackToTheSameBits();
    void hexFormReadsBackToTheSameBits();
    void typedTextIsUnderstood_data();
    void typedTextIsUnderstood();
    void longNumbersKeepTheirMagnitude_data();
    void longNumbersKeepTheirMagnitude();
    void everyFormIsReadAsStrtodReadsIt();
    void everyShortWordIsReadOrRefusedAsByStrtod();
    void otherTextIsRefused_data();
    void otherTextIsRefused();
    void filesAreReadStrictly();
};

void TestTextNumber::numbersAreWrittenAsPythonWritesThem_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("eps") << 1e-5 << "1e-05";
    QTest::newRow("the smallest fixed one") << 1e-4 << "0.0001";
    QTest::newRow("a whole number") << 140.0 << "140";
    QTest::newRow("the largest fixed one") << 9007199254740993.0 << "9007199254740992";
    QTest::newRow("the first scientific one") << 1e16 << "1e+16";
    QTest::newRow("a binary32 number in full") << 0.5653476119041443 << "0.5653476119041443";
    QTest::newRow("negative zero") << -0.0 << "-0";
    QTest::newRow("infinity") << std::numeric_limits<double>::infinity() << "inf";
    QTest::newRow("negative infinity") << -std::numeric_limits<double>::infinity() << "-inf";
    QTest::newRow("not a number") << std::numeric_limits<double>::quiet_NaN() << "nan";
    QTest::newRow("the least denormal") << 5e-324 << "5e-324";
}

void TestTextNumber::numbersAreWrittenAsPythonWritesThem()
{
    QFETCH(double, value);
    QTEST(QString::fromStdString(format_number(value)), "text");
}

void TestTextNumber::writtenNumbersReadBackToTheSameBits()
{
    std::mt19937_64 random(20260101);
    for (int i = 0; i < 200000; ++i) {
        const auto bits = random();
        const auto value = std::bit_cast<double>(bits);
        if (std::isnan(value))
            continue;
        QCOMPARE(std::bit_cast<std::uint64_t>(parse_number(format_number(value)).value()), bits);
    }
    QCOMPARE(QString::fromStdString(format_number(0.1F)), QStringLiteral("0.1"));
}

void TestTextNumber::hexFormReadsBackToTheSameBits()
{
    QCOMPARE(QString::fromStdString(format_hex(0.3125)), QStringLiteral("0x1.4p-2"));
    QCOMPARE(QString::fromStdString(format_hex(-1.0)), QStringLiteral("-0x1p+0"));
    std::mt19937_64 random(7);
    for (int i = 0; i < 100000; ++i) {
        const auto bits = random();
        const auto value = std::bit_cast<double>(bits);
        if (std::isfinite(value))
            QCOMPARE(std::bit_cast<std::uint64_t>(parse_number(format_hex(value)).value()), bits);
    }
}

void TestTextNumber::typedTextIsUnderstood_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value");
    QTest::newRow("scientific") << "1e-5" << 1e-5;
    QTest::newRow("with spaces around") << "  0.25\t" << 0.25;
    QTest::newRow("with a plus") << "+3" << 3.0;
    QTest::newRow("without a leading zero") << ".5" << 0.5;
    QTest::newRow("a decimal comma") << "0,5" << 0.5;
    QTest::newRow("a Unicode minus") << QStringLiteral("\u22120.5") << -0.5;
    QTest::newRow("a fraction") << "1/127" << 1.0 / 127;
    QTest::newRow("a power") << "2^-5" << 0.03125;
    QTest::newRow("a hexadecimal float") << "0x1.4p-3" << 0.15625;
    QTest::newRow("infinity") << "-inf" << -std::numeric_limits<double>::infinity();
    QTest::newRow("beyond binary64") << "1e999" << std::numeric_limits<double>::infinity();
    QTest::newRow("below binary64") << "1e-999" << 0.0;
    QTest::newRow("a printed tensor") << "tensor([5.2803])" << 5.2803;
    QTest::newRow("a printed scalar tensor")
        << "tensor(0.2991, size=(), dtype=torch.quint8)" << 0.2991;
    QTest::newRow("a NumPy scalar") << "np.float32(0.1)" << 0.1;
    QTest::newRow("a NumPy integer") << "np.int64(73)" << 73.0;
    QTest::newRow("a legacy tensor") << "torch.FloatTensor([0.5])" << 0.5;
    QTest::newRow("a list with one element") << "[1e-05]" << 1e-5;
    QTest::newRow("a trailing comma") << "1e-05," << 1e-5;
}

void TestTextNumber::typedTextIsUnderstood()
{
    QFETCH(QString, text);
    QVERIFY(parse_typed_number(text.toStdString()).has_value());
    QFETCH(double, value);
    QVERIFY(*parse_typed_number(text.toStdString()) == value);
}

void TestTextNumber::longNumbersKeepTheirMagnitude_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("value");
    const QByteArray zeros(400, '0');
    const QByteArray digits(1000, '7');
    constexpr double infinity = std::numeric_limits<double>::infinity();
    QTest::newRow("400 zeros behind the point, made up for") << "0." + zeros + "1e400" << 0.1;
    QTest::newRow("400 zeros behind the point") << "0." + zeros + "1" << 0.0;
    QTest::newRow("400 zeros and an exponent too small for them") << "0." + zeros + "1e+10" << 0.0;
    QTest::newRow("400 zeros and an exponent too large for them")
        << "0." + zeros + "1e1000" << infinity;
    QTest::newRow("1,000 digits") << digits << infinity;
    QTest::newRow("1,000 digits behind the point") << "0." + digits << 0.7777777777777778;
    QTest::newRow("1,000 digits less 1,000") << digits + "e-1000" << 0.7777777777777778;
    QTest::newRow("1,000 digits less 10") << digits + "e-10" << infinity;
    QTest::newRow("1,000 digits less 2,000") << digits + "e-2000" << 0.0;
    QTest::newRow("an exponent that no integer holds")
        << QByteArray("1e99999999999999999999") << infinity;
    QTest::newRow("its negative") << QByteArray("1e-99999999999999999999") << 0.0;
    QTest::newRow("zero with such an exponent") << QByteArray("0e99999999999999999999") << 0.0;
    QTest::newRow("hexadecimal 400 zeros behind the point") << "0x0." + zeros + "1p+10" << 0.0;
    QTest::newRow("the same made up for") << "0x0." + zeros + "8p1600" << 0.5;
    QTest::newRow("1,000 hexadecimal digits less 10") << "0x" + digits + "p-10" << infinity;
    QTest::newRow("e is a digit there") << "0xe" + zeros << infinity;
    QTest::newRow("and may stand before a minus") << "0x" + digits + "ep-6000" << 0.0;
    QTest::newRow("the largest binary64")
        << QByteArray("0x1.fffffffffffff7fffp1023") << std::numeric_limits<double>::max();
    QTest::newRow("half way to infinity") << QByteArray("0x1.fffffffffffff8p1023") << infinity;
    QTest::newRow("half of the least denormal") << QByteArray("0x1p-1075") << 0.0;
    QTest::newRow("a little more than that")
        << QByteArray("0x1.0000000000000000001p-1075") << 5e-324;
}

void TestTextNumber::longNumbersKeepTheirMagnitude()
{
    QFETCH(QByteArray, text);
    QFETCH(double, value);
    QVERIFY(parse_number(text.toStdString()).has_value());
    QCOMPARE(format_number(*parse_number(text.toStdString())), format_number(value));
    QCOMPARE(format_number(*parse_number("-" + text.toStdString())), format_number(-value));
}

void TestTextNumber::everyFormIsReadAsStrtodReadsIt()
{
    std::mt19937_64 random(2026);
    const auto below = [&](int count) { return static_cast<int>(random() % unsigned(count)); };
    for (int i = 0; i < 100000; ++i) {
        const bool hex = below(3) == 0;
        std::string text = hex ? "0x" : "";
        const auto add = [&](int count, bool zeros) {
            for (; count > 0; --count)
                text += zeros ? '0' : "0123456789abcdef"[below(hex ? 16 : 10)];
        };
        const auto length = [&] { return below(4) == 0 ? below(400) : below(20); };
        add(below(2) * length(), true);
        add(1 + length(), false);
        if (below(2) == 0) {
            text += '.';
            add(below(2) * length(), true);
            add(length(), false);
        }
        if (below(2) == 0)
            text += (hex ? "p" : "e") + std::to_string(below(3000) - 1500);
        QVERIFY2(parse_number(text) == std::strtod(text.c_str(), nullptr), text.c_str());
    }
}

/// All words of up to six signs of a number, the wrong ones too: 0x1p+-1, 1e, .e1, 0x.
void TestTextNumber::everyShortWordIsReadOrRefusedAsByStrtod()
{
    static constexpr std::array<std::string_view, 8> signs{"0", "1", ".", "e", "p", "+", "-", "0x"};
    std::vector<std::string> words{""};
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string word = words[at];
        if (word.size() < 6)
            for (const std::string_view sign : signs)
                words.push_back(word + std::string(sign));
        char* end = nullptr;
        const double expected = std::strtod(word.c_str(), &end);
        const bool isNumber = !word.empty() && end == word.c_str() + word.size() && word[0] != '+';
        const auto value = parse_number(word);
        QVERIFY2(value.has_value() == isNumber, word.c_str());
        QVERIFY2(!isNumber || *value == expected, word.c_str());
    }
}

void TestTextNumber::otherTextIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* const text : {"",
                                   " ",
                                   "abc",
                                   "1.2.3",
                                   "1e",
                                   "--1",
                                   "+-1",
                                   "1 2",
                                   "0x",
                                   "1/",
                                   "/2",
                                   "tensor()",
                                   "e5",
                                   "1,2,3",
                                   "nan(1)",
                                   "[[1.],[2.]]",
                                   "(1., nan)",
                                   "np.sqrt(2)",
                                   "torch.Size([3])",
                                   "float x[3]",
                                   "tensor([1.], size=(1,), dtype=torch.float64), tensor([2.])"})
        QTest::newRow(qPrintable(QStringLiteral("\"%1\"").arg(QString::fromUtf8(text))))
            << QString::fromUtf8(text);
}

void TestTextNumber::otherTextIsRefused()
{
    QFETCH(QString, text);
    QVERIFY(!parse_typed_number(text.toStdString()));
}

void TestTextNumber::filesAreReadStrictly()
{
    QVERIFY(!parse_number(" 1"));
    QVERIFY(!parse_number("+1"));
    QVERIFY(!parse_number("1,5"));
    QVERIFY(!parse_number("1/2"));
    QCOMPARE(parse_number("-1.5e3").value(), -1500.0);
}

QBN_TEST(TestTextNumber)
#include "tst_text_number.moc"
