#include "core/paste/printed_value.h"

#include "tests/support/exactly.h"
#include "tests/support/room.h"

#include <QTest>

#include <cmath>

using namespace qbn;
using namespace qbn::test;

class TestPrintedValue : public QObject
{
    Q_OBJECT

private slots:
    void aNumberIsAsWideAsItsDigits_data();
    void aNumberIsAsWideAsItsDigits();
    void otherTextIsNoNumber_data();
    void otherTextIsNoNumber();
    void enoughDigitsTellTheBinary32_data();
    void enoughDigitsTellTheBinary32();
    void fewDigitsTellNoBinary32();
    void everyCodeIsFoundFromFourDigits();
    void codesAreCounted_data();
    void codesAreCounted();
    void codesOfAWildZeroPointStayApart();
    void withoutAScaleThereAreNoCodes();
};

void TestPrintedValue::aNumberIsAsWideAsItsDigits_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("half_unit");
    QTest::newRow("four digits") << "0.2991" << 0.2991 << 0.00005;
    QTest::newRow("a negative one") << "-110.8868" << -110.8868 << 0.00005;
    QTest::newRow("a whole number as PyTorch prints it") << "117." << 117.0 << 0.0;
    QTest::newRow("an integer") << "73" << 73.0 << 0.0;
    QTest::newRow("scientific") << "1.0000e-05" << 1e-5 << 5e-10;
    QTest::newRow("scientific without a point") << "1e-05" << 1e-5 << 5e-6;
    QTest::newRow("scientific and large") << "1.1750e+02" << 117.5 << 0.005;
    QTest::newRow("infinity") << "-inf" << -HUGE_VAL << 0.0;
    QTest::newRow("not a number") << "nan" << std::nan("") << 0.0;
    QTest::newRow("an exponent beyond reason") << "1.0e-99999999999999999999" << 0.0 << 0.0;
}

void TestPrintedValue::aNumberIsAsWideAsItsDigits()
{
    QFETCH(QString, text);
    const auto number = read_printed_number(text.toStdString());
    QVERIFY(number.has_value());
    QFETCH(double, value);
    QFETCH(double, half_unit);
    QCOMPARE(exactly(number->value), exactly(value));
    QVERIFY2(std::abs(number->half_unit - half_unit) <= 1e-12 * half_unit,
             qPrintable(exactly(number->half_unit)));
}

void TestPrintedValue::otherTextIsNoNumber_data()
{
    QTest::addColumn<QString>("text");
    for (const char* const text : {"", "-", ".", "e5", "0x10", "Infinity", "1.2.3", "1,5", "inf2"})
        QTest::newRow(qPrintable(QStringLiteral("\"%1\"").arg(QString::fromUtf8(text))))
            << QString::fromUtf8(text);
}

void TestPrintedValue::otherTextIsNoNumber()
{
    QFETCH(QString, text);
    QVERIFY(!read_printed_number(text.toStdString()));
}

void TestPrintedValue::enoughDigitsTellTheBinary32_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("value");
    QTest::newRow("as tolist() prints") << "0.299066513776779" << 0.29906651377677917;
    QTest::newRow("with precision=10") << "0.5653476119" << 0.5653476119041443;
    QTest::newRow("a whole number") << "140." << 140.0;
    QTest::newRow("negative infinity") << "-inf" << -HUGE_VAL;
}

void TestPrintedValue::enoughDigitsTellTheBinary32()
{
    QFETCH(QString, text);
    QFETCH(double, value);
    const auto told = only_binary32(*read_printed_number(text.toStdString()));
    QVERIFY(told.has_value());
    QCOMPARE(exactly(*told), exactly(value));
}

void TestPrintedValue::fewDigitsTellNoBinary32()
{
    QVERIFY(!only_binary32(*read_printed_number("0.5653")));
    // binary64 that no binary32 is near to
    QVERIFY(!only_binary32(*read_printed_number("0.1000000000000001")));
    QVERIFY(!only_binary32(*read_printed_number("1e300")));
}

// PyTorch prints four digits; at the scales of the forum's layer they tell all codes apart.
void TestPrintedValue::everyCodeIsFoundFromFourDigits()
{
    for (const QuantizationParameters& parameters :
         {QuantizationParameters{.type = quint8_type, .scale = 0.007870171219110489},
          QuantizationParameters{
              .type = qint8_type, .scale = 5.280323505401611, .zero_point = -55}}) {
        for (std::int32_t code = parameters.type.qmin(); code <= parameters.type.qmax(); ++code) {
            const std::string printed
                = QString::number(dequantize(parameters, code), 'f', 4).toStdString();
            const auto codes = possible_codes(parameters, *read_printed_number(printed));
            QVERIFY(codes.has_value());
            QCOMPARE(codes->nearest, code);
            QCOMPARE(codes->count, std::int64_t{1});
        }
    }
}

void TestPrintedValue::codesAreCounted_data()
{
    QTest::addColumn<double>("scale");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("nearest");
    QTest::addColumn<int>("count");
    QTest::newRow("too few digits for the scale") << 0.00390625 << "0.5" << 128 << 25;
    QTest::newRow("only at the end of the range") << 0.00390625 << "1.0" << 255 << 12;
    QTest::newRow("between two codes") << 0.25 << "0.3000" << 1 << 0;
    QTest::newRow("beyond the range") << 0.25 << "99.0000" << 255 << 0;
    // 38 and -21 steps of the forum's scales: exactly 0.299066506326198582 and -110.886793613433831
    QTest::newRow("the product in binary64")
        << 0.007870171219110489 << "0.2990665063261986" << 38 << 1;
    QTest::newRow("the product in binary32")
        << 0.007870171219110489 << "0.29906651377677917" << 38 << 1;
    QTest::newRow("a digit too few") << 5.280323505401611 << "110.88679505" << 21 << 1;
    QTest::newRow("cut, not rounded") << 0.007870171219110489 << "0.2990" << 38 << 1;
    QTest::newRow("beyond the code, where nothing was cut")
        << 0.007870171219110489 << "0.29914" << 38 << 0;
    QTest::newRow("cut by more than a digit") << 0.007870171219110489 << "0.2980" << 38 << 0;
    QTest::newRow("near a code and printed exactly") << 0.25 << "1.2500000001" << 5 << 1;
    QTest::newRow("farther than arithmetics differ") << 0.25 << "1.25003" << 5 << 0;
    QTest::newRow("a whole number that is a code's") << 0.25 << "5." << 20 << 1;
}

void TestPrintedValue::codesAreCounted()
{
    QFETCH(double, scale);
    QFETCH(QString, text);
    const auto codes = possible_codes({.type = quint8_type, .scale = scale},
                                      *read_printed_number(text.toStdString()));
    QVERIFY(codes.has_value());
    QTEST(int(codes->nearest), "nearest");
    QTEST(int(codes->count), "count");
}

// At a zero point of 10^8 codes are 1e-8 apart, relatively.
void TestPrintedValue::codesOfAWildZeroPointStayApart()
{
    const QuantizationParameters wild{
        .type = quint8_type, .scale = 0.25, .zero_point = 100'000'000};
    QCOMPARE(possible_codes(wild, {.value = -24'999'999.9})->count, std::int64_t{0});
}

void TestPrintedValue::withoutAScaleThereAreNoCodes()
{
    QVERIFY(!possible_codes({.scale = 0}, {.value = 1}));
    QVERIFY(!possible_codes({.scale = 1}, {.value = std::nan("")}));
}

QBN_TEST(TestPrintedValue)
#include "tst_printed_value.moc"
