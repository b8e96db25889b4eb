#include "core/formats/torch/torch_file.h"

#include "core/formats/tensors/layer_finder.h"
#include "core/formats/torch/torch_checkpoint.h"
#include "core/formats/zip/zip_archive.h"

#include <string>
#include <string_view>
#include <vector>

namespace qbn {

namespace {

bool is_zip(const FileContent& file)
{
    return file.has(0, "PK\x03\x04") || file.has(0, "PK\x05\x06");
}

Result<Checkpoint> open_zip(const FileContent& file, const std::stop_token& stop)
{
    const auto archive = ZipArchive::open(file.bytes);
    if (!archive)
        return archive.error();
    std::vector<std::string_view> pickles;
    bool is_script = false;
    bool is_exported = false;
    for (const ZipMember& member : archive->members()) {
        if (member.name.ends_with("/data.pkl"))
            pickles.push_back(member.name);
        is_script = is_script || member.name.ends_with("/constants.pkl");
        is_exported = is_exported || member.name.ends_with("archive_format");
    }
    const std::string save_state_dict = "save model.state_dict() with torch.save instead";
    if (is_exported)
        return Error{
            "it is an exported program (torch.export), which holds a graph and its weights; "
            + save_state_dict};
    if (is_script)
        return Error{"it is a TorchScript program, not a state_dict; " + save_state_dict};
    if (pickles.size() == 1)
        return read_torch_zip(*archive, pickles.front(), stop);
    if (pickles.size() > 1)
        return Error{"the zip archive has " + std::to_string(pickles.size())
                     + " members data.pkl, a torch.save file has one"};
    return Error{"it is a zip archive, but no torch.save file: it has no member */data.pkl"};
}

} // namespace

std::optional<Result<Model>> read_torch_file(const FileContent& file, const std::stop_token& stop)
{
    if (!is_zip(file) && !is_legacy_torch(file.view()))
        return std::nullopt;
    const auto checkpoint
        = is_zip(file) ? open_zip(file, stop) : read_torch_legacy(file.bytes, stop);
    if (!checkpoint)
        return checkpoint.error();
    return find_layers(*checkpoint, file.base_name(), stop);
}

} // namespace qbn
