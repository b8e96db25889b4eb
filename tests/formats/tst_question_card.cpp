#include "core/experiment.h"
#include "core/formats/open_model.h"
#include "core/formats/question_card.h"
#include "tests/support/golden.h"

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
    QVERIFY(cardOf(layer).contains("| eps | 1e-05 | file: a\\|b c |"));
    QVERIFY(*read_model(cardOf(layer), QStringLiteral("card.md"))->layers.front() == layer);
}

void TestQuestionCard::aTextWithoutACardHasNone()
{
    QVERIFY(!session_in(QByteArray()));
    QVERIFY(!session_in("```json\n{\"format\": \"another\"}\n```\n"));
    QVERIFY(!session_in("\"qbn-session\" without a fence"));
    QVERIFY(!session_in("```\n\"qbn-session\" and no end"));
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

QTEST_APPLESS_MAIN(TestQuestionCard)
#include "tst_question_card.moc"
