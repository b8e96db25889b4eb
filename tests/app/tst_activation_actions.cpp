#include "app/desktop/activation_actions.h"
#include "app/desktop/main_window.h"
#include "app/desktop/work_area.h"
#include "core/formats/npy/npy.h"
#include "tests/support/golden.h"
#include "tests/support/opening.h"
#include "tests/support/room.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace qbn;
using namespace qbn::desktop;
using namespace qbn::test;
using namespace Qt::StringLiterals;

/// Activations in the real window: from a menu or a drop, through the dialog, to the tables.
class TestActivationActions : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void theMenuLoadsBothSidesThroughTheDialog();
    void aDropAsksAndNamesTellTheOutput();
    void anArchiveThatIsDroppedOffersItsArrays();
    void anArchiveThatIsAModelIsOpened();
    void theDialogSwapsAndChecks();
    void whatDoesNotFitIsToldAndTheOthersStay();
    void loadingCanBeCancelledInTheBar();
    void anotherFileClosesThem();
    void theMenuClearsThem();

private:
    QString write(const QString& name, const QString& framework = {})
    {
        std::vector<std::int32_t> codes(768);
        for (std::size_t i = 0; i < codes.size(); ++i)
            codes[i] = static_cast<std::int32_t>(i % 256);
        if (!framework.isEmpty()) {
            const auto golden = *goldenCodes(u"forum"_s, 0, framework.toStdString());
            codes.assign(golden.values.begin(), golden.values.end());
        }
        return writeBytes(name, write_npy({1, 3, 256}, quint8_type, codes));
    }
    QString writeBytes(const QString& name, const QByteArray& bytes)
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
            ? file.fileName()
            : QString();
    }
    template <typename T> T* find(const QString& name) const
    {
        return m_window->findChild<T*>(name);
    }
    void trigger(const QString& action) { find<QAction>(action)->trigger(); }
    /// Does `act` once the dialog is there, and closes it if that has not.
    void inDialog(const std::function<void(QDialog&)>& act)
    {
        m_acted = false;
        auto* timer = new QTimer(this);
        connect(timer, &QTimer::timeout, this, [this, act, timer] {
            auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
            if (dialog == nullptr || dialog->objectName() != u"activationDialog"_s)
                return;
            timer->deleteLater();
            timer->stop();
            m_acted = true;
            act(*dialog);
            if (dialog->isVisible())
                dialog->reject();
        });
        timer->start(5);
    }
    static QLineEdit* line(const QDialog& dialog, const QString& name)
    {
        auto* file = dialog.findChild<QComboBox*>(name);
        return file != nullptr ? file->lineEdit() : dialog.findChild<QLineEdit*>(name);
    }
    static void press(const QDialog& dialog, const QString& text)
    {
        for (QPushButton* button : dialog.findChildren<QPushButton*>()) {
            if (button->text().remove(u'&') == text) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        }
        QTest::qFail(qPrintable(text), __FILE__, __LINE__);
    }
    void drop(const QStringList& paths)
    {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& path : paths)
            urls << QUrl::fromLocalFile(path);
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton,
                              Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.get(), &event);
    }
    void loadBoth()
    {
        m_window->activations().load(
            {.input = DumpFile{.path = write(u"in.npy"_s), .member = {}},
             .output = DumpFile{.path = write(u"out.npy"_s, u"litert"_s), .member = {}}});
        QTRY_VERIFY(m_document->activations().isLoaded());
    }

    QTemporaryDir m_folder;
    bool m_acted = false;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<MainWindow> m_window;
};

void TestActivationActions::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"qbn-test"_s);
    QCoreApplication::setApplicationName(u"activations"_s);
}

void TestActivationActions::init()
{
    m_settings = std::make_unique<Settings>();
    m_document = std::make_unique<ui::Document>();
    m_window = std::make_unique<MainWindow>(*m_document, *m_settings, Memory::None);
    m_window->resize(1280, 720);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QVERIFY(opens(m_window->files(), dataPath(u"golden/forum.json"_s)));
}

void TestActivationActions::cleanup()
{
    m_window.reset();
    m_document.reset();
    m_settings.reset();
}

void TestActivationActions::theMenuLoadsBothSidesThroughTheDialog()
{
    inDialog([this](QDialog& dialog) {
        QTest::keyClicks(line(dialog, u"activationInput"_s), write(u"in.npy"_s));
        QTest::keyClicks(line(dialog, u"activationOutput"_s), write(u"o.npy"_s, u"litert"_s));
        press(dialog, u"Open"_s);
    });
    trigger(u"loadActivationsAction"_s);
    QVERIFY(m_acted);
    QTRY_VERIFY(m_document->activations().isLoaded());
    QCOMPARE(find<WorkArea>(u"workArea"_s)->currentPage(), u"activationPage"_s);
    QCOMPARE(m_document->activations().name(), u"in.npy and o.npy"_s);
    auto* table = find<QTableView>(u"activationAgreementTable"_s);
    QVERIFY(table && table->isVisible());
    bool isWhole = false;
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        if (table->model()->index(row, 0).data().toString() == u"LiteRT"_s)
            isWhole = table->model()->index(row, 1).data().toString() == u"100.00 %"_s;
    }
    QVERIFY(isWhole);
    QVERIFY(m_window->width() == 1280 && m_window->height() == 720);
}

void TestActivationActions::aDropAsksAndNamesTellTheOutput()
{
    const QString input = write(u"first.npy"_s);
    const QString output = write(u"conv_out.npy"_s, u"pytorch"_s);
    for (const QStringList& paths : {QStringList{output, input}, QStringList{input, output}}) {
        m_document->activations().clear();
        QString asInput;
        QString asOutput;
        inDialog([&](QDialog& dialog) {
            asInput = line(dialog, u"activationInput"_s)->text();
            asOutput = line(dialog, u"activationOutput"_s)->text();
            press(dialog, u"Open"_s);
        });
        drop(paths);
        QTRY_VERIFY(m_document->activations().isLoaded());
        QCOMPARE(asInput, input);
        QCOMPARE(asOutput, output);
        QVERIFY(m_document->activations().counts()->has_pairs());
    }
    inDialog([&](QDialog& dialog) {
        QCOMPARE(line(dialog, u"activationOutput"_s)->text(), output);
        QCOMPARE(line(dialog, u"activationInput"_s)->text(), QString());
        press(dialog, u"Cancel"_s);
    });
    drop({output});
    QTRY_VERIFY(m_acted);
    QVERIFY(m_document->activations().counts()->has_inputs()); // those before
}

void TestActivationActions::anArchiveThatIsDroppedOffersItsArrays()
{
    const QString archive = dataPath(u"activations/xy.npz"_s);
    inDialog([&](QDialog& dialog) {
        QCOMPARE(line(dialog, u"activationInput"_s)->text(), archive + u":x"_s);
        QCOMPARE(line(dialog, u"activationOutput"_s)->text(), archive + u":y"_s);
        auto* output = dialog.findChild<QComboBox*>(u"activationOutput"_s);
        QCOMPARE(output->count(), 2);
        press(dialog, u"Open"_s);
    });
    drop({archive});
    QTRY_VERIFY(m_document->activations().isLoaded());
    QCOMPARE(m_document->activations().name(), u"xy.npz:x and xy.npz:y"_s);
}

void TestActivationActions::anArchiveThatIsAModelIsOpened()
{
    QCOMPARE(ActivationActions::arraysOf({dataPath(u"safetensors/float.npz"_s)}), QStringList());
    QCOMPARE(ActivationActions::arraysOf({dataPath(u"golden/forum.json"_s)}), QStringList());
}

void TestActivationActions::theDialogSwapsAndChecks()
{
    inDialog([](QDialog& dialog) {
        auto* input = line(dialog, u"activationInput"_s);
        auto* output = line(dialog, u"activationOutput"_s);
        auto* shape = line(dialog, u"activationShape"_s);
        const auto isReady = [&dialog] {
            for (const QPushButton* button : dialog.findChildren<QPushButton*>()) {
                if (button->text().remove(u'&') == u"Open"_s)
                    return button->isEnabled();
            }
            return false;
        };
        QVERIFY(!isReady());
        QTest::keyClicks(input, u"a.raw"_s);
        QVERIFY(isReady());
        QTest::keyClicks(shape, u"1, x"_s);
        QVERIFY(!isReady());
        shape->clear();
        press(dialog, u"Swap"_s);
        QCOMPARE(output->text(), u"a.raw"_s);
        QCOMPARE(input->text(), QString());
        QVERIFY(isReady());
        press(dialog, u"Cancel"_s);
    });
    trigger(u"loadActivationsAction"_s);
    QVERIFY(m_acted);
}

void TestActivationActions::whatDoesNotFitIsToldAndTheOthersStay()
{
    loadBoth();
    const auto before = m_document->activations().counts();
    const QString path = writeBytes(
        u"four.npy"_s, write_npy({1, 4, 2}, quint8_type, std::vector<std::int32_t>(8, 0)));
    QString told;
    QTimer closing;
    connect(&closing, &QTimer::timeout, this, [&told] {
        if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
            told = box->text();
            box->close();
        }
    });
    closing.start(10);
    m_window->activations().load(
        {.input = DumpFile{.path = path, .member = {}}, .output = std::nullopt});
    QTRY_VERIFY(!told.isEmpty());
    QCOMPARE(
        told,
        path + u": its shape (1, 4, 2) has not the layer's 3 channels in its second dimension"_s);
    QCOMPARE(m_document->activations().counts(), before);
}

void TestActivationActions::loadingCanBeCancelledInTheBar()
{
    QFile large(m_folder.filePath(u"large.raw"_s));
    QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(3 * (96LL << 20)));
    m_window->activations().load({.input = DumpFile{.path = large.fileName(), .member = {}},
                                  .output = std::nullopt,
                                  .shape = std::vector<std::int64_t>{1, 3, 96 << 20}});
    QVERIFY(m_window->activations().isLoading());
    QCOMPARE(m_document->works().works().size(), std::size_t{1});
    QVERIFY(m_document->works().works().front().what.contains(u"large.raw"_s));
    m_document->works().cancel(m_document->works().works().front().id);
    QTRY_VERIFY(!m_window->activations().isLoading());
    QVERIFY(m_document->works().works().empty());
    QVERIFY(!m_document->activations().isLoaded());
}

void TestActivationActions::anotherFileClosesThem()
{
    loadBoth();
    QVERIFY(opens(m_window->files(), dataPath(u"golden/forum.json"_s)));
    QVERIFY(!m_document->activations().isLoaded());
}

void TestActivationActions::theMenuClearsThem()
{
    QVERIFY(!find<QAction>(u"clearActivationsAction"_s)->isEnabled());
    loadBoth();
    QVERIFY(find<QAction>(u"clearActivationsAction"_s)->isEnabled());
    trigger(u"clearActivationsAction"_s);
    QVERIFY(!m_document->activations().isLoaded());
    QVERIFY(!find<QAction>(u"clearActivationsAction"_s)->isEnabled());
}

QBN_TEST(TestActivationActions)
#include "tst_activation_actions.moc"
