#pragma once

#include "core/formats/open_model.h"
#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <QFile>
#include <QString>
#include <QTest>

namespace qbn::test {

inline QString filePath(const QString& name)
{
    return QStringLiteral(QBN_TEST_DATA "/") + name;
}

/// A file of tests/data. Fails the test and gives nothing if it cannot be read.
inline QByteArray bytesOf(const QString& name)
{
    QFile file(filePath(name));
    if (file.open(QIODevice::ReadOnly))
        return file.readAll();
    QTest::qFail(qPrintable(QStringLiteral("%1 cannot be read").arg(file.fileName())), __FILE__,
                 __LINE__);
    return {};
}

/// The model of a file of tests/data. Fails the test and gives an empty one if it cannot be opened.
inline Model modelOf(const QString& name)
{
    Result<Model> model = open_model(filePath(name));
    if (model)
        return *std::move(model);
    QTest::qFail(model.error().message.c_str(), __FILE__, __LINE__);
    return {};
}

/// The error's message, or "no error".
template <typename T> QString messageOf(const Result<T>& result)
{
    return result ? QStringLiteral("no error") : QString::fromStdString(result.error().message);
}

/// The same numbers, bit for bit, whatever their provenance and the model's name.
inline bool sameNumbers(const Model& a, const Model& b)
{
    const auto plain = [](const BatchNormLayer& layer) {
        BatchNormLayer copy = layer;
        copy.provenance = {};
        return copy;
    };
    return a.layers.size() == b.layers.size()
        && std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(),
                      [&](const auto& x, const auto& y) { return plain(*x) == plain(*y); });
}

} // namespace qbn::test
