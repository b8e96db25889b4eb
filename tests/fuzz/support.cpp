#include "tests/fuzz/support.h"

#include "core/formats/session/session_json.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace qbn::fuzz {

namespace {

constexpr std::size_t longestError = 1000;

bool turnsDirection(char16_t character)
{
    return character == 0x061c || character == 0x200e || character == 0x200f
        || (character >= 0x202a && character <= 0x202e)
        || (character >= 0x2066 && character <= 0x2069);
}

} // namespace

void require(bool holds, std::string_view sentence)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(sentence.size()),
                 sentence.data());
    std::abort();
}

void requireSentence(std::string_view text)
{
    require(!text.empty(), "a sentence has words");
    const QString decoded = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    bool isPlain = decoded.toUtf8() == QByteArray(text.data(), static_cast<qsizetype>(text.size()));
    for (const QChar character : decoded) {
        isPlain = isPlain && character.category() != QChar::Other_Control
            && character != QChar::LineSeparator && character != QChar::ParagraphSeparator
            && !turnsDirection(character.unicode());
    }
    require(isPlain, "a sentence is one line of plain text: " + std::string(text));
}

void requireError(const Error& error)
{
    requireSentence(error.message);
    require(error.message.size() <= longestError, "an error can be read: " + error.message);
}

void requireModel(const Model& model)
{
    require(!model.layers.empty(), "a model has layers");
    for (const auto& layer : model.layers) {
        const auto count = layer->mean.size();
        require(count >= 1 && layer->var.size() == count && layer->gamma.size() == count
                    && layer->beta.size() == count,
                "arrays are of equal length");
    }
    const QByteArray written = write_session(model);
    const auto again = read_session(written, QStringLiteral("session.json"));
    require(bool(again), "a written session is read");
    require(*again == model, "a written session reads back equal");
    require(write_session(*again) == written, "a session is written alike again");
}

void requireModelOrError(const Result<Model>& result)
{
    if (result)
        requireModel(*result);
    else
        requireError(result.error());
}

MemoryFile::MemoryFile(std::string_view content)
    : m_descriptor(memfd_create("fuzz", MFD_CLOEXEC))
{
    require(m_descriptor >= 0
                && write(m_descriptor, content.data(), content.size())
                    == static_cast<ssize_t>(content.size()),
            "a file in memory can be written");
}

MemoryFile::~MemoryFile()
{
    close(m_descriptor);
}

QString MemoryFile::path() const
{
    return QStringLiteral("/proc/self/fd/%1").arg(m_descriptor);
}

} // namespace qbn::fuzz
