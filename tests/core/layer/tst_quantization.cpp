#include "core/layer/quantization.h"

#include "tests/support/exactly.h"
#include "tests/support/room.h"

#include <QTest>

#include <limits>

using namespace qbn;
using namespace qbn::test;

class TestQuantization : public QObject
{
    Q_OBJECT

private slots:
    void typesHaveTheirRangeAndName_data();
    void typesHaveTheirRangeAndName();
    void typeNamesAreParsed_data();
    void typeNamesAreParsed();
    void dequantizeGivesWhatFrameworksPrint_data();
    void dequantizeGivesWhatFrameworksPrint();
    void everyPrintedValueFindsItsCode();
    void quantizeRoundsHalfToEvenAndClamps_data();
    void quantizeRoundsHalfToEvenAndClamps();
    void withoutAClampTheRangeIsLeft();
    void aScaleWithoutMeaningFindsNoCode();
    void chosenRangesHoldZeroExactly_data();
    void chosenRangesHoldZeroExactly();
};

void TestQuantization::typesHaveTheirRangeAndName_data()
{
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("qmin");
    QTest::addColumn<int>("qmax");
    QTest::addColumn<QString>("name");
    QTest::newRow("unsigned 8 bits") << false << 8 << 0 << 255 << "quint8";
    QTest::newRow("signed 8 bits") << true << 8 << -128 << 127 << "qint8";
    QTest::newRow("unsigned 4 bits") << false << 4 << 0 << 15 << "quint4";
    QTest::newRow("signed 2 bits") << true << 2 << -2 << 1 << "qint2";
}

void TestQuantization::typesHaveTheirRangeAndName()
{
    QFETCH(bool, isSigned);
    QFETCH(int, bits);
    const CodeType type{isSigned, static_cast<std::uint8_t>(bits)};
    QTEST(type.qmin(), "qmin");
    QTEST(type.qmax(), "qmax");
    QCOMPARE(type.count(), type.qmax() - type.qmin() + 1);
    QTEST(QString::fromStdString(name_of(type)), "name");
    QVERIFY(parse_code_type(name_of(type)) == type);
}

void TestQuantization::typeNamesAreParsed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("name");
    QTest::newRow("as PyTorch prints it") << "torch.quint8"
                                          << "quint8";
    QTest::newRow("as NumPy names it") << "uint8"
                                       << "quint8";
    QTest::newRow("signed") << "int8"
                            << "qint8";
    QTest::newRow("narrow") << "qint3"
                            << "qint3";
    QTest::newRow("32 bits are no 8-bit code") << "qint32"
                                               << "";
    QTest::newRow("one bit is too few") << "quint1"
                                        << "";
    QTest::newRow("a float") << "float32"
                             << "";
    QTest::newRow("nothing") << ""
                             << "";
}

void TestQuantization::typeNamesAreParsed()
{
    QFETCH(QString, text);
    const auto type = parse_code_type(text.toStdString());
    QTEST(type ? QString::fromStdString(name_of(*type)) : QString(), "name");
}

void TestQuantization::dequantizeGivesWhatFrameworksPrint_data()
{
    QTest::addColumn<double>("scale");
    QTest::addColumn<int>("zeroPoint");
    QTest::addColumn<int>("code");
    QTest::addColumn<double>("printed");
    // As in the forum thread; torch prints the binary32 product.
    QTest::newRow("the thread's input") << 0.007870171219110489 << 0 << 38 << 0.29906651377677917;
    QTest::newRow("the thread's output") << 5.280323505401611 << 73 << 52 << -110.88679504394531;
    QTest::newRow("the zero point is 0") << 0.1 << 7 << 7 << 0.0;
}

void TestQuantization::dequantizeGivesWhatFrameworksPrint()
{
    QFETCH(double, scale);
    QFETCH(int, zeroPoint);
    QFETCH(int, code);
    QFETCH(double, printed);
    QCOMPARE(exactly(static_cast<double>(dequantize({quint8_type, scale, zeroPoint}, code))),
             exactly(printed));
}

void TestQuantization::everyPrintedValueFindsItsCode()
{
    for (const double scale : {0.007870171219110489, 5.280323505401611, 1e-30, 3.0}) {
        const QuantizationParameters parameters{qint8_type, scale, -5};
        for (int code = -128; code <= 127; ++code)
            QCOMPARE(
                quantize(parameters, static_cast<double>(dequantize(parameters, code))).value(),
                code);
    }
}

void TestQuantization::quantizeRoundsHalfToEvenAndClamps_data()
{
    QTest::addColumn<double>("real");
    QTest::addColumn<int>("code");
    QTest::newRow("a tie goes down to the even code") << 0.5 << 0;
    QTest::newRow("a tie goes up to the even code") << 1.5 << 2;
    QTest::newRow("above the range") << 300.0 << 255;
    QTest::newRow("below the range") << -1e300 << 0;
    QTest::newRow("the thread's value, four digits") << 38.001 << 38;
}

void TestQuantization::quantizeRoundsHalfToEvenAndClamps()
{
    QFETCH(double, real);
    QTEST(quantize({quint8_type, 1.0, 0}, real).value(), "code");
}

void TestQuantization::withoutAClampTheRangeIsLeft()
{
    const QuantizationParameters parameters{.type = quint8_type, .scale = 0.5, .zero_point = 10};
    QCOMPARE(quantize_unclamped(parameters, -15.5), std::optional(-21));
    QCOMPARE(quantize_unclamped(parameters, 197.25), std::optional(404)); // 394.5 to even
    QCOMPARE(quantize_unclamped(parameters, 21), std::optional(52));
    QVERIFY(!quantize_unclamped(parameters, 1e30));
    QVERIFY(!quantize_unclamped(parameters, HUGE_VAL));
    QVERIFY(!quantize_unclamped({.scale = 0}, 1));
}

void TestQuantization::aScaleWithoutMeaningFindsNoCode()
{
    constexpr double inf = std::numeric_limits<double>::infinity();
    QVERIFY(!quantize({quint8_type, 0.0, 0}, 1.0));
    QVERIFY(!quantize({quint8_type, -1.0, 0}, 1.0));
    QVERIFY(!quantize({quint8_type, inf, 0}, 1.0));
    QVERIFY(!quantize({quint8_type, 1.0, 0}, std::numeric_limits<double>::quiet_NaN()));
}

void TestQuantization::chosenRangesHoldZeroExactly_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<int>("zeroPoint");
    QTest::addColumn<double>("scale");
    // torch.ao.quantization.MinMaxObserver on the same bounds, PyTorch 1.13.1.
    QTest::newRow("both sides of 0") << -1.0 << 1.0 << 127 << 0.007843137718737125;
    QTest::newRow("above 0 only: the range reaches down to 0")
        << 2.0 << 5.0 << 0 << 0.019607843831181526;
    QTest::newRow("below 0 only: the range reaches up to 0")
        << -5.0 << -2.0 << 255 << 0.019607843831181526;
    QTest::newRow("nothing at all") << 0.0 << 0.0 << 0 << 1.1920928955078125e-07;
    QTest::newRow("more than binary32 has a scale for")
        << -1e300 << 1e300 << 255 << 3.4028234663852886e+38;
    QTest::newRow("everything") << -HUGE_VAL << HUGE_VAL << 255 << 3.4028234663852886e+38;
}

void TestQuantization::chosenRangesHoldZeroExactly()
{
    QFETCH(double, low);
    QFETCH(double, high);
    const QuantizationParameters chosen = choose_quantization(quint8_type, low, high);
    QTEST(chosen.zero_point, "zeroPoint");
    QFETCH(double, scale);
    QCOMPARE(exactly(chosen.scale), exactly(scale));
    QCOMPARE(dequantize(chosen, chosen.zero_point), 0.0F);
}

QBN_TEST(TestQuantization)
#include "tst_quantization.moc"
