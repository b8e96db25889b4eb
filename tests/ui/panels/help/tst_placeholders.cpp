#include "tests/support/room.h"
#include "ui/panels/help/placeholders.h"

#include <QTest>

using namespace qbn;

class TestPlaceholders : public QObject
{
    Q_OBJECT

private slots:
    void textsAreFilled_data();
    void textsAreFilled();
    void valuesAreWrittenAsTheCallerLikes();
    void theNumbersAreThoseOfTheSelectedCode();
    void theyFollowTheSelection();
    void recipesGiveTheirOwnCodes();
};

void TestPlaceholders::textsAreFilled_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("filled");
    QTest::newRow("no placeholder") << QByteArray("plain } text {") << QByteArray("plain } text {");
    QTest::newRow("one alone") << QByteArray("{{gamma}}") << QByteArray("0.5");
    QTest::newRow("two in a sentence")
        << QByteArray("{{name}}: {{gamma}}!") << QByteArray("conv: 0.5!");
    QTest::newRow("the same twice") << QByteArray("{{code}}{{code}}") << QByteArray("-7-7");
    QTest::newRow("an unknown one stays")
        << QByteArray("a {{delta}} {{gamma}}") << QByteArray("a {{delta}} 0.5");
    QTest::newRow("one that is not closed stays")
        << QByteArray("{{gamma}} {{gamma") << QByteArray("0.5 {{gamma");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
}

void TestPlaceholders::textsAreFilled()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, filled);
    const Placeholders values{
        {"gamma", 0.5}, {"code", std::int64_t{-7}}, {"name", std::string("conv")}};
    QCOMPARE(fill_placeholders(text.toStdString(), values), filled.toStdString());
}

void TestPlaceholders::valuesAreWrittenAsTheCallerLikes()
{
    const auto write = [](const Cell& cell) { return '<' + to_text(cell) + '>'; };
    QCOMPARE(fill_placeholders("eps {{eps}}", {{"eps", 1e-05}}, write), std::string("eps <1e-05>"));
}

void TestPlaceholders::theNumbersAreThoseOfTheSelectedCode()
{
    // As published: code 38 stands for 0.29906651 and becomes 52, which stands for -110.88679505.
    const Evaluation evaluation = evaluate(example_experiment(), {.code = example_input_code});
    const Placeholders values = placeholders_of(evaluation);
    const auto text = [&values](const char* name) { return to_text(values.at(name)); };
    QCOMPARE(text("input_code"), std::string("38"));
    QCOMPARE(text("output_code"), std::string("52"));
    QCOMPARE(text("exact_code"), std::string("52"));
    QCOMPARE(text("gamma"), std::string("117.5"));
    QCOMPARE(text("output_zero_point"), std::string("73"));
    QCOMPARE(text("input_type"), std::string("quint8"));
    QCOMPARE(text("backend"), std::string("PyTorch fused"));
    QVERIFY(text("dequantized").starts_with("0.29906651"));
    QVERIFY(text("output_value").starts_with("-110.886795"));
}

void TestPlaceholders::theyFollowTheSelection()
{
    const Evaluation evaluation = evaluate(example_experiment(), {.channel = 2, .code = 255});
    const Placeholders values = placeholders_of(evaluation);
    QCOMPARE(to_text(values.at("input_code")), std::string("255"));
    QCOMPARE(to_text(values.at("channel")), std::string("2"));
    QCOMPARE(to_text(values.at("gamma")), std::string("-310"));
}

void TestPlaceholders::recipesGiveTheirOwnCodes()
{
    // By hand: code 38 lies -0.944 standard deviations from the mean and 21.01 output steps below
    // the zero point 73.
    const Evaluation evaluation = evaluate(example_experiment(), {.code = example_input_code});
    const Placeholders values = placeholders_of(evaluation);
    const auto code
        = [&values](const char* id) { return to_text(values.at(std::string("code_by:") + id)); };
    QCOMPARE(code("no-affine"), std::string("73")); // -0.944 / 5.28 rounds to 0
    QCOMPARE(code("no-output-zero-point"), std::string("0")); // -21 is clamped
    QCOMPARE(code("scale-multiplied"), std::string("0")); // -586 + 73
    QCOMPARE(code("floored"), std::string("51")); // -21.01 rounds down to -22
    QCOMPARE(code("relu-fused"), std::string("73"));
}

QBN_TEST(TestPlaceholders)
#include "tst_placeholders.moc"
