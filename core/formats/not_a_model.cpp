#include "core/formats/format_list.h"

#include <array>
#include <string>

namespace qbn {

Error not_a_model(const FileContent& file)
{
    struct Foreign
    {
        std::size_t offset;
        std::string_view magic;
        std::string_view what;
    };
    static constexpr std::array others{
        Foreign{0, "\x93NUMPY", "it is a NumPy array, which says nothing about layers; "},
        Foreign{257, "ustar",
                "it is a tar archive (PyTorch before 0.1.10 wrote such files); load it in PyTorch "
                "and "},
        Foreign{0, "\x89HDF\r\n", "it is an HDF5 file, which is not supported; "},
        Foreign{0, "\x80", "it is a Python pickle, but not one that torch.save wrote; "},
    };
    if (file.bytes.isEmpty())
        return {"it is empty"};
    for (const Foreign& other : others) {
        if (file.has(other.offset, other.magic))
            return {std::string(other.what) + "save model.state_dict() with torch.save instead"};
    }
    std::string names;
    for (const Format& format : all_formats())
        names += (names.empty() ? "" : ", ") + std::string(format.name);
    return {"it is none of the files that layers are read from: " + names};
}

} // namespace qbn
