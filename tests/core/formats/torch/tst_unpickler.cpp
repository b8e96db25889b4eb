#include "core/formats/torch/unpickler.h"
#include "tests/support/format_files.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;
using namespace qbn::test;

namespace {

QString between(char open, const QString& text, char close)
{
    return QLatin1Char(open) + text + QLatin1Char(close);
}

// A short form for errors and shapes of values: {"a": (1, 2.5, None)}.
QString shown(PickleRef node)
{
    const auto list = [](const std::vector<PickleRef>& items) {
        QStringList texts;
        for (const PickleRef item : items)
            texts << shown(item);
        return texts.join(QStringLiteral(", "));
    };
    if (const auto* value = node->as<bool>())
        return *value ? QStringLiteral("True") : QStringLiteral("False");
    if (const auto* value = node->as<std::int64_t>())
        return QString::number(*value);
    if (const auto* value = node->as<double>())
        return QString::number(*value, 'g', 17);
    if (const auto* value = node->as<std::string>())
        return between('\'', QString::fromStdString(*value), '\'');
    if (const auto* value = node->as<PickleTuple>())
        return between('(', list(value->items), ')');
    if (const auto* value = node->as<PickleList>())
        return between('[', list(value->items), ']');
    if (const auto* value = node->as<PickleGlobal>())
        return between('<', QString::fromStdString(value->name), '>');
    if (const auto* value = node->as<PickleStorage>())
        return QStringLiteral("%1 %2 of %3")
            .arg(QString::fromStdString(value->type), QString::fromStdString(value->key))
            .arg(value->numel);
    if (const auto* value = node->as<PickleTensor>())
        return QStringLiteral("tensor of rank %1%2")
            .arg(value->shape.size())
            .arg(value->scale ? QStringLiteral(" scale %1").arg(*value->scale) : QString());
    if (const auto* value = node->as<PickleDict>()) {
        QStringList texts;
        for (const auto& [key, item] : value->items)
            texts << shown(key) + QStringLiteral(": ") + shown(item);
        return between('{', texts.join(QStringLiteral(", ")), '}');
    }
    return QStringLiteral("None");
}

QString read(const QByteArray& pickle, const PickleLimits& limits = {})
{
    ByteReader reader({pickle.constData(), static_cast<std::size_t>(pickle.size())});
    const auto result = read_pickle(reader, limits);
    return result ? shown(result->root) : messageOf(result);
}

QByteArray text(const char* content)
{
    const QByteArray bytes(content);
    return QByteArray("X") + static_cast<char>(bytes.size()) + QByteArray(3, '\0') + bytes;
}

QByteArray storageId(const QByteArray& numel = "K\x03")
{
    return "(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + numel + "t";
}

// (storage, 0, (3,), (1,), False, OrderedDict())
QByteArray tensorArguments()
{
    return "(" + storageId() + QByteArray("QK\0K\3\x85K\1\x85\x89", 10) + "}t";
}

const QByteArray rebuild = "ctorch._utils\n_rebuild_tensor_v2\n";

} // namespace

class TestUnpickler : public QObject
{
    Q_OBJECT

private slots:
    void valuesAreBuilt_data()
    {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QString>("value");
        QTest::newRow("None") << QByteArray("\x80\x02N.") << "None";
        QTest::newRow("True and False") << QByteArray("\x88\x89\x86.") << "(True, False)";
        QTest::newRow("a byte") << QByteArray("K\xff.") << "255";
        QTest::newRow("two bytes") << QByteArray("M\xff\xff.") << "65535";
        QTest::newRow("four bytes with a sign") << QByteArray("J\xfe\xff\xff\xff.") << "-2";
        QTest::newRow("a long of no bytes") << QByteArray("\x8a\0.", 3) << "0";
        QTest::newRow("a long of one byte") << QByteArray("\x8a\x01\xff.") << "-1";
        QTest::newRow("a long of eight bytes")
            << QByteArray("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f.") << "9223372036854775807";
        QTest::newRow("a float, highest byte first")
            << QByteArray("G\x3f\xf8\0\0\0\0\0\0.", 10) << "1.5";
        QTest::newRow("text") << QByteArray(text("a\xc3\xa9") + ".") << QStringLiteral("'a\u00e9'");
        QTest::newRow("tuples") << QByteArray(")K\1\x85K\1K\2\x86K\1K\2K\3\x87(K\4tt.").prepend('(')
                                << "((), (1), (1, 2), (1, 2, 3), (4))";
        QTest::newRow("a list") << QByteArray("]K\1a(K\2K\3e.") << "[1, 2, 3]";
        QTest::newRow("a dict in its order")
            << QByteArray("}K\2Ns(K\1NK\3Nu.") << "{2: None, 1: None, 3: None}";
        QTest::newRow("the memo") << QByteArray("K\7q\1h\1r\1\1\0\0j\1\1\0\0\x87.", 18)
                                  << "(7, 7, 7)";
        QTest::newRow("an OrderedDict with attributes")
            << QByteArray("ccollections\nOrderedDict\n)RK\1Ns}" + text("_metadata") + "Nsb.")
            << "{1: None}";
        QTest::newRow("an OrderedDict of pairs")
            << QByteArray("ccollections\nOrderedDict\n](]K\1aK\2aK\3K\4\x86"
                          "e\x85R.")
            << "{1: 2, 3: 4}";
        QTest::newRow("a dtype") << QByteArray("ctorch\nfloat32\n.") << "<torch.float32>";
        QTest::newRow("a layout") << QByteArray("ctorch.serialization\n_get_layout\n"
                                                + text("torch.strided") + "\x85R.")
                                  << "<torch.strided>";
        QTest::newRow("a storage") << QByteArray(storageId() + "Q.") << "FloatStorage 0 of 3";
        QTest::newRow("a tensor") << QByteArray(rebuild + tensorArguments() + "R.")
                                  << "tensor of rank 1";
        QTest::newRow("a parameter") << QByteArray("ctorch._utils\n_rebuild_parameter\n(" + rebuild
                                                   + tensorArguments() + "R\x88}tR.")
                                     << "tensor of rank 1";
        QTest::newRow("a quantized tensor")
            << QByteArray("ctorch._utils\n_rebuild_qtensor\n(" + storageId()
                          + QByteArray("QK\0K\3\x85K\1\x85(", 10) + "ctorch\nper_tensor_affine\n"
                          + QByteArray("G\x3f\xe0\0\0\0\0\0\0K\5t\x89}tR.", 17))
            << "tensor of rank 1 scale 0.5";
    }

    void valuesAreBuilt()
    {
        QFETCH(QByteArray, pickle);
        QFETCH(QString, value);
        QCOMPARE(read(pickle), value);
    }

    void picklesCanFollowEachOther()
    {
        const QByteArray bytes("K\1.K\2.rest");
        ByteReader reader({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        for (const char* expected : {"1", "2"}) {
            const auto pickle = read_pickle(reader);
            QVERIFY2(pickle, qPrintable(messageOf(pickle)));
            QCOMPARE(shown(pickle->root), QLatin1String(expected));
        }
        QCOMPARE(reader.position(), std::size_t{6});
    }

    void whatAStateDictHasNoNeedOfIsRefused_data()
    {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QString>("message");
        QTest::newRow("nothing") << QByteArray() << "byte 0: the pickle ends in the middle";
        QTest::newRow("no STOP") << QByteArray("N") << "byte 1: the pickle ends in the middle";
        QTest::newRow("two values at the end")
            << QByteArray("NN.") << "byte 2: the pickle ends with 2 values instead of one";
        QTest::newRow("no value at the end")
            << QByteArray(".") << "byte 0: the pickle ends with 0 values instead of one";
        QTest::newRow("an open mark at the end")
            << QByteArray("N(.") << "byte 2: the pickle ends with 1 value instead of one";
        QTest::newRow("text cut short")
            << QByteArray("X\5\0\0\0abcd", 9) << "byte 0: the pickle ends in the middle";
        QTest::newRow("text of 4 GiB")
            << QByteArray("X\xff\xff\xff\xff.") << "byte 0: the pickle ends in the middle";
        QTest::newRow("text that is not UTF-8")
            << QByteArray(text("\xff") + ".") << "byte 0: text is not UTF-8";
        QTest::newRow("an integer of 72 bits") << QByteArray("\x8a\x09"
                                                             "123456789.")
                                               << "byte 0: an integer has more than 64 bits";
        QTest::newRow("an empty stack")
            << QByteArray("K\1\x86.")
            << "byte 2: the pickle takes more values than it has put on its stack";
        QTest::newRow("values below a mark")
            << QByteArray("N(\x85.")
            << "byte 2: the pickle takes more values than it has put on its stack";
        QTest::newRow("a memo entry of nothing")
            << QByteArray("q\0.", 3)
            << "byte 0: the pickle takes more values than it has put on its stack";
        QTest::newRow("a memo entry that does not exist")
            << QByteArray("Nq\1h\2.") << "byte 3: memo entry 2 does not exist";
        QTest::newRow("no mark") << QByteArray("Nt.")
                                 << "byte 1: the pickle closes a mark that it has not opened";
        QTest::newRow("appending to a tuple")
            << QByteArray(")Na.") << "byte 2: the pickle appends to something that is not a list";
        QTest::newRow("a key without a value") << QByteArray("}(Nu.")
                                               << "byte 3: the pickle sets items of something that "
                                                  "is not a dict, or a key has no value";
        QTest::newRow("the state of a list")
            << QByteArray("]Nb.")
            << "byte 2: the pickle sets the state of something that is neither a dict nor "
               "an object";
        QTest::newRow("protocol 4") << QByteArray("\x80\x04.")
                                    << "byte 0: pickle protocol 4 is not supported; torch.save "
                                       "writes protocol 2 unless told otherwise";
        QTest::newRow("STACK_GLOBAL") << QByteArray("NN\x93.")
                                      << "byte 2: the pickle opcode STACK_GLOBAL (0x93) does not "
                                         "occur in a state_dict that torch.save wrote";
        QTest::newRow("INST") << QByteArray("(ios\nsystem\n.")
                              << "byte 1: the pickle opcode INST (0x69) does not occur in a "
                                 "state_dict that torch.save wrote";
        QTest::newRow("not an opcode")
            << QByteArray("\xfe.") << "byte 0: 0xfe is not a pickle opcode";
        QTest::newRow("a foreign global")
            << QByteArray("cos\nsystem\n.")
            << "byte 0: it asks Python to load \"os.system\", which a state_dict has no need of, "
               "so the file is refused; nothing of it was run";
        QTest::newRow("a global of torch")
            << QByteArray("ctorch\nload\n.")
            << "byte 0: it asks Python to load \"torch.load\", which a state_dict has no need of, "
               "so the file is refused; nothing of it was run";
        QTest::newRow("a foreign function called")
            << QByteArray("cos\nsystem\n)R.")
            << "byte 0: it asks Python to load \"os.system\", which a state_dict has no need of, "
               "so the file is refused; nothing of it was run";
        QTest::newRow("a foreign function beside an object")
            << QByteArray("(cmy\nNet\n)\x81"
                          "cos\nsystem\nt.")
            << "byte 11: it asks Python to load \"os.system\", which a state_dict has no need "
               "of, so the file is refused; nothing of it was run";
        QTest::newRow("a class called after an object was made of it")
            << QByteArray("cmy\nNet\nq\0)\x81"
                          "0h\0)R.",
                          18)
            << "byte 16: the arguments of \"my.Net\" are not those that torch.save writes";
        QTest::newRow("an object made with arguments")
            << QByteArray("cmy\nNet\nN\x85\x81.")
            << "byte 10: the pickle gives \"my.Net\" arguments as it makes one, which a module "
               "has no need of";
        QTest::newRow("an object of a number")
            << QByteArray("K\1)\x81.")
            << "byte 3: the pickle makes an object of something that is not a class";
        QTest::newRow("a module split elsewhere")
            << QByteArray("ctorch._utils._rebuild\ntensor_v2\n.")
            << "byte 0: it asks Python to load \"torch._utils._rebuild.tensor_v2\", which a "
               "state_dict has no need of, so the file is refused; nothing of it was run";
        QTest::newRow("a global cut short")
            << QByteArray("ctorch\nfloat32") << "byte 0: the pickle ends in the middle";
        QTest::newRow("calling a dtype")
            << QByteArray("ctorch\nfloat32\n)R.")
            << "byte 16: the arguments of \"torch.float32\" are not those that torch.save writes";
        QTest::newRow("calling a number")
            << QByteArray("K\1)R.") << "byte 3: the pickle calls something that is not a function";
        QTest::newRow("a tensor without arguments")
            << QByteArray(rebuild + ")R.")
            << "byte 34: the arguments of \"torch._utils._rebuild_tensor_v2\" are not those that "
               "torch.save writes";
        QTest::newRow("a persistent id that is a number")
            << QByteArray("K\1Q.") << "byte 2: a persistent id does not name a storage";
        QTest::newRow("a storage of negative size")
            << QByteArray(storageId("J\xff\xff\xff\xff") + "Q.")
            << "byte 53: a persistent id does not describe a storage as torch.save does";
    }

    void whatAStateDictHasNoNeedOfIsRefused()
    {
        QFETCH(QByteArray, pickle);
        QFETCH(QString, message);
        QCOMPARE(read(pickle), message);
    }

    void everyPrefixIsAnError()
    {
        const QByteArray pickle = "\x80\x02" + rebuild + tensorArguments() + "R.";
        QCOMPARE(read(pickle), QStringLiteral("tensor of rank 1"));
        for (qsizetype size = 0; size < pickle.size(); ++size)
            QVERIFY(read(pickle.left(size)).startsWith(QStringLiteral("byte ")));
    }

    void operationsAndDepthAreLimited()
    {
        QCOMPARE(read(QByteArray("NNNN\x87\x86."), {.operations = 6, .depth = 9}),
                 QStringLiteral("byte 6: the pickle has more than 6 operations"));
        QCOMPARE(read(QByteArray(")\x85\x85."), {.operations = 9, .depth = 1}),
                 QStringLiteral("byte 2: values are nested more than 1 level deep"));
        QCOMPARE(read(QByteArray("]]]aa."), {.operations = 9, .depth = 1}),
                 QStringLiteral("byte 4: values are nested more than 1 level deep"));
    }
};

QBN_TEST(TestUnpickler)
#include "tst_unpickler.moc"
