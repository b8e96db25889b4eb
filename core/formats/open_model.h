#pragma once

#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <QByteArray>
#include <QString>

#include <stop_token>

namespace qbn {

/// Reads the layers of a file. What the file is, is told from its content, never from its name; format_list.cpp has the list.
/// The model has the file's name without the suffix, unless the file says another.
/// The file is mapped into memory, so of a checkpoint only what the batch norms need is read. At
/// most 2 GiB, a session at most 256 MiB.
/// An error is one sentence: the path as given, ": ", and what is wrong where. For files of other
/// programs that are recognised (a NumPy array, a tar archive) it says what they are and what to do instead. So it is if a stop was requested while it read.
Result<Model> open_model(const QString& path, const std::stop_token& stop = {});

/// The same for a file's content that is in memory already; `path` is what errors and the model's
/// name are made of.
Result<Model> read_model(const QByteArray& bytes, const QString& path,
                         const std::stop_token& stop = {});

} // namespace qbn
