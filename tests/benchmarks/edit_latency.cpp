// How long an edit takes until every view has been painted with it: real widgets of the real
// window, real key and mouse events. Prints p50 and p99 of each kind of edit, and "alone": the p99
// of the same edits when each counts with the fastest of five passes, which is what remains of it
// without the pauses that other programs and machines cause. "cpu" is p99 of the processor time of
// the GUI thread, in which no other program counts. QT_QPA_PLATFORM=offscreen unless
// something else is set. usage: edit_latency [edits of each kind [part of the name of a kind]]

#include "app/desktop/main_window.h"
#include "app/desktop/work_area.h"
#include "core/activations/count_codes.h"
#include "core/evaluate/experiment.h"
#include "tests/benchmarks/trained_like_layer.h"
#include "ui/edit/float_edit.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <random>
#include <vector>

using namespace qbn;

namespace {

constexpr int passes = 5; ///< over the same edits
int rounds = 1000;
QByteArray wanted; ///< only kinds that have it in their name

/// Runs until all that was posted, paint requests among it, is done.
void paintEverything()
{
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
}

double threadMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

void measure(const char* what, const std::function<void(int)>& edit)
{
    if (!QByteArray(what).contains(wanted))
        return;
    std::vector<double> milliseconds, processor;
    std::vector<double> fastest(static_cast<std::size_t>(rounds / passes), HUGE_VAL);
    for (int pass = 0; pass < passes; ++pass) {
        for (std::size_t round = 0; round < fastest.size(); ++round) {
            QElapsedTimer timer;
            timer.start();
            const double before = threadMilliseconds();
            edit(static_cast<int>(round));
            paintEverything();
            processor.push_back(threadMilliseconds() - before);
            milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            fastest[round] = std::min(fastest[round], milliseconds.back());
        }
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    std::sort(fastest.begin(), fastest.end());
    std::sort(processor.begin(), processor.end());
    const auto at = [](const std::vector<double>& sorted, std::size_t percent) {
        return sorted[sorted.size() * percent / 100];
    };
    std::printf("  %-34s p50 %6.2f ms  p99 %6.2f ms  max %6.2f ms  alone %6.2f ms  cpu %6.2f ms\n",
                what, at(milliseconds, 50), at(milliseconds, 99), milliseconds.back(),
                at(fastest, 99), at(processor, 99));
}

/// The processor time of the GUI thread when the summary of a large layer arrives: an edit that comes then waits as long.
void measureArrival(const char* what, ui::Document& document, const std::function<void(int)>& edit)
{
    if (!QByteArray(what).contains(wanted))
        return;
    std::vector<double> milliseconds;
    for (int round = 0; round < std::max(rounds / 10, 1); ++round) {
        edit(round);
        paintEverything();
        double longest = 0;
        while (!document.evaluation().summary) {
            const double before = threadMilliseconds();
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            paintEverything();
            longest = std::max(longest, threadMilliseconds() - before);
        }
        milliseconds.push_back(longest);
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf("  %-34s p50 %6.2f ms  p90 %6.2f ms  max %6.2f ms\n", what,
                milliseconds[milliseconds.size() / 2], milliseconds[milliseconds.size() * 9 / 10],
                milliseconds.back());
}

/// Counts the paints of the parts that must show an edit, so that a figure is of painting and not
/// of its absence.
class PaintCounter : public QObject
{
public:
    explicit PaintCounter(const QList<QWidget*>& widgets)
    {
        for (QWidget* widget : widgets) {
            widget->installEventFilter(this);
            for (QWidget* child : widget->findChildren<QWidget*>())
                child->installEventFilter(this);
        }
    }

    bool eventFilter(QObject* /*watched*/, QEvent* event) override
    {
        m_paints += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }

    int take() { return std::exchange(m_paints, 0); }

private:
    int m_paints = 0;
};

/// With a layer's whole input and output loaded: their histograms in the plot, and the tables of the panel in front.
void measureWithActivations(desktop::MainWindow& window, ui::Document& document)
{
    const auto layout = find_layout({8, 3, 224, 224}, 3, ChannelOrder::nchw);
    std::vector<std::uint8_t> codes(layout->count);
    for (std::size_t i = 0; i < codes.size(); ++i)
        codes[i] = static_cast<std::uint8_t>(i * i % 251);
    const CodeTensors tensors{.layout = *layout,
                              .input_type = document.layer().input.type,
                              .output_type = document.layer().output.type,
                              .input = codes,
                              .output = codes};
    document.activations().set(
        std::make_shared<const CodeCounts>(std::get<CodeCounts>(count_codes(tensors))), {});
    auto* gamma = window.findChild<QWidget*>(QStringLiteral("gamma"));
    gamma->setFocus();
    const auto step = [gamma](int round) {
        QTest::keyClick(gamma, round % 50 < 25 ? Qt::Key_Up : Qt::Key_Down);
    };
    measure("step gamma over histograms", step);
    auto* area = window.findChild<desktop::WorkArea*>();
    area->showPage(QStringLiteral("activationPage"));
    measure("step gamma with the tables", step);
    area->showPage(QStringLiteral("codePage"));
    document.activations().clear();
}

void measureDrag(const char* what, QWidget* slider)
{
    slider->setFocus();
    measure(what, [slider](int round) {
        const QPoint place(slider->width() / 4 + round % (slider->width() / 2),
                           slider->height() / 2);
        if (round == 0)
            QTest::mousePress(slider, Qt::LeftButton, {}, place);
        else
            QTest::mouseMove(slider, place);
    });
    QTest::mouseRelease(slider, Qt::LeftButton);
}

void measureEdits(desktop::MainWindow& window, ui::Document& document)
{
    const auto field
        = [&window](const char* name) { return window.findChild<QWidget*>(QLatin1String(name)); };
    for (const char* const name : {"gamma", "mean", "eps", "outputScale"}) {
        QWidget* edit = field(name);
        edit->setFocus();
        measure((std::string("step ") + name + " with the keyboard").c_str(), [edit](int round) {
            QTest::keyClick(edit, round % 50 < 25 ? Qt::Key_Up : Qt::Key_Down);
        });
    }
    QWidget* typed = field("gamma");
    typed->setFocus();
    // Each keystroke makes a number, of two to four digits.
    measure("type a digit of gamma", [typed](int round) {
        if (round % 4 == 0)
            QTest::keyClick(typed, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(typed, static_cast<Qt::Key>(Qt::Key_1 + round % 9));
    });
    measureDrag("drag gamma with the slider", field("gammaSlider"));
    measure("undo and redo",
            [&document](int round) { round % 2 == 0 ? document.undo() : document.redo(); });
    QWidget* plot = field("transferPlot");
    plot->setFocus();
    measure("step the code in the plot", [plot](int round) {
        QTest::keyClick(plot, round % 200 < 100 ? Qt::Key_Right : Qt::Key_Left);
    });
    measure("change the channel",
            [&document](int round) { document.selection().setChannel(round % 3); });
    document.selection().set({.layer = 0, .channel = 0, .code = example_input_code});
    measureWithActivations(window, document);
}

/// What is visible is evaluated with the edit, the rest of the layer in a task; when that is done the map is drawn anew, which
/// counts for the edit that it meets.
void measureLargeLayer(desktop::MainWindow& window, ui::Document& document)
{
    Experiment experiment = document.experiment();
    experiment.model.layers
        = {std::make_shared<const BatchNormLayer>(test::trainedLikeLayer(4096))};
    document.open(std::move(experiment), {}, {.channel = 2000, .code = example_input_code});
    window.findChild<desktop::WorkArea*>(QStringLiteral("workArea"))
        ->showPage(QStringLiteral("agreementPage"));
    auto* map = window.findChild<QWidget*>(QStringLiteral("agreementMap"));
    if (!QTest::qWaitFor([&] { return document.evaluation().summary != nullptr; }, 60000))
        return;
    std::printf("%d channels, agreement map in view, %d of %d codes differ, map of %dx%d\n",
                document.layer().channels(), document.evaluation().summary->differing(),
                document.layer().channels() * 256, map->width(), map->height());
    PaintCounter counter({map});
    for (const char* const name : {"gamma", "outputScale"}) {
        auto* edit = window.findChild<QWidget*>(QLatin1String(name));
        edit->setFocus();
        measure((std::string("step ") + name + ", 4,096 channels").c_str(), [edit](int round) {
            QTest::keyClick(edit, round % 50 < 25 ? Qt::Key_Up : Qt::Key_Down);
        });
    }
    auto* scale = window.findChild<QWidget*>(QStringLiteral("outputScale"));
    scale->setFocus();
    measureArrival("the summary, 4,096 channels", document, [scale](int round) {
        QTest::keyClick(scale, round % 50 < 25 ? Qt::Key_Up : Qt::Key_Down);
    });
    measureDrag("drag gamma, 4,096 channels",
                window.findChild<QWidget*>(QStringLiteral("gammaSlider")));
    measure("undo and redo, 4,096 channels",
            [&document](int round) { round % 2 == 0 ? document.undo() : document.redo(); });
    measure("change the channel, 4,096 channels",
            [&document](int round) { document.selection().setChannel(2000 + round % 100); });
    std::printf("  %d paint events of the map\n", counter.take());
}

} // namespace

int main(int argc, char* argv[])
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    if (const QStringList arguments = QApplication::arguments(); arguments.size() > 1)
        rounds = std::max(passes, arguments[1].toInt());
    if (const QStringList arguments = QApplication::arguments(); arguments.size() > 2)
        wanted = arguments[2].toUtf8();
    QStandardPaths::setTestModeEnabled(true);
    ui::applyTheme(application, ui::Theme::Light);

    desktop::Settings settings;
    ui::Document document;
    desktop::MainWindow window(document, settings, desktop::Memory::None);
    window.show();
    if (!QTest::qWaitForWindowExposed(&window))
        return 1;
    QList<QWidget*> shown;
    for (const char* const name : {"pipelinePanel", "transferPlot", "errorPlot", "codeTable"})
        shown += window.findChildren<QWidget*>(QLatin1String(name));
    PaintCounter counter(shown);
    int painted = 0;
    for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)}) {
        window.resize(size);
        // Fonts are read and glyphs drawn for the first time here.
        for (int i = 0; i < 100; ++i) {
            document.setValue(Field::gamma, 0, 100 + i);
            paintEverything();
        }
        std::printf("%d edits each, %d channels, window %dx%d, platform %s\n", rounds,
                    document.layer().channels(), window.width(), window.height(),
                    qPrintable(QGuiApplication::platformName()));
        counter.take();
        measureEdits(window, document);
        painted = counter.take();
        std::printf("  %d paint events of the pipeline, the plots and the code table\n", painted);
    }
    window.resize(1280, 800);
    measureLargeLayer(window, document);
    return painted > (wanted.isEmpty() ? rounds : 0) ? 0 : 1;
}
