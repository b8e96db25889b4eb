#include "core/formats/torch/torch_file.h"

#include "core/formats/tensors/layer_finder.h"
#include "core/formats/torch/exported_program.h"
#include "core/formats/torch/script_code.h"
#include "core/formats/torch/torch_checkpoint.h"
#include "core/formats/zip/zip_archive.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace qbn {

namespace {

bool is_zip(const FileContent& file)
{
    return file.has(0, "PK\x03\x04") || file.has(0, "PK\x05\x06");
}

std::vector<std::string_view> names_ending(const ZipArchive& archive, std::string_view end)
{
    std::vector<std::string_view> names;
    for (const ZipMember& member : archive.members()) {
        if (member.name.ends_with(end))
            names.push_back(member.name);
    }
    return names;
}

std::string folder_of(std::string_view name)
{
    return std::string(name.substr(0, name.rfind('/') + 1));
}

Result<Checkpoint> read_script(const ZipArchive& archive, std::string_view pickle,
                               const std::stop_token& stop)
{
    auto checkpoint = read_torch_zip(archive, pickle, stop);
    if (!checkpoint)
        return checkpoint;
    if (checkpoint->tensors().empty())
        return Error{
            "it is a TorchScript program without parameters: torch.jit.freeze has made them "
            "constants of its code; save it before that, or model.state_dict()"};
    read_script_facts(archive, folder_of(pickle), *checkpoint);
    return checkpoint;
}

Result<Checkpoint> open_zip(const FileContent& file, const std::stop_token& stop)
{
    const auto archive = ZipArchive::open(file.bytes);
    if (!archive)
        return archive.error();
    if (const auto exported = names_ending(*archive, "archive_format"); !exported.empty())
        return read_exported_program(*archive, folder_of(exported.front()), stop);
    const auto pickles = names_ending(*archive, "/data.pkl");
    if (pickles.size() > 1)
        return Error{"the zip archive has " + std::to_string(pickles.size())
                     + " members data.pkl, a torch.save file has one"};
    if (pickles.empty())
        return Error{"it is a zip archive, but no torch.save file: it has no member */data.pkl"};
    return names_ending(*archive, "/constants.pkl").empty()
        ? read_torch_zip(*archive, pickles.front(), stop)
        : read_script(*archive, pickles.front(), stop);
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
    auto model = find_layers(*checkpoint, file.base_name(), stop);
    // Only an exported graph says what its batch norms are quantized to, and its operators are these.
    const bool is_decomposed
        = std::any_of(checkpoint->modules().begin(), checkpoint->modules().end(),
                      [](const auto& module) { return module.second.output.has_value(); });
    if (model && is_decomposed)
        model->backend = "pytorch-decomposed";
    return model;
}

} // namespace qbn
