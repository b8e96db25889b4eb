#pragma once

#include "core/backends/bound_backend.h"

#include <QByteArray>
#include <QFile>
#include <QString>

#include <vector>

namespace qbn::test {

/// A shell script in the place of an interpreter, `body` is what it does.
inline QString writeFakePython(const QString& path, const QByteArray& body)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write("#!/bin/sh\n" + body + "\n");
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return path;
}

/// The codes of a layer as an operator's answer.
inline QByteArray answerOf(const QByteArray& name, const std::vector<std::int32_t>& codes)
{
    QByteArray bytes;
    for (const std::int32_t code : codes)
        bytes.append(static_cast<char>(code));
    return R"({"operator": ")" + name + R"(", "layer": 0, "codes": ")" + bytes.toHex() + "\"}\n";
}

inline std::vector<std::int32_t> allCodes(const char* backend, const BatchNormLayer& layer)
{
    std::vector<std::int32_t> codes;
    BoundBackend bound(*find_backend(backend), layer);
    for (int channel = 0; channel < layer.channels(); ++channel) {
        const std::vector<std::int32_t> some = bound.codes(channel);
        codes.insert(codes.end(), some.begin(), some.end());
    }
    return codes;
}

/// The script that writes these answers, as that of a PyTorch of a version on a processor.
inline QByteArray answering(const QByteArray& torch, const QByteArray& answers,
                            const QByteArray& capability = "AVX2")
{
    return "cat <<'END'\n{\"found\": {\"python\": \"3.11.2\", \"torch\": \"" + torch
        + R"(", "capability": ")" + capability + "\", \"fbgemm\": true}}\n" + answers
        + "{\"done\": true}\nEND";
}

} // namespace qbn::test
