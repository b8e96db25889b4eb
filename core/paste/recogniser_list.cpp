#include "core/paste/recogniser.h"

#include <array>

namespace qbn {

namespace {

constexpr std::array recognisers{
    Recogniser{"torch-call", "torch.quantized_batch_norm(..) and its result",
               read_quantized_batch_norm_call},
    Recogniser{"relay", "TVM's qnn.dequantize and qnn.quantize", read_relay},
    Recogniser{"quantized-types", "MLIR's !quant.uniform, Netron's s * (q + 128)",
               read_quantized_types},
    Recogniser{"trt-cache", "a calibration cache of TensorRT", read_trt_cache},
    Recogniser{"tensor-quantizer", "TensorQuantizer(.. amax=..)", read_tensor_quantizers},
    Recogniser{"tflite-details", "get_input_details() of TensorFlow Lite", read_tflite_details},
    Recogniser{"keras-weights", "get_weights() of Keras", read_keras_weights},
    Recogniser{"caffe-blobs", "net.params['bn'][0].data of Caffe", read_caffe_blobs},
    Recogniser{"matlab", "what MATLAB displays", read_matlab},
    Recogniser{"source", "source code, of which nothing is taken", read_source_code},
    Recogniser{"c-arrays", "arrays and constants of C and C++", read_c_arrays},
    Recogniser{"tables", "tables in Markdown, CSV or TSV", read_markdown_tables},
    Recogniser{"pair-lines", "logs with ch=0 x=-128 y=-38 in a line", read_pair_lines},
};

} // namespace

std::span<const Recogniser> all_recognisers()
{
    return recognisers;
}

} // namespace qbn
