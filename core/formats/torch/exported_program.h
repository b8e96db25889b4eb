#pragma once

#include "core/formats/tensors/checkpoint.h"
#include "core/text/result.h"

#include <stop_token>
#include <string>

namespace qbn {

class ZipArchive;

/// What torch.export.save writes since PyTorch 2.8 (.pt2, archive_format "pt2"): the tensors of <top>/data/weights by the names of
/// the model's state_dict, and from the graph in <top>/models/model.json, of each batch norm,
///     eps            of aten.batch_norm or aten._native_batch_norm_legit_no_training
///     relu           whether an aten.relu is all that takes its output
///     input, output  scale, zero point and type of the quantized_decomposed.dequantize_per_tensor before it and the
///                    quantize_per_tensor behind it (or behind the ReLU)
/// Errors name the member, but not the file.
Result<Checkpoint> read_exported_program(const ZipArchive& archive, const std::string& top,
                                         const std::stop_token& stop = {});

} // namespace qbn
