#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace qbn {

struct PickleNode;
/// A node of a PickleTree, alive as long as the tree. Nodes may be shared and, in a hostile file,
/// form a cycle: whoever walks them bounds the walk.
using PickleRef = const PickleNode*;

struct PickleNone
{ };
struct PickleTuple
{
    std::vector<PickleRef> items;
};
struct PickleList
{
    std::vector<PickleRef> items;
};
/// dict and collections.OrderedDict, in the order of insertion; a key that came twice stands twice.
struct PickleDict
{
    std::vector<std::pair<PickleRef, PickleRef>> items;
};
/// A name that Python would import. Here it is a name and nothing else.
struct PickleGlobal
{
    std::string name; ///< "torch.float32"
};
/// An object of a Python class: the class's name and the state that it was given. No class is loaded.
struct PickleObject
{
    PickleRef type; ///< a PickleGlobal: "torch.nn.modules.batchnorm.BatchNorm2d"
    PickleRef state = nullptr; ///< mostly a dict of attributes; null if it was given none
};
/// Where a tensor's numbers are: persistent id ('storage', torch.FloatStorage, key, location,
/// numel).
struct PickleStorage
{
    std::string type; ///< "FloatStorage"
    std::string key; ///< names the member, or the storage in the old form
    std::int64_t numel = 0;
};
/// A tensor as the file describes it; nothing of it is checked yet.
struct PickleTensor
{
    PickleStorage storage;
    std::int64_t offset = 0; ///< in elements
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides; ///< in elements
    bool quantized = false;
    std::optional<double> scale; ///< of a tensor that is quantized per tensor
    std::optional<std::int64_t> zero_point;
};

struct PickleNode
{
    using Value
        = std::variant<PickleNone, bool, std::int64_t, double, std::string, PickleTuple, PickleList,
                       PickleDict, PickleGlobal, PickleObject, PickleStorage, PickleTensor>;
    Value value;
    int depth
        = 0; ///< levels of containers in it, as far as it was filled before it was put elsewhere

    template <typename T> const T* as() const { return std::get_if<T>(&value); }
};

/// What a pickle describes. All nodes live side by side, so that destroying a deep value needs no
/// deep stack.
class PickleTree
{
public:
    PickleNode* add(PickleNode::Value value)
    {
        nodes_.push_back({.value = std::move(value)});
        return &nodes_.back();
    }

    const std::deque<PickleNode>& nodes() const { return nodes_; }

private:
    std::deque<PickleNode> nodes_; // addresses stay
};

} // namespace qbn
