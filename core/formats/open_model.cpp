#include "core/formats/open_model.h"

#include "core/formats/bytes/byte_reader.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/session/question_card.h"
#include "core/formats/session/session_json.h"
#include "core/formats/torch/layer_finder.h"
#include "core/formats/torch/torch_checkpoint.h"
#include "core/formats/torch/zip_archive.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <string_view>
#include <vector>

namespace qbn {

namespace {

constexpr qint64 gibibyte = 1024LL * 1024 * 1024;
constexpr qint64 session_limit = gibibyte / 4;

constexpr std::string_view save_state_dict = "save model.state_dict() with torch.save instead";

bool ends_with(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

Result<Checkpoint> open_zip(const QByteArray& bytes, const std::stop_token& stop)
{
    const auto archive = ZipArchive::open(bytes);
    if (!archive)
        return archive.error();
    std::vector<std::string_view> pickles;
    bool is_script = false;
    bool is_npz = false;
    for (const ZipMember& member : archive->members()) {
        if (ends_with(member.name, "/data.pkl"))
            pickles.push_back(member.name);
        is_script = is_script || ends_with(member.name, "/constants.pkl");
        is_npz = is_npz || ends_with(member.name, ".npy");
    }
    if (is_script)
        return Error{"it is a TorchScript program, not a state_dict; "
                     + std::string(save_state_dict)};
    if (pickles.size() == 1)
        return read_torch_zip(*archive, pickles.front(), stop);
    if (pickles.size() > 1)
        return Error{"the zip archive has " + std::to_string(pickles.size())
                     + " members data.pkl, a torch.save file has one"};
    if (is_npz)
        return Error{"it is a NumPy .npz archive, which says nothing about layers; "
                     + std::string(save_state_dict)};
    return Error{"it is a zip archive, but no torch.save file: it has no member */data.pkl"};
}

bool looks_like_json(std::string_view bytes)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (bytes.substr(0, byte_order_mark.size()) == byte_order_mark)
        bytes.remove_prefix(byte_order_mark.size());
    const std::size_t start = bytes.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && (bytes[start] == '{' || bytes[start] == '[');
}

bool looks_like_safetensors(std::string_view bytes)
{
    ByteReader reader(bytes);
    const auto length = reader.little<std::uint64_t>();
    return length && *length >= 2 && *length <= reader.remaining()
        && reader.little<std::uint8_t>() == '{';
}

// ModelProto: field 1, ir_version, a small varint; then a producer name or graph as a
// length-delimited field.
bool looks_like_onnx(std::string_view bytes)
{
    ByteReader reader(bytes);
    const auto tag = reader.little<std::uint8_t>();
    const auto version = reader.little<std::uint8_t>();
    const auto next = reader.little<std::uint8_t>();
    return tag == 0x08 && version && *version < 0x40 && next
        && (*next == 0x12 || *next == 0x3a || *next == 0x42);
}

Error not_a_model(std::string_view bytes)
{
    const auto at = [bytes](std::size_t offset, std::string_view text) {
        return bytes.size() >= offset && bytes.substr(offset, text.size()) == text;
    };
    const std::string instead(save_state_dict);
    if (bytes.empty())
        return {"it is empty"};
    if (at(0, "\x93NUMPY"))
        return {"it is a NumPy array, which says nothing about layers; " + instead};
    if (at(257, "ustar"))
        return {
            "it is a tar archive (PyTorch before 0.1.10 wrote such files); load it in PyTorch and "
            + instead};
    if (at(4, "TFL3"))
        return {"it is a TensorFlow Lite model, which is not supported; " + instead};
    if (at(0, "\x89HDF\r\n"))
        return {"it is an HDF5 file, which is not supported; " + instead};
    if (looks_like_safetensors(bytes))
        return {"it is a safetensors file, which is not supported; load it in PyTorch and "
                + instead};
    if (looks_like_onnx(bytes))
        return {"it is an ONNX model, which is not supported; " + instead};
    if (bytes.front() == '\x80')
        return {"it is a Python pickle, but not one that torch.save wrote; " + instead};
    return {"it is neither a session (JSON) nor a file that torch.save wrote"};
}

bool is_zip(const QByteArray& bytes)
{
    return bytes.startsWith("PK\x03\x04") || bytes.startsWith("PK\x05\x06");
}

Result<Model> layers_of(const Result<Checkpoint>& checkpoint, const QString& path,
                        const std::stop_token& stop)
{
    if (!checkpoint)
        return checkpoint.error();
    return find_layers(*checkpoint, QFileInfo(path).completeBaseName().toStdString(), stop);
}

Result<Model> read_checkpoint(const QByteArray& bytes, const QString& path,
                              const std::stop_token& stop)
{
    if (is_zip(bytes))
        return layers_of(open_zip(bytes, stop), path, stop);
    if (is_legacy_torch(view(bytes)))
        return layers_of(read_torch_legacy(bytes, stop), path, stop);
    return not_a_model(view(bytes));
}

} // namespace

Result<Model> read_model(const QByteArray& bytes, const QString& path, const std::stop_token& stop)
{
    const std::string prefix = path.toStdString() + ": ";
    if (looks_like_json(view(bytes))) {
        if (bytes.size() > session_limit)
            return Error{prefix + "it is larger than 256 MiB, the most that is read of a session"};
        return read_session(bytes, path, stop);
    }
    // Whoever looks for a card reads all of the text.
    const bool may_be_card = !is_zip(bytes) && !is_legacy_torch(view(bytes));
    if (may_be_card && bytes.size() <= session_limit) {
        if (const auto session = session_in(bytes)) {
            if (!*session)
                return Error{prefix + session->error().message};
            return read_session(**session, path, stop);
        }
    }
    auto model = read_checkpoint(bytes, path, stop);
    if (!model)
        return Error{prefix + model.error().message};
    return model;
}

Result<Model> open_model(const QString& path, const std::stop_token& stop)
{
    const auto file = map_file(path);
    if (!file)
        return Error{path.toStdString() + ": " + file.error().message};
    return read_model(file->bytes(), path, stop);
}

} // namespace qbn
