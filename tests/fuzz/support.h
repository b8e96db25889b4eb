#pragma once

#include "core/layer/batch_norm.h"
#include "core/text/result.h"

#include <QByteArray>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace qbn::fuzz {

/// Ends the program with the sentence, as a crash would, unless it holds. Thus the fuzzer keeps the
/// input.
void require(bool holds, std::string_view sentence);

/// The input as the readers take it.
inline QByteArray bytesOf(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)};
}
inline std::string_view textOf(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// One line of valid UTF-8 that is not empty: no control characters, no line or paragraph
/// separators, nothing that turns the direction of writing.
void requireSentence(std::string_view text);

/// The sentence is one, and no longer than a person reads.
void requireError(const Error& error);

/// Every layer is whole: as many values in each array, one at least, and observations that can be
/// explained or are refused. What write_session makes of it reads back equal and is written equal.
void requireModel(const Model& model);

/// The error of a reader is a sentence, its model is whole.
void requireModelOrError(const Result<Model>& result);

/// A file that lives in memory, for readers that take a path.
class MemoryFile
{
public:
    explicit MemoryFile(std::string_view content);
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile();

    QString path() const;

private:
    int m_descriptor = -1;
};

} // namespace qbn::fuzz
