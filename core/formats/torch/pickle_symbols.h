#pragma once

#include "core/formats/torch/pickle_value.h"
#include "core/text/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qbn {

/// The most dimensions that PyTorch gives a tensor.
inline constexpr std::size_t dimension_limit = 64;

/// Those of protocol 2 that are executed.
enum class Opcode : std::uint8_t
{
    mark = '(',
    stop = '.',
    pop_one = '0',
    pop_mark = '1',
    none = 'N',
    binint = 'J',
    binint1 = 'K',
    binint2 = 'M',
    binfloat = 'G',
    binunicode = 'X',
    binpersid = 'Q',
    reduce = 'R',
    append = 'a',
    build = 'b',
    global = 'c',
    appends = 'e',
    binget = 'h',
    long_binget = 'j',
    binput = 'q',
    long_binput = 'r',
    setitem = 's',
    tuple = 't',
    setitems = 'u',
    empty_dict = '}',
    empty_list = ']',
    empty_tuple = ')',
    proto = 0x80,
    tuple1 = 0x85,
    tuple2 = 0x86,
    tuple3 = 0x87,
    newtrue = 0x88,
    newfalse = 0x89,
    newobj = 0x81,
    long1 = 0x8a,
};

/// "NEWOBJ" for 0x81; empty for a byte that is no opcode.
std::string_view opcode_name(unsigned char opcode);

/// Whether a state_dict needs the global, "torch.FloatStorage" for one.
bool is_known_global(std::string_view name);

/// Whether a call of it is taken for an object of that name: what Python would make says nothing of
/// a batch norm, such as the set of a module's passing buffers or a NumPy scalar beside the epoch.
bool is_inert_function(std::string_view name);

/// Whether a call of it makes a torch.fx.GraphModule out of its first argument, the attributes; the second is Python text.
bool is_graph_module(std::string_view name);

/// Why a foreign global is refused and what to do, as the end of a sentence.
std::string refuse_global(std::string_view name);

/// The inert counterpart of calling a known global with these arguments; nothing if they do not
/// fit.
std::optional<PickleNode::Value> call_global(std::string_view name, const PickleTuple& arguments);

/// The class that a persistent id ('module', class, file, source) stands for, as the old form writes those of modules, or null.
PickleRef module_class_of(const PickleNode& persistent_id);

/// The storage that a persistent id names; an error's message is the end of a sentence.
Result<PickleStorage> storage_of(const PickleNode& persistent_id);

} // namespace qbn
