#pragma once

#include "core/paste/paste_text.h"

#include <span>
#include <string_view>

namespace qbn {

/// Knows one form in which people post a batch norm. It claims what it reads (PasteText::claim) and
/// adds the values, or claims what nobody should read. What all leave is read as Python prints it
/// (print_parser.h). Linear in the text's length; one that finds nothing of its form leaves the text
/// as it is.
struct Recogniser
{
    std::string_view id; ///< "trt-cache"
    std::string_view form; ///< what it reads, for a person
    void (*read)(PasteText& text);
};

/// All of them, in the order in which they are tried.
std::span<const Recogniser> all_recognisers();

// Each in a file of its own, with the text that it is for in tests/data/paste.
void read_source_code(PasteText& text);
void read_quantized_batch_norm_call(PasteText& text);
void read_relay(PasteText& text);
void read_quantized_types(PasteText& text);
void read_trt_cache(PasteText& text);
void read_tensor_quantizers(PasteText& text);
void read_tflite_details(PasteText& text);
void read_keras_weights(PasteText& text);
void read_caffe_blobs(PasteText& text);
void read_matlab(PasteText& text);
void read_c_arrays(PasteText& text);
void read_markdown_tables(PasteText& text);
void read_pair_lines(PasteText& text);

} // namespace qbn
