#pragma once

#include "core/formats/open_model.h"
#include "core/layer/batch_norm.h"
#include "tests/support/npy_values.h"

#include <QFile>
#include <QTest>

#include <cstdint>
#include <optional>
#include <vector>

namespace qbn::test {

inline QString dataPath(const QString& name)
{
    return QStringLiteral(QBN_TEST_DATA "/") + name;
}

#ifdef __SANITIZE_ADDRESS__
constexpr bool allGoldenSessions = false;
#else
constexpr bool allGoldenSessions = true;
#endif

/// The sessions in tests/data/golden whose codes real frameworks computed. With AddressSanitizer
/// some of them do: it is slow, and looks at memory and not at codes.
inline QStringList goldenSessions()
{
    if (!allGoldenSessions)
        return {QStringLiteral("forum"), QStringLiteral("lanes"), QStringLiteral("pairs")};
    return {QStringLiteral("forum"), QStringLiteral("ocr_cls"), QStringLiteral("ocr_quantized"),
            QStringLiteral("hard"),  QStringLiteral("lanes"),   QStringLiteral("lanes16"),
            QStringLiteral("pairs")};
}

/// A session of tests/data/golden. Fails the test and gives an empty model if it cannot be read.
inline Model goldenModel(const QString& session)
{
    Result<Model> model = open_model(dataPath(QStringLiteral("golden/%1.json").arg(session)));
    if (model)
        return *model;
    QTest::qFail(model.error().message.c_str(), __FILE__, __LINE__);
    return {};
}

struct GoldenCodes
{
    std::vector<std::int64_t> shape;
    std::vector<double> values; ///< in C order
};

/// The codes, shape (C, 256), that a framework gave for a layer; nothing if it was not run on it.
inline std::optional<GoldenCodes> goldenCodes(const QString& session, std::size_t layer,
                                              std::string_view backend)
{
    QFile file(dataPath(
        QStringLiteral("golden/%1.%2.%3.npy")
            .arg(session)
            .arg(layer)
            .arg(QString::fromUtf8(backend.data(), static_cast<qsizetype>(backend.size())))));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray bytes = file.readAll();
    const Result<NpyArray> array = read_npy(bytes);
    if (array)
        return GoldenCodes{.shape = array->shape, .values = npyValues(*array)};
    QTest::qFail(array.error().message.c_str(), __FILE__, __LINE__);
    return std::nullopt;
}

} // namespace qbn::test
