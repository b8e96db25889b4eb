#include "core/formula/functions.h"
#include "tests/support/every_operation.h"
#include "tests/support/exported_code.h"
#include "tests/support/room.h"

#include <QStandardPaths>

using namespace qbn;
using namespace qbn::test;

/// C and NumPy that leave the program are compiled or run by the real tool and give the backend's own codes, all of them.
class TestExport : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyBackendsCCompilesAndAgrees_data();
    void everyBackendsCCompilesAndAgrees();
    void everyOperationIsTheSameInCAndNumPy_data();
    void everyOperationIsTheSameInCAndNumPy();
    void everyOperationIsTried();
    void everyBackendsNumPyAgrees_data();
    void everyBackendsNumPyAgrees();
    void oneChannelIsThatChannel_data();
    void oneChannelIsThatChannel();
    void narrowCodesStayInTheirRange();
    void aNameFromOutsideDoesNoHarm_data();
    void aNameFromOutsideDoesNoHarm();

private:
    ExportedCode m_code;
};

void TestExport::initTestCase()
{
    QVERIFY(m_code.isValid());
}

void TestExport::everyBackendsCCompilesAndAgrees_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("form");
    QTest::addColumn<QString>("compiler");
    QTest::addColumn<int>("row");
    int row = 0;
    const std::array forms{"arithmetic", "folded", "table"};
    for (const Backend& backend : all_backends()) {
        for (int form = 0; form < 3; ++form) {
            QStringList compilers{form == 0 ? QStringLiteral("cc -O0") : gcc};
            if (form == 0)
                compilers << QStringLiteral("cc -std=gnu11 -O3 -march=native")
                          << QStringLiteral("clang -O2");
            for (const QString& compiler : std::as_const(compilers))
                QTest::addRow("%s, %s, %s", backend.id.data(),
                              forms[static_cast<std::size_t>(form)], qPrintable(compiler))
                    << textOf(backend.id) << form << compiler << row++;
        }
    }
}

void TestExport::everyBackendsCCompilesAndAgrees()
{
    QFETCH(QString, id);
    QFETCH(int, form);
    QFETCH(QString, compiler);
    QFETCH(int, row);
    if (QStandardPaths::findExecutable(compiler.section(u' ', 0, 0)).isEmpty())
        QSKIP("this compiler is not installed");
    for (const BatchNormLayer& layer : layersOfRow(static_cast<std::size_t>(row))) {
        const CodeRequest request{layer, *find_backend(id.toStdString()), std::nullopt,
                                  static_cast<CodeForm>(form)};
        QCOMPARE(firstDifference(printedCodes(request),
                                 m_code.printedBy(CodeFormat::c, request, compiler)),
                 QString());
    }
}

void TestExport::everyOperationIsTheSameInCAndNumPy_data()
{
    QTest::addColumn<QString>("type");
    for (const std::string& type : types)
        QTest::newRow(type.c_str()) << QString::fromStdString(type);
}

void TestExport::everyOperationIsTheSameInCAndNumPy()
{
    QFETCH(QString, type);
    const auto backend
        = add_backend("every-" + type.toStdString(), operationsOf(type.toStdString()));
    QVERIFY2(backend, backend ? "" : backend.error().message.c_str());
    const BatchNormLayer layer = wildLayer(qint8_type, qint8_type, false);
    const CodeRequest request{layer, **backend, std::nullopt, CodeForm::arithmetic};
    const QString want = printedCodes(request);
    QVERIFY(want.count(QStringLiteral("17 ")) < want.count(u' ') / 20); // the codes are spread
    for (const QString& compiler : {QStringLiteral("cc -O0"), gcc})
        QCOMPARE(firstDifference(want, m_code.printedBy(CodeFormat::c, request, compiler)),
                 QString());
    QCOMPARE(firstDifference(want, m_code.printedBy(CodeFormat::numpy, request)), QString());
}

void TestExport::everyOperationIsTried()
{
    std::string all;
    for (const std::string& type : types)
        all += operationsOf(type);
    for (const formula::Function& function : formula::all_functions()) {
        const std::string name = function.name == "negate" ? "-" : std::string(function.name);
        QVERIFY2(all.find(name) != std::string::npos, name.c_str());
    }
}

void TestExport::everyBackendsNumPyAgrees_data()
{
    addBackendRows();
}

void TestExport::everyBackendsNumPyAgrees()
{
    QFETCH(QString, id);
    for (const BatchNormLayer& layer : testLayers()) {
        const CodeRequest request{layer, *find_backend(id.toStdString()), std::nullopt,
                                  CodeForm::arithmetic};
        QCOMPARE(
            firstDifference(printedCodes(request), m_code.printedBy(CodeFormat::numpy, request)),
            QString());
    }
}

void TestExport::oneChannelIsThatChannel_data()
{
    addBackendRows();
}

/// Which lane computes it, and what it takes of the other channels, stay as they are.
void TestExport::oneChannelIsThatChannel()
{
    QFETCH(QString, id);
    const BatchNormLayer layer = wildLayer(quint8_type, quint8_type, false);
    constexpr int channel = 26; // behind the vectors of 8
    for (const CodeForm form : {CodeForm::arithmetic, CodeForm::folded}) {
        const CodeRequest request{layer, *find_backend(id.toStdString()), channel, form};
        QCOMPARE(
            firstDifference(printedCodes(request), m_code.printedBy(CodeFormat::c, request, gcc)),
            QString());
    }
    const CodeRequest request{layer, *find_backend(id.toStdString()), channel, {}};
    QCOMPARE(firstDifference(printedCodes(request), m_code.printedBy(CodeFormat::numpy, request)),
             QString());
}

void TestExport::narrowCodesStayInTheirRange()
{
    for (const char* const id : {"pytorch", "litert"}) {
        BatchNormLayer layer = wildLayer({false, 4}, {true, 3}, false);
        const auto wide = add_backend("wide", "code\ny = x * 5 + channel");
        QVERIFY(wide);
        for (const Backend* const backend : {find_backend(id), *wide}) {
            const CodeRequest request{layer, *backend, std::nullopt, {}};
            QCOMPARE(firstDifference(printedCodes(request),
                                     m_code.printedBy(CodeFormat::c, request, gcc)),
                     QString());
            QCOMPARE(firstDifference(printedCodes(request),
                                     m_code.printedBy(CodeFormat::numpy, request)),
                     QString());
        }
    }
}

void TestExport::aNameFromOutsideDoesNoHarm_data()
{
    QTest::addColumn<QString>("layer");
    QTest::addColumn<QString>("formula");
    const QString plain = QStringLiteral("code\n y = x");
    QTest::newRow("a layer named as a keyword") << QStringLiteral("return") << plain;
    QTest::newRow("a layer that begins with a digit") << QStringLiteral("1.0") << plain;
    QTest::newRow("a layer without a name") << QString() << plain;
    QTest::newRow("a layer that ends the comment") << QStringLiteral("*/ #error \\") << plain;
    QTest::newRow("a layer of two lines")
        << QStringLiteral("a\nimport os\n#include <none>") << plain;
    QTest::newRow("a layer in another script") << QStringLiteral("слой 卷积") << plain;
    QTest::newRow("a title that would go on") << QStringLiteral("bn")
                                              << QStringLiteral("title a ?"
                                                                "?/ \\\ncode\n y = x");
    QTest::newRow("names that are words of C and Python")
        << QStringLiteral("bn")
        << QStringLiteral("channel\nint = f32(mean) * 2\nlambda = int + 1\nqbn_add_i64 = lambda + "
                          "1\nrintf = qbn_add_i64 "
                          "+ 1\nnp = rintf + 1\n_min = np + 1\nbn = _min + 1\ncodes = "
                          "bn\ncode\ncode_ = x + 1\nchar = code_ + z_in\n"
                          "int_ = char + 1\ny = to_code(rint(bn + codes + f32(int_)), z_out)");
    QTest::newRow("a name that looks made")
        << QStringLiteral("bn")
        << QStringLiteral("code\na_1 = x + 1\na = (x + 2) * a_1\nb = a\ny = (b + a_1) * 3 + a");
    QTest::newRow("a formula over several lines, with comments")
        << QStringLiteral("bn")
        << QStringLiteral("code\ny = clamp(x, # one */ \\\n  qmin,\n qmax)");
    QTest::newRow("a formula of no code")
        << QStringLiteral("bn") << QStringLiteral("code\n y = z_out");
}

void TestExport::aNameFromOutsideDoesNoHarm()
{
    QFETCH(QString, layer);
    QFETCH(QString, formula);
    BatchNormLayer of = wildLayer(quint8_type, quint8_type, false);
    of.name = layer.toStdString();
    const auto backend = add_backend("mine", formula.toStdString());
    QVERIFY2(backend, backend ? "" : backend.error().message.c_str());
    const CodeRequest request{of, **backend, std::nullopt, {}};
    QCOMPARE(firstDifference(printedCodes(request), m_code.printedBy(CodeFormat::c, request, gcc)),
             QString());
    QCOMPARE(firstDifference(printedCodes(request), m_code.printedBy(CodeFormat::numpy, request)),
             QString());
}

QBN_TEST(TestExport)
#include "tst_export.moc"
