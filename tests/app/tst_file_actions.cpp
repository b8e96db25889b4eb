#include "app/desktop/file_actions.h"
#include "core/formats/open_model.h"
#include "tests/support/golden.h"
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
    void aHistogramIsReadForTheSelectedLayer();
    void aBadHistogramIsRefusedInOneSentence();

private:
    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
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
    QVERIFY(m_files->open(path));
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
    QVERIFY(!m_files->open(dataPath(file)));
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
    QVERIFY(m_files->open(dataPath(QStringLiteral("golden/hard.json"))));
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
    QVERIFY(m_files->open(path));
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
    QCOMPARE(m_files->open(dataPath(QStringLiteral("golden/hard.json"))), opened);
    QVERIFY(answer.text.contains(QStringLiteral("Save the changes")));
    QCOMPARE(m_document->layer().gamma[0] == 2, !opened);
}

void TestFileActions::theCsvIsTheCommandLines()
{
    QVERIFY(m_files->open(dataPath(QStringLiteral("golden/ocr_quantized.json"))));
    m_document->edit(QStringLiteral("choose"), {},
                     [](Experiment& experiment) { experiment.backend = "onnxruntime"; });
    const QString path = m_folder.filePath(QStringLiteral("codes.csv"));
    QVERIFY(!m_files->writeCsv(path, {.layer = 1}));
    QProcess qbn;
    qbn.start(QStringLiteral(QBN_CLI),
              {QStringLiteral("export"), dataPath(QStringLiteral("golden/ocr_quantized.json")),
               QStringLiteral("--layer"), QStringLiteral("1"), QStringLiteral("--backend"),
               QStringLiteral("onnxruntime")});
    QVERIFY(qbn.waitForFinished());
    QCOMPARE(contentOf(path), qbn.readAllStandardOutput());
    QVERIFY(contentOf(path).size() > 100000);

    const auto error = m_files->writeCsv(QStringLiteral("/nonexistent/codes.csv"), {});
    QVERIFY(error);
    QVERIFY(QString::fromStdString(error->message)
                .startsWith(QStringLiteral("/nonexistent/codes.csv: could not be written: ")));
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
