#pragma once

#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <stop_token>

namespace qbn {

/// Sessions are JSON (RFC 8259), UTF-8:
///     {"format": "qbn-session", "version": 1, "name": ..., "layers": [
///         {"name": ..., "eps": ..., "relu": false,
///          "input": {"type": "quint8", "scale": ..., "zero_point": ...},
///          "output": {...},
///          "intermediate": {"gain": {...}, "offset": {...}, "product": {...}},
///          "mean": [...], "var": [...], "gamma": [...], "beta": [...],
///          "observations": [[channel, input_code, output_code], ...],
///          "provenance": {...}}],
///      "backend": "pytorch"}
/// Numbers are binary64 with the shortest digits that read back to the same bits. What JSON has no
/// number for is text: "inf", "-inf", "nan", and "nan(0x7ff8000000000001)" for a NaN of other bits
/// than the usual ones. "provenance" has an entry for each field that is not simply from a file,
///     "eps": {"origin": "default", "note": "..."},
///     "mean": {"origin": "file", "channels": {"1": {"origin": "typed"}}}
/// and a field without one has the origin `file` and an empty note. "intermediate" stands where the layer has one
/// (core/layer/quantization.h).

/// Reads a session. All keys but name (of the session; the file's name then), backend, intermediate,
/// observations and provenance are required, unknown ones are passed over; mean, var, gamma and beta need the
/// same number of values, one or more; zero points are whole numbers of 32 bits, in the type's
/// range or not; layers may share a name; the text may have a byte order mark. The first error is
/// told as `name_for_errors`, ": ", the place and what is wrong there; for text that is no JSON the
/// place is a line and a column (in characters), both counted from 1.
Result<Model> read_session(const QByteArray& json, const QString& name_for_errors,
                           const std::stop_token& stop = {});

/// The session's text. read_session gives the same model for it, bit for bit, and write_session the
/// same bytes again. Requires: names and notes are UTF-8.
QByteArray write_session(const Model& model);

/// Writes write_session(model) to a file, which has its old content until all of the new is on the
/// disk. The error begins with the path.
std::optional<Error> save_session(const Model& model, const QString& path);

} // namespace qbn
