#pragma once

#include "core/text/result.h"

#include "onnx.pb.h"

#include <QByteArray>
#include <QString>

#include <cstdint>

namespace qbn {

/// The `size` bytes of a tensor that its model keeps in another file. That has to lie in the model's folder or below it: a path
/// with .. in it, an absolute one, and one that a symbolic link leads out of the folder are refused.
Result<QByteArray> read_external_data(const onnx::TensorProto& tensor, std::uint64_t size,
                                      const QString& model_path);

} // namespace qbn
