#include "app/desktop/file_actions.h"
#include "core/formats/open_model.h"
#include "tests/support/busy_threads.h"
#include "tests/support/golden.h"
#include "tests/support/opening.h"
#include "tests/support/room.h"

#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace qbn::test;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Presses a button of the next message box and keeps what the box said.
class BoxAnswer : public QObject
{
public:
    explicit BoxAnswer(QMessageBox::StandardButton button)
    {
        connect(&m_timer, &QTimer::timeout, this, [this, button] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (!box)
                return;
            m_timer.stop();
            text = box->text();
            QTest::mouseClick(box->button(button), Qt::LeftButton);
        });
        m_timer.start(10);
    }

    QString text;

private:
    QTimer m_timer;
};

} // namespace

class TestFileActions : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void openingShowsTheFilesLayer();
    void aBadFileChangesNothing_data();
    void aBadFileChangesNothing();
    void aSavedSessionOpensToTheSameBits();
    void aSessionKeepsItsBackend();
    void savingToAFolderThatIsNotThereLosesNothing();
    void unsavedChangesAreAskedFor_data();
    void unsavedChangesAreAskedFor();
    void theCsvIsTheCommandLines();
    void theOpenDocumentStaysUntilTheNewOneIsWhole();
    void whatIsChangedMeanwhileIsAskedFor_data();
    void whatIsChangedMeanwhileIsAskedFor();
    void anOpeningIsCancelled();
    void anExportIsStoppedOnlyIfOneSaysSo();
    void aHistogramIsReadForTheSelectedLayer();
    void aBadHistogramIsRefusedInOneSentence();

private:
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<QWidget> m_window; ///< goes before what it shows
    FileActions* m_files = nullptr;
    QTemporaryDir m_folder;
};

void TestFileActions::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("qbn-test"));
    QCoreApplication::setApplicationName(QStringLiteral("file-actions"));
}

void TestFileActions::init()
{
    QSettings().clear();
    m_window.reset();
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<QWidget>();
    m_files = new FileActions(*m_document, *m_settings, m_window.get());
}

void TestFileActions::openingShowsTheFilesLayer()
{
    const QString path = dataPath(QStringLiteral("checkpoints/ocr_quantized.pt"));
    QVERIFY(opens(*m_files, path));
    QCOMPARE(m_document->experiment().model.layers.size(), std::size_t{2});
    QCOMPARE(m_document->layer().provenance.of(Field::eps).origin, Origin::defaulted);
    QCOMPARE(m_files->title(), QStringLiteral("ocr_quantized.pt"));
    QVERIFY(m_document->path().isEmpty()); // a checkpoint is not written to
    QCOMPARE(m_settings->recentFiles(), QStringList{path});
    QVERIFY(!m_document->isModified());
}

void TestFileActions::aBadFileChangesNothing_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("not there") << "nothing.pt";
    QTest::newRow("a directory") << "golden";
    QTest::newRow("an ONNX model without a batch norm") << "onnx/folded.onnx";
}

void TestFileActions::aBadFileChangesNothing()
{
    QFETCH(QString, file);
    m_document->setValue(Field::gamma, 0, 2);
    const Experiment before = m_document->experiment();
    const int steps = m_document->undoStack().count();
    BoxAnswer discard(QMessageBox::Discard);
    std::unique_ptr<BoxAnswer> problem;
    QTimer::singleShot(200, this,
                       [&problem] { problem = std::make_unique<BoxAnswer>(QMessageBox::Ok); });
    QVERIFY(!opens(*m_files, dataPath(file)));
    QVERIFY(problem);
    QVERIFY2(problem->text.startsWith(dataPath(file) + QStringLiteral(": ")),
             qPrintable(problem->text));
    QVERIFY(m_document->experiment() == before);
    QCOMPARE(m_document->undoStack().count(), steps);
    QVERIFY(m_document->isModified());
    QVERIFY(m_settings->recentFiles().isEmpty());
}

void TestFileActions::aSavedSessionOpensToTheSameBits()
{
    const QString path = m_folder.filePath(QStringLiteral("saved.json"));
    QVERIFY(opens(*m_files, dataPath(QStringLiteral("golden/hard.json"))));
    m_document->setValue(Field::mean, 1, 0.1);
    const Model before = m_document->experiment().model;
    m_document->setSaved(path); // as Save as does after its dialog
    QVERIFY(m_files->save());
    QVERIFY(!m_document->isModified());
    Result<Model> reread = open_model(path);
    QVERIFY(bool(reread));
    QVERIFY(reread->layers.size() == before.layers.size());
    for (std::size_t i = 0; i < before.layers.size(); ++i)
        QVERIFY(*reread->layers[i] == *before.layers[i]);
    QCOMPARE(reread->layers[0]->provenance.of(Field::mean, 1).origin, Origin::typed);
}

void TestFileActions::aSessionKeepsItsBackend()
{
    const QString path = m_folder.filePath(QStringLiteral("backend.json"));
    m_document->edit(QStringLiteral("bits"), {},
                     [](Experiment& experiment) { choose_backend(experiment, "fixed-point:12"); });
    m_document->setSaved(path); // as Save as does after its dialog
    QVERIFY(m_files->save());
    m_document->edit(QStringLiteral("back"), {},
                     [](Experiment& experiment) { choose_backend(experiment, "exact"); });
    m_document->setSaved(path);
    QVERIFY(opens(*m_files, path));
    QCOMPARE(m_document->experiment().backend, std::string("fixed-point:12"));
    QCOMPARE(fraction_bits(m_document->experiment()), 12);
}

void TestFileActions::savingToAFolderThatIsNotThereLosesNothing()
{
    m_document->setValue(Field::gamma, 0, 2);
    m_document->setSaved(QStringLiteral("/nonexistent/session.json"));
    m_document->setValue(Field::gamma, 0, 3);
    BoxAnswer answer(QMessageBox::Ok);
    QVERIFY(!m_files->save());
    QVERIFY2(answer.text.contains(QStringLiteral("/nonexistent/session.json")),
             qPrintable(answer.text));
    QVERIFY(m_document->isModified());
}

void TestFileActions::unsavedChangesAreAskedFor_data()
{
    QTest::addColumn<int>("button");
    QTest::addColumn<bool>("opened");
    QTest::newRow("discard goes on") << int(QMessageBox::Discard) << true;
    QTest::newRow("cancel stays") << int(QMessageBox::Cancel) << false;
}

void TestFileActions::unsavedChangesAreAskedFor()
{
    QFETCH(int, button);
    QFETCH(bool, opened);
    m_document->setValue(Field::gamma, 0, 2);
    BoxAnswer answer(static_cast<QMessageBox::StandardButton>(button));
    QCOMPARE(opens(*m_files, dataPath(QStringLiteral("golden/hard.json"))), opened);
    QVERIFY(answer.text.contains(QStringLiteral("Save the changes")));
    QCOMPARE(m_document->layer().gamma[0] == 2, !opened);
}

void TestFileActions::theCsvIsTheCommandLines()
{
    QVERIFY(opens(*m_files, dataPath(QStringLiteral("golden/ocr_quantized.json"))));
    m_document->edit(QStringLiteral("choose"), {},
                     [](Experiment& experiment) { experiment.backend = "onnxruntime"; });
    const QString path = m_folder.filePath(QStringLiteral("codes.csv"));
    m_files->writeCsv(path, {.layer = 1});
    QTRY_VERIFY_WITH_TIMEOUT(!m_files->isWriting(), 60000);
    QProcess qbn;
    qbn.start(QStringLiteral(QBN_CLI),
              {QStringLiteral("export"), dataPath(QStringLiteral("golden/ocr_quantized.json")),
               QStringLiteral("--layer"), QStringLiteral("1"), QStringLiteral("--backend"),
               QStringLiteral("onnxruntime")});
    QVERIFY(qbn.waitForFinished());
    QCOMPARE(contentOf(path), qbn.readAllStandardOutput());
    QVERIFY(contentOf(path).size() > 100000);

    BoxAnswer answer(QMessageBox::Ok);
    m_files->writeCsv(QStringLiteral("/nonexistent/codes.csv"), {});
    QTRY_VERIFY2(
        answer.text.startsWith(QStringLiteral("/nonexistent/codes.csv: could not be written: ")),
        qPrintable(answer.text));
}

void TestFileActions::theOpenDocumentStaysUntilTheNewOneIsWhole()
{
    const auto& works = m_document->works().works();
    auto busy = std::make_unique<BusyThreads>();
    m_files->open(dataPath(QStringLiteral("golden/hard.json")));
    QVERIFY(m_files->isReading());
    QCOMPARE(works.size(), std::size_t{1});
    QVERIFY2(works.front().what.startsWith(QStringLiteral("Opening ")),
             qPrintable(works.front().what));
    QVERIFY(QApplication::activeModalWidget() == nullptr);
    QCOMPARE(m_document->layer().name, std::string("conv1.0"));
    m_document->selection().setCode(7);
    busy.reset();
    QTRY_COMPARE(m_files->title(), QStringLiteral("hard.json"));
    QVERIFY(!m_files->isReading());
}

void TestFileActions::whatIsChangedMeanwhileIsAskedFor_data()
{
    QTest::addColumn<int>("button");
    QTest::addColumn<bool>("opened");
    QTest::newRow("discard goes on") << int(QMessageBox::Discard) << true;
    QTest::newRow("cancel stays") << int(QMessageBox::Cancel) << false;
}

void TestFileActions::whatIsChangedMeanwhileIsAskedFor()
{
    QFETCH(int, button);
    QFETCH(bool, opened);
    auto busy = std::make_unique<BusyThreads>();
    m_files->open(dataPath(QStringLiteral("golden/hard.json")));
    m_document->setValue(Field::gamma, 0, 2);
    BoxAnswer answer(static_cast<QMessageBox::StandardButton>(button));
    busy.reset();
    QTRY_VERIFY(answer.text.contains(QStringLiteral("Save the changes")));
    QTRY_VERIFY(!m_files->isReading());
    QCOMPARE(m_document->layer().gamma[0] == 2, !opened);
}

void TestFileActions::anOpeningIsCancelled()
{
    auto busy = std::make_unique<BusyThreads>();
    m_files->open(dataPath(QStringLiteral("golden/hard.json")));
    m_document->works().cancel(m_document->works().works().front().id);
    QVERIFY(!m_files->isReading());
    QVERIFY(m_document->works().works().empty());
    m_files->open(dataPath(QStringLiteral("golden/hard.json")));
    m_files->openExample(); // the later wish
    QVERIFY(!m_files->isReading());
    busy.reset();
    QTest::qWait(20);
    QCOMPARE(m_document->layer().name, std::string("conv1.0"));
    QVERIFY(opens(*m_files, dataPath(QStringLiteral("golden/hard.json"))));
}

void TestFileActions::anExportIsStoppedOnlyIfOneSaysSo()
{
    QVERIFY(m_files->mayStopWriting());
    const QString path = m_folder.filePath(QStringLiteral("slow.csv"));
    auto busy = std::make_unique<BusyThreads>();
    m_files->writeCsv(path, {});
    QVERIFY(m_files->isWriting());
    QString said;
    connect(m_files, &FileActions::said, this, [&said](const QString& text) { said = text; });
    m_files->exportCsv({});
    QVERIFY2(said.contains(QStringLiteral("still being written")), qPrintable(said));
    {
        BoxAnswer answer(QMessageBox::Cancel);
        QVERIFY(!m_files->mayStopWriting());
    }
    {
        BoxAnswer answer(QMessageBox::Discard);
        QVERIFY(m_files->mayStopWriting());
    }
    // What is written is what there was.
    m_document->setValue(Field::gamma, 0, 2);
    busy.reset();
    QTRY_VERIFY(!m_files->isWriting());
    QVERIFY(contentOf(path).contains(",51.98679043523339,52,"));
}

void TestFileActions::aHistogramIsReadForTheSelectedLayer()
{
    QFile file(m_folder.filePath(QStringLiteral("counts.csv")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("channel,input_code,count\n0,38,3\n0,39,1\n");
    file.close();
    const auto histogram = m_files->readHistogram(file.fileName());
    QVERIFY(histogram);
    QCOMPARE(histogram->name, QStringLiteral("counts.csv"));
    QVERIFY(histogram->distribution.weights(0)[38] == 0.75);
}

void TestFileActions::aBadHistogramIsRefusedInOneSentence()
{
    QFile file(m_folder.filePath(QStringLiteral("codes.csv")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("code,count\n");
    file.close();
    BoxAnswer answer(QMessageBox::Ok);
    QVERIFY(!m_files->readHistogram(file.fileName()));
    QVERIFY2(answer.text.contains(QStringLiteral("codes.csv")), qPrintable(answer.text));
    QVERIFY2(answer.text.contains(QStringLiteral("line 1")), qPrintable(answer.text));
}

QBN_TEST(TestFileActions)
#include "tst_file_actions.moc"
