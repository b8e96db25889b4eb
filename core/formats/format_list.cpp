#include "core/formats/format_list.h"

#include "core/formats/npz/npz_file.h"
#include "core/formats/onnx/onnx_reader.h"
#include "core/formats/safetensors/safetensors_file.h"
#include "core/formats/session/session_file.h"
#include "core/formats/tflite/tflite_reader.h"
#include "core/formats/torch/torch_file.h"

#include <array>
#include <utility>

namespace qbn {

namespace {

using Answer = std::optional<Result<Model>>;

// For readers whose errors are without the file's name.
template <auto read> Answer naming_file(const FileContent& file, const std::stop_token& stop)
{
    Answer model = read(file, stop);
    if (model && !*model)
        return Result<Model>(Error{file.path.toStdString() + ": " + model->error().message});
    return model;
}

constexpr std::array formats{
    Format{"safetensors file", naming_file<read_safetensors>}, // its length may begin with a brace
    Format{"session", read_session_file},
    Format{"NumPy .npz archive", naming_file<read_npz>},
    Format{"torch.save checkpoint", naming_file<read_torch_file>},
    Format{"ONNX model", naming_file<read_onnx>},
    Format{"TensorFlow Lite model", naming_file<read_tflite>},
    Format{"question card", read_question_card}, // last: who looks for a card reads all of the text
};

} // namespace

std::span<const Format> all_formats()
{
    return formats;
}

} // namespace qbn
