#include "core/evaluate/experiment.h"
#include "core/formats/open_model.h"
#include "core/formats/session/question_card.h"
#include "tests/support/golden.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

QByteArray cardOf(const BatchNormLayer& layer)
{
    const Backend& backend = *find_backend("onnxruntime");
    const auto report = make_report(layer, backend, {});
    return QByteArray::fromStdString(question_card({.layer = &layer,
                                                    .backend = &backend,
                                                    .report = &*report,
                                                    .channel = 0,
                                                    .input_code = 38}));
}

BatchNormLayer askedAbout()
{
    BatchNormLayer layer = *example_experiment().model.layers.front();
    layer.observations = {{0, 38, 52}, {2, 17, 200}};
    return layer;
}

} // namespace

class TestQuestionCard : public QObject
{
    Q_OBJECT

private slots:
    void aCardOpensAsTheSameState();
    void aCardKeepsWhatItIsAbout();
    void aForumMayChangeItsLineEnds();
    void saysWhereValuesCameFrom();
    void showsTheScriptAndTheVerdict();
    void aNameCannotBreakTheTable();
    void aTextWithoutACardHasNone();
    void aCardIsFoundInEveryDress_data();
    void aCardIsFoundInEveryDress();
    void aCardWithoutItsSessionIsRefused_data();
    void aCardWithoutItsSessionIsRefused();
    void aDamagedCardIsNamed();
};

void TestQuestionCard::aCardOpensAsTheSameState()
{
    const BatchNormLayer layer = askedAbout();
    const auto model = read_model(cardOf(layer), QStringLiteral("card.md"));
    QVERIFY(model);
    QCOMPARE(model->layers.size(), std::size_t{1});
    QVERIFY(*model->layers.front() == layer);
    QCOMPARE(model->backend, std::string("onnxruntime"));
}

void TestQuestionCard::aCardKeepsWhatItIsAbout()
{
    const BatchNormLayer layer = askedAbout();
    const Backend& backend = *find_backend("exact");
    for (const std::optional<UnknownPair>& pair :
         {std::optional<UnknownPair>(), std::optional(UnknownPair{Field::mean, Field::beta}),
          std::optional(slope_and_offset)}) {
        const auto report = make_report(layer, backend, {.unknowns = pair, .region_channel = 2});
        const auto model = read_model(QByteArray::fromStdString(question_card({.layer = &layer,
                                                                               .backend = &backend,
                                                                               .report = &*report,
                                                                               .channel = 2,
                                                                               .input_code = 17})),
                                      QStringLiteral("card.md"));
        QVERIFY(model);
        QVERIFY(model->view);
        QVERIFY(*model->view
                == (SavedView{.layer = 0, .channel = 2, .input_code = 17, .unknowns = pair}));
    }
}

void TestQuestionCard::aForumMayChangeItsLineEnds()
{
    QByteArray text = "Hello,\n\nwhy is this?\n\n" + cardOf(askedAbout()) + "\nThanks!\n";
    text.replace("\n", "\r\n");
    const auto model = read_model(text, QStringLiteral("card.md"));
    QVERIFY(model);
    QVERIFY(*model->layers.front() == askedAbout());
}

void TestQuestionCard::saysWhereValuesCameFrom()
{
    const QByteArray card = cardOf(askedAbout());
    QVERIFY(
        card.contains("| gamma[0] | 117.5 | example: not published; chosen so that 38 gives 52 |"));
    QVERIFY(
        card.contains("| dequantize | `x_scale * (x_q - x_zero_point)` | 0.2990665063261986 |"));
    QVERIFY(card.contains("| output code | `onnxruntime` | 52 |"));
}

void TestQuestionCard::showsTheScriptAndTheVerdict()
{
    const QByteArray card = cardOf(askedAbout());
    QVERIFY(card.contains("codes = torch.full((1, C, 1, 1), 38, dtype=torch.uint8)"));
    QVERIFY(card.contains("torch.full((C,), 0.0)")); // 0 would be an integer tensor
    QVERIFY(card.contains("| 0 | 38 | 52 | 52 |"));
    QVERIFY(card.contains("of 2 observations explained, by "));
    BatchNormLayer infinite = askedAbout();
    infinite.gamma[0] = HUGE_VAL;
    QVERIFY(cardOf(infinite).contains("torch.full((C,), float('inf'))"));
}

void TestQuestionCard::aNameCannotBreakTheTable()
{
    BatchNormLayer layer = askedAbout();
    layer.provenance.set(Field::eps, {.origin = Origin::file, .note = "a|b\nc"});
    QVERIFY(cardOf(layer).contains("| eps | 1e-05 | file: a\\|b\\nc |"));
    QVERIFY(*read_model(cardOf(layer), QStringLiteral("card.md"))->layers.front() == layer);
}

void TestQuestionCard::aTextWithoutACardHasNone()
{
    QVERIFY(!session_in(QByteArray()));
    QVERIFY(!session_in("```json\n{\"format\": \"another\"}\n```\n"));
    QVERIFY(!session_in("the thread on quantized batch norm: channel 0 gives 52"));
}

void TestQuestionCard::aCardIsFoundInEveryDress_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray card = cardOf(askedAbout());
    QByteArray bare = card;
    QTest::newRow("without fences")
        << bare.replace("```python\n", "").replace("```json\n", "").replace("```\n", "");
    QByteArray quoted = "> " + card;
    QTest::newRow("quoted") << quoted.replace("\n", "\n> ");
    QByteArray twice = "> > " + card;
    QTest::newRow("quoted twice, of Windows") << twice.replace("\n", "\r\n> > ");
    QByteArray web = bare;
    QTest::newRow("with spaces that do not break") << web.replace("  ", "\xc2\xa0\xc2\xa0");
    const QString wide = QString::fromUtf8(card);
    QTest::newRow("in UTF-16") << QByteArray(reinterpret_cast<const char*>(wide.utf16()),
                                             wide.size() * 2);
    QByteArray later = card;
    later.replace("\"format\": \"qbn-session\",",
                  "\"more\": {\"a\": \"}\"}, \"format\": \"qbn-session\",");
    QTest::newRow("with its format behind an object") << later;
}

void TestQuestionCard::aCardIsFoundInEveryDress()
{
    QFETCH(QByteArray, text);
    const auto model = read_model("See:\n" + text, QStringLiteral("card.md"));
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    QVERIFY(*model->layers.front() == askedAbout());
}

void TestQuestionCard::aCardWithoutItsSessionIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray card = cardOf(askedAbout());
    QTest::newRow("cut in the session") << card.left(card.indexOf("\"provenance\""));
    QTest::newRow("cut before the session") << card.left(card.indexOf("## Session"));
    QTest::newRow("the title alone") << card.left(card.indexOf("## Parameters"));
    QTest::newRow("the stages alone")
        << card.mid(card.indexOf("| stage"), card.indexOf("## Observed") - card.indexOf("| stage"));
}

void TestQuestionCard::aCardWithoutItsSessionIsRefused()
{
    QFETCH(QByteArray, text);
    const auto session = session_in(text);
    QVERIFY(session);
    QVERIFY(!*session);
    const auto model = read_model(text, QStringLiteral("card.md"));
    QCOMPARE(model.error().message,
             std::string("card.md: the text is a question card, but its session is missing or not "
                         "whole; copy the card again to its end"));
}

void TestQuestionCard::aDamagedCardIsNamed()
{
    QByteArray card = cardOf(askedAbout());
    card.replace("\"eps\"", "\"epsilon\"");
    const auto model = read_model(card, QStringLiteral("card.md"));
    QVERIFY(!model);
    QVERIFY2(QString::fromStdString(model.error().message)
                 .startsWith(QStringLiteral("card.md: layers[0] \"conv1.0\": the key \"eps\" is")),
             model.error().message.c_str());
}

QBN_TEST(TestQuestionCard)
#include "tst_question_card.moc"
