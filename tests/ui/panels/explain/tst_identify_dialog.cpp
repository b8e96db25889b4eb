#include "core/backends/backend.h"
#include "core/formats/session/session_json.h"
#include "tests/support/room.h"
#include "ui/document/document.h"
#include "ui/panels/explain/explain_panel.h"
#include "ui/panels/explain/identify_dialog.h"

#include <QApplication>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTreeWidget>

#include <algorithm>
#include <set>
#include <vector>

using namespace qbn;
using namespace qbn::ui;

namespace {

/// ONNX Runtime, but halves go away from zero, on a layer that has them.
Experiment observedExperiment()
{
    BatchNormLayer layer = identity_layer("halves", 2);
    layer.input = {quint8_type, 0.5, 128};
    layer.output = {quint8_type, 1, 127};
    layer.eps = 0;
    for (int channel = 0; channel < 2; ++channel) {
        for (std::int32_t x = 0; x < 256; ++x) {
            const int twice = x - 128;
            layer.observations.push_back(
                {channel, x, 127 + (twice + (twice < 0 ? -1 : 1) * (twice % 2 != 0 ? 1 : 0)) / 2});
        }
    }
    Experiment experiment;
    experiment.model.layers.push_back(std::make_shared<const BatchNormLayer>(std::move(layer)));
    return experiment;
}

template <typename T> T* child(QWidget& widget, const char* name)
{
    return widget.findChild<T*>(QString::fromLatin1(name));
}

IdentifyDialog* opened(ExplainPanel& panel)
{
    panel.resize(900, 300);
    panel.show();
    panel.refresh();
    QTest::mouseClick(child<QPushButton>(panel, "identifyButton"), Qt::LeftButton);
    return panel.findChild<IdentifyDialog*>();
}

} // namespace

class TestIdentifyDialog : public QObject
{
    Q_OBJECT

private slots:
    void aFormulaThatGivesAllCodesIsUsed();
    void aKnownBackendIsChosen();
    void aLayerThatTellsThemApartIsSaved();
    void cancelEndsTheSearch();
    void oneLooksAboutMeanwhile();
    void withoutObservationsThereIsNothingToAsk();
};

void TestIdentifyDialog::aFormulaThatGivesAllCodesIsUsed()
{
    Document document;
    document.open(observedExperiment(), {});
    ExplainPanel panel(document);
    QPointer<IdentifyDialog> dialog = opened(panel);
    QVERIFY(dialog);
    auto* list = child<QTreeWidget>(*dialog, "identifyList");
    QTRY_VERIFY_WITH_TIMEOUT(list->topLevelItemCount() > 0, 60000);
    QCOMPARE(list->topLevelItem(0)->text(1), QStringLiteral("512 of 512"));
    const auto changed
        = list->findItems(QStringLiteral("as "), Qt::MatchStartsWith | Qt::MatchRecursive);
    const auto among
        = std::find_if(changed.begin(), changed.end(), [](const QTreeWidgetItem* item) {
              return item->parent() && item->parent()->text(1) == QStringLiteral("512 of 512");
          });
    QVERIFY(among != changed.end());
    list->setCurrentItem(*among);
    QTest::mouseClick(child<QPushButton>(*dialog, "identifyUse"), Qt::LeftButton);
    QTRY_VERIFY(!dialog);
    QCOMPARE(document.experiment().model.formulas.size(), std::size_t(1));
    QCOMPARE(document.experiment().backend, std::string("identified-1"));
    const Backend* backend = find_backend("identified-1");
    QVERIFY(backend);
    for (const Observation& seen : document.layer().observations)
        QCOMPARE(codes(*backend, document.layer(),
                       seen.channel)[static_cast<std::size_t>(seen.input_code)],
                 seen.output_code);
    document.undo();
    QVERIFY(document.experiment().model.formulas.empty());
}

void TestIdentifyDialog::aKnownBackendIsChosen()
{
    Document document;
    document.open(observedExperiment(), {});
    ExplainPanel panel(document);
    QPointer<IdentifyDialog> dialog = opened(panel);
    auto* list = child<QTreeWidget>(*dialog, "identifyList");
    QTRY_VERIFY_WITH_TIMEOUT(list->topLevelItemCount() > 0, 60000);
    const auto found
        = list->findItems(QStringLiteral("OpenVINO"), Qt::MatchExactly | Qt::MatchRecursive);
    QCOMPARE(found.size(), 1);
    list->setCurrentItem(found.front());
    QTest::mouseClick(child<QPushButton>(*dialog, "identifyUse"), Qt::LeftButton);
    QCOMPARE(document.experiment().backend, std::string("openvino"));
    QVERIFY(document.experiment().model.formulas.empty());
}

void TestIdentifyDialog::aLayerThatTellsThemApartIsSaved()
{
    // Few codes were seen, so many formulas give them all.
    Experiment experiment = observedExperiment();
    BatchNormLayer layer = *experiment.model.layers[0];
    layer.observations.resize(4);
    experiment.model.layers[0] = std::make_shared<const BatchNormLayer>(layer);
    Document document;
    document.open(std::move(experiment), {});
    ExplainPanel panel(document);
    QPointer<IdentifyDialog> dialog = opened(panel);
    QVERIFY(dialog);
    auto* save = child<QPushButton>(*dialog, "identifySave");
    QVERIFY(!save->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(save->isEnabled(), 60000);
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("apart.json"));
    QTimer::singleShot(0, dialog, [&] {
        auto* ask = dialog->findChild<QFileDialog*>();
        QVERIFY(ask);
        ask->selectFile(path);
        QMetaObject::invokeMethod(ask, "accept");
    });
    QTest::mouseClick(save, Qt::LeftButton);
    QVERIFY(QFile::exists(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto model = read_session(file.readAll(), path);
    QVERIFY(model);
    const BatchNormLayer& made = *model->layers.front();
    std::set<std::vector<std::int32_t>> answers;
    for (const char* id : {"onnxruntime", "openvino", "pytorch", "litert"}) {
        std::vector<std::int32_t> all;
        for (int channel = 0; channel < made.channels(); ++channel) {
            const auto some = codes(*find_backend(id), made, channel);
            all.insert(all.end(), some.begin(), some.end());
        }
        answers.insert(all);
    }
    QVERIFY(answers.size() > 1);
    QVERIFY(child<QLabel>(*dialog, "identifyTelling")->text().contains(QStringLiteral("groups")));
}

void TestIdentifyDialog::cancelEndsTheSearch()
{
    Document document;
    document.open(observedExperiment(), {});
    ExplainPanel panel(document);
    QPointer<IdentifyDialog> dialog = opened(panel);
    QVERIFY(!child<QPushButton>(*dialog, "identifyUse")->isEnabled());
    QTest::mouseClick(child<QPushButton>(*dialog, "identifyClose"), Qt::LeftButton);
    QTRY_VERIFY(!dialog);
    QVERIFY(!document.isModified());
}

void TestIdentifyDialog::oneLooksAboutMeanwhile()
{
    Document document;
    document.open(observedExperiment(), {});
    ExplainPanel panel(document);
    QPointer<IdentifyDialog> dialog = opened(panel);
    QVERIFY(dialog && !dialog->isModal());
    QTest::mouseClick(child<QPushButton>(panel, "identifyButton"), Qt::LeftButton);
    QCOMPARE(panel.findChildren<IdentifyDialog*>().size(), 1);
    document.open(example_experiment(), {});
    QTRY_VERIFY(!dialog);
}

void TestIdentifyDialog::withoutObservationsThereIsNothingToAsk()
{
    Document document;
    document.open(example_experiment(), {});
    ExplainPanel panel(document);
    panel.show();
    panel.refresh();
    QVERIFY(!child<QPushButton>(panel, "identifyButton")->isEnabled());
}

QBN_TEST(TestIdentifyDialog)
#include "tst_identify_dialog.moc"
