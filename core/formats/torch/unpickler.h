#pragma once

#include "core/formats/bytes/byte_reader.h"
#include "core/formats/torch/pickle_value.h"
#include "core/text/result.h"

#include <cstdint>
#include <memory>
#include <stop_token>

namespace qbn {

/// A pickle that was read: the tree and the value in it that the pickle stands for.
struct Pickle
{
    std::shared_ptr<const PickleTree> tree;
    PickleRef root = nullptr;
};

struct PickleLimits
{
    std::uint64_t operations = 4'000'000; ///< opcodes, and so values, memo entries and stack items
    int depth = 100; ///< containers within containers
    std::stop_token stop; ///< ends it with an error
};

/// Reads one pickle of protocol 2 from the reader's position to its STOP and leaves the reader
/// behind it. Python's own unpickler runs what the file says; this one only ever builds inert
/// values. It knows the opcodes that torch.save writes for a state_dict, a module and a TorchScript
/// program, and the globals
///     collections.OrderedDict
///     torch._utils._rebuild_tensor_v2, _rebuild_qtensor, _rebuild_parameter
///     torch.serialization._get_layout
///     torch.*Storage, torch's dtypes, layouts and quantization schemes
/// An object of any class is its class's name and its state (the state of a dict is dropped); what
/// a few harmless functions would give (see pickle_symbols.h) is an object without a state.
/// Any other opcode, any other call, a name that is no object's class and not of torch, a call with
/// arguments that do not fit, an empty stack, a memo entry that does not exist, text that is not
/// UTF-8, or a limit passed, is an error with the byte offset in the reader.
Result<Pickle> read_pickle(ByteReader& reader, const PickleLimits& limits = {});

} // namespace qbn
