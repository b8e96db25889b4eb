#include "core/backends/backend.h"
#include "core/backends/bound_backend.h"
#include "core/formats/json/json_document.h"
#include "core/formats/torch/export_graph.h"
#include "core/formats/torch/script_code.h"
#include "tests/support/format_files.h"
#include "tests/support/npy_values.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

QString described(const BatchNormLayer& layer, Field field)
{
    const Provenance& provenance = layer.provenance.of(field);
    const std::string_view name = name_of(provenance.origin);
    return QStringLiteral("%1: %2").arg(
        QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())),
        QString::fromStdString(provenance.note));
}

Modules modulesOf(const QByteArray& nodes)
{
    const QByteArray program = R"({"graph_module": {"graph": {"nodes": [)" + nodes
        + R"(]}, "signature": {"input_specs": [{"buffer": {"arg": {"name": "m"},
              "buffer_name": "bn.running_mean"}}]}}})";
    const auto document
        = JsonDocument::parse({program.constData(), static_cast<std::size_t>(program.size())});
    return document ? modules_of_graph(document->root(), "model.json") : Modules{};
}

QByteArray node(const char* target, const char* input, const char* output, const char* more = "")
{
    return QByteArray(R"({"target": "torch.ops.)") + target + R"(.default", "inputs": [{"name": ")"
        + (QByteArray(target).endsWith("relu") ? "self" : "input")
        + R"(", "arg": {"as_tensor": {"name": ")" + input + R"("}}})" + more
        + R"(], "outputs": [{"as_tensor": {"name": ")" + output + R"("}}]})";
}

constexpr const char* batchNorm = "aten.batch_norm";
constexpr const char* mean = R"(, {"name": "running_mean", "arg": {"as_tensor": {"name": "m"}}},
    {"name": "eps", "arg": {"as_float": 0.5}})";
constexpr const char* range = R"(, {"name": "scale", "arg": {"as_float": 0.25}},
    {"name": "zero_point", "arg": {"as_int": 3}}, {"name": "quant_min", "arg": {"as_int": 0}},
    {"name": "quant_max", "arg": {"as_int": 15}})";
constexpr const char* otherRange = R"(, {"name": "scale", "arg": {"as_float": 0.5}},
    {"name": "zero_point", "arg": {"as_int": 3}}, {"name": "quant_min", "arg": {"as_int": -127}},
    {"name": "quant_max", "arg": {"as_int": 127}})";
constexpr const char* quantizeOp = "quantized_decomposed.quantize_per_tensor";
constexpr const char* dequantizeOp = "quantized_decomposed.dequantize_per_tensor";

} // namespace

class TestPrograms : public QObject
{
    Q_OBJECT

private slots:
    void epsOfEachLayerIsRead_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("note"); // of the first layer
        const QString batchNorm2d
            = QStringLiteral("file: the module's class, torch.nn.modules.batchnorm.BatchNorm2d");
        QTest::newRow("a whole module") << "module.pt" << batchNorm2d;
        QTest::newRow("a whole module in the form from before PyTorch 1.6")
            << "module.legacy.pt" << batchNorm2d;
        QTest::newRow("a whole module beside an epoch, a NumPy number and the optimizer")
            << "module_in_training.pt" << batchNorm2d;
        QTest::newRow("torch.jit.script")
            << "script.pt" << "file: script/code/__torch__/torch/nn/modules/batchnorm.py";
        QTest::newRow("torch.export") << "float.pt2" << "file: float/models/model.json";
    }

    void epsOfEachLayerIsRead()
    {
        QFETCH(QString, file);
        QFETCH(QString, note);
        const Model model = modelOf(QStringLiteral("checkpoints/") + file);
        QCOMPARE(model.layers.size(), std::size_t{3});
        QCOMPARE(model.layers[0]->name, std::string("bn"));
        QCOMPARE(model.layers[1]->name, std::string("layer.0"));
        QCOMPARE(model.layers[2]->name, std::string("layer.2"));
        QCOMPARE(model.layers[0]->eps, 1e-3);
        QCOMPARE(model.layers[1]->eps, 1e-5);
        QCOMPARE(model.layers[2]->eps, 2e-5);
        QCOMPARE(described(*model.layers[0], Field::eps), note);
        QCOMPARE(described(*model.layers[2], Field::gamma),
                 QStringLiteral("default: no weight in the file (affine=False?)"));
    }

    void aTraceSaysTheEpsOfItsCalls()
    {
        const Model model = modelOf(QStringLiteral("checkpoints/trace.pt"));
        QCOMPARE(model.layers.size(), std::size_t{3});
        QCOMPARE(model.layers[0]->eps, 1e-3);
        QCOMPARE(model.layers[2]->eps, 2e-5);
    }

    // What the file says has to be right to the last bit: the real module's codes are the witness.
    void theRealModulesCodesComeOut_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("layer");
        QTest::addColumn<QString>("codes");
        QTest::addColumn<QString>("backend");
        QTest::addColumn<bool>("relu");
        for (const char* file :
             {"quantized_module.pt", "quantized_script.pt", "quantized_trace.pt"}) {
            QTest::addRow("batch norm of %s", file)
                << file << 0 << "quantized.bn.npy" << "pytorch" << false;
            QTest::addRow("batch norm with ReLU of %s", file)
                << file << 1 << "quantized.bn2.npy" << "pytorch" << true;
        }
        for (const char* file : {"quantized.pt2", "quantized_core.pt2"})
            QTest::addRow("batch norm of %s", file)
                << file << 0 << "quantized_pt2.npy" << "pytorch-decomposed" << true;
    }

    void theRealModulesCodesComeOut()
    {
        QFETCH(QString, file);
        QFETCH(int, layer);
        QFETCH(QString, codes);
        QFETCH(QString, backend);
        QFETCH(bool, relu);
        const Model model = modelOf(QStringLiteral("checkpoints/") + file);
        QVERIFY(model.layers.size() > static_cast<std::size_t>(layer));
        const BatchNormLayer& read = *model.layers[static_cast<std::size_t>(layer)];
        QCOMPARE(model.backend,
                 file.endsWith(QStringLiteral(".pt2")) ? backend.toStdString() : std::string());
        QCOMPARE(read.relu, relu);
        QCOMPARE(read.provenance.of(Field::eps).origin, Origin::file);
        QCOMPARE(read.provenance.of(Field::relu).origin, Origin::file);
        const QByteArray bytes = bytesOf(QStringLiteral("checkpoints/") + codes);
        const auto array = read_npy(bytes);
        QVERIFY(array);
        const std::vector<double> golden = npyValues(*array);
        QCOMPARE(golden.size(), std::size_t{3 * 256});
        const Backend* const used = find_backend(backend.toStdString());
        QVERIFY(used != nullptr);
        BoundBackend bound(*used, read);
        for (int channel = 0; channel < 3; ++channel) {
            const std::vector<std::int32_t> computed = bound.codes(channel);
            const auto first = golden.begin() + std::ptrdiff_t{256} * channel;
            QCOMPARE(std::vector<double>(computed.begin(), computed.end()),
                     std::vector<double>(first, first + 256));
        }
    }

    // A state_dict of quantization-aware training: scales and ranges are those of its fake quantizers.
    void aTrainedModelsCodesComeOut_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("layer");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("type");
        QTest::newRow("a batch norm") << "qat" << 0 << "bn" << "quant" << "quint7";
        QTest::newRow("a batch norm with ReLU") << "qat" << 1 << "pair.0" << "bn" << "quint7";
        QTest::newRow("a batch norm of a graph")
            << "qat_fx" << 0 << "bn" << "activation_post_process_0" << "quint8";
        QTest::newRow("a batch norm with ReLU of a graph")
            << "qat_fx" << 1 << "pair.0" << "activation_post_process_1" << "quint8";
    }

    void aTrainedModelsCodesComeOut()
    {
        QFETCH(QString, file);
        QFETCH(int, layer);
        QFETCH(QString, name);
        QFETCH(QString, input);
        QFETCH(QString, type);
        const Model model = modelOf(QStringLiteral("checkpoints/%1.pt").arg(file));
        QCOMPARE(model.layers.size(), std::size_t{2});
        QCOMPARE(model.backend, std::string("pytorch-fake-quantize"));
        const BatchNormLayer& read = *model.layers[static_cast<std::size_t>(layer)];
        QCOMPARE(QString::fromStdString(read.name), name);
        QCOMPARE(read.relu, layer == 1);
        QCOMPARE(name_of(read.input.type), type.toStdString());
        QCOMPARE(name_of(read.output.type), type.toStdString());
        QCOMPARE(
            described(read, Field::input_scale),
            QStringLiteral("inferred: output of \"%1\", the entry before; key order suggests it")
                .arg(input));
        QCOMPARE(read.provenance.of(Field::output_scale).origin,
                 file == QStringLiteral("qat") ? Origin::file : Origin::inferred);
        QCOMPARE(read.provenance.of(Field::output_type).origin, Origin::inferred);
        const QByteArray bytes = bytesOf(QStringLiteral("checkpoints/%1.%2.npy").arg(file, name));
        const auto array = read_npy(bytes);
        QVERIFY(array);
        const std::vector<double> golden = npyValues(*array);
        QCOMPARE(golden.size(), static_cast<std::size_t>(3 * read.input.type.count()));
        BoundBackend bound(*find_backend(model.backend), read);
        std::vector<double> computed;
        for (int channel = 0; channel < 3; ++channel) {
            const std::vector<std::int32_t> codes = bound.codes(channel);
            computed.insert(computed.end(), codes.begin(), codes.end());
        }
        QCOMPARE(computed, golden);
    }

    void typesComeFromTheQuantizingModule()
    {
        const Model model = modelOf(QStringLiteral("checkpoints/quantized_module.pt"));
        QCOMPARE(
            described(*model.layers[0], Field::input_type),
            QStringLiteral("file: the module's class, torch.ao.nn.quantized.modules.Quantize"));
        QCOMPARE(described(*model.layers[1], Field::input_type),
                 QStringLiteral("inferred: PyTorch's batch norm keeps its input's type"));
    }

    void aGraphModuleOpens()
    {
        const Model model = modelOf(QStringLiteral("checkpoints/graph_module.pt"));
        QCOMPARE(model.layers.size(), std::size_t{2});
        QCOMPARE(model.layers[0]->eps, 1e-4);
        QCOMPARE(described(*model.layers[0], Field::input_scale),
                 QStringLiteral("file: bn_input_scale_0"));
        QVERIFY(model.layers[1]->relu);
    }

    void codeOfAClass_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<double>("eps"); // 0 for none
        QTest::newRow("a constant beside another class's") << QByteArray(
            "class A(Module):\n  eps : Final[float] = 0.5\nclass B(Module):\n"
            "  eps : Final[float] = 0.25\n  def forward(self) -> int:\n    return 1\n")
                                                           << 0.25;
        QTest::newRow("the class that is asked for has none") << QByteArray(
            "class A(Module):\n  eps : Final[float] = 0.5\nclass B(Module):\n  x : int\n")
                                                              << 0.0;
        QTest::newRow("two calls with the same") << QByteArray(
            "class B(Module):\n  y = torch.batch_norm(x, w, b, m, v, False, 0.1, 0.125, True)\n"
            "  z = torch.batch_norm(f(x, [1, 2]), w, b, m, v, False, 0.1, 0.125, True)\n")
                                                 << 0.125;
        QTest::newRow("two calls that differ") << QByteArray(
            "class B(Module):\n  y = torch.batch_norm(x, w, b, m, v, False, 0.1, 0.125, True)\n"
            "  z = torch.batch_norm(y, w, b, m, v, False, 0.1, 0.25, True)\n")
                                               << 0.0;
        QTest::newRow("a variable in its place") << QByteArray(
            "class B(Module):\n  y = torch.batch_norm(x, w, b, m, v, False, 0.1, eps, True)\n")
                                                 << 0.0;
        QTest::newRow("a call cut short")
            << QByteArray("class B(Module):\n  y = torch.batch_norm(x, w, b, m") << 0.0;
        QTest::newRow("no such class")
            << QByteArray("class Bn(Module):\n  eps : Final[float] = 1\n") << 0.0;
        QTest::newRow("nothing") << QByteArray() << 0.0;
    }

    void codeOfAClass()
    {
        QFETCH(QByteArray, code);
        QFETCH(double, eps);
        const ModuleFacts facts
            = read_script_class({code.constData(), static_cast<std::size_t>(code.size())}, "B");
        QCOMPARE(facts.eps.value_or(0), eps);
    }

    void rangesStandBesideTheBatchNorm()
    {
        const Modules modules = modulesOf(
            node(dequantizeOp, "q", "x", range) + ',' + node(batchNorm, "x", "y", mean) + ','
            + node("aten.relu", "y", "r") + ',' + node(quantizeOp, "r", "z", range));
        QCOMPARE(modules.size(), std::size_t{1});
        const ModuleFacts& facts = modules.at("bn.");
        const QuantizationParameters expected{{false, 4}, 0.25, 3};
        QCOMPARE(facts.eps, std::optional(0.5));
        QVERIFY(facts.input == expected);
        QVERIFY(facts.output == expected);
        QCOMPARE(facts.relu, std::optional(true));
    }

    void whatIsNotCertainIsLeftOut_data()
    {
        QTest::addColumn<QByteArray>("nodes");
        const QByteArray layer = node(batchNorm, "x", "y", mean);
        QTest::newRow("two readers that quantize differently") << layer + ','
                + node(quantizeOp, "y", "a", range) + ',' + node(quantizeOp, "y", "b", otherRange);
        QTest::newRow("one reader that does not quantize")
            << layer + ',' + node(quantizeOp, "y", "a", range) + ',' + node("aten.add", "y", "b");
        QTest::newRow("a range of no type") << node(dequantizeOp, "q", "x", otherRange) + ','
                + layer + ',' + node(quantizeOp, "y", "a", otherRange);
        QTest::newRow("a ReLU beside another reader") << layer + ',' + node("aten.relu", "y", "r")
                + ',' + node("aten.add", "y", "b") + ',' + node(quantizeOp, "r", "z", range);
        QTest::newRow("nodes that are no objects") << layer + ",1,[],\"x\",null";
    }

    void whatIsNotCertainIsLeftOut()
    {
        QFETCH(QByteArray, nodes);
        const Modules modules = modulesOf(nodes);
        QCOMPARE(modules.size(), std::size_t{1});
        QVERIFY(!modules.at("bn.").input);
        QVERIFY(!modules.at("bn.").output);
        QCOMPARE(modules.at("bn.").relu, std::optional(false));
    }

    void aBatchNormInTrainingIsNotRead()
    {
        QVERIFY(modulesOf(node(batchNorm, "x", "y",
                               R"(, {"name": "running_mean", "arg": {"as_tensor": {"name": "m"}}},
                                  {"name": "training", "arg": {"as_bool": true}})"))
                    .empty());
    }
};

QBN_TEST(TestPrograms)
#include "tst_programs.moc"
