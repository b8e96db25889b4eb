#include "core/formats/torch/pickle_stack.h"
#include "core/text/sentence.h"

#include <algorithm>
#include <utility>

namespace qbn {

void PickleStack::fail(const std::string& what)
{
    if (!error_)
        error_ = Error{"byte " + std::to_string(start_) + ": " + what};
}

void PickleStack::start_operation(std::size_t offset)
{
    start_ = offset;
    spend(1);
}

void PickleStack::spend(std::uint64_t operations)
{
    spent_ += operations;
    if (spent_ > limits_.operations)
        fail("the pickle has more than " + std::to_string(limits_.operations) + " operations");
}

void PickleStack::push(PickleNode::Value value, int depth)
{
    if (error_)
        return;
    PickleNode* const node = tree_->add(std::move(value));
    stack_.push_back(node);
    deepen(*node, depth);
}

void PickleStack::deepen(PickleNode& node, int depth)
{
    node.depth = std::max(node.depth, depth);
    if (node.depth > limits_.depth)
        fail("values are nested more than "
             + counted(static_cast<std::size_t>(limits_.depth), "level") + " deep");
}

std::optional<std::vector<PickleNode*>> PickleStack::pop(std::size_t count)
{
    if (error_)
        return std::nullopt;
    if (count > stack_.size() - floor()) {
        fail_on_stack();
        return std::nullopt;
    }
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<PickleNode*> values(first, stack_.end());
    stack_.erase(first, stack_.end());
    return values;
}

PickleNode* PickleStack::top()
{
    if (!error_ && stack_.size() == floor())
        fail_on_stack();
    return error_ ? nullptr : stack_.back();
}

std::size_t PickleStack::above_mark()
{
    if (marks_.empty()) {
        fail("the pickle closes a mark that it has not opened");
        return 0;
    }
    const std::size_t count = stack_.size() - marks_.back();
    marks_.pop_back();
    return count;
}

void PickleStack::memorize(std::uint32_t index)
{
    if (PickleNode* const value = top())
        memo_[index] = value;
}

void PickleStack::recall(std::uint32_t index)
{
    const auto found = memo_.find(index);
    if (found == memo_.end())
        return fail("memo entry " + std::to_string(index) + " does not exist");
    stack_.push_back(found->second);
}

Result<Pickle> PickleStack::take()
{
    if (!error_ && (stack_.size() != 1 || !marks_.empty()))
        fail("the pickle ends with " + counted(stack_.size(), "value") + " instead of one");
    if (error_)
        return *std::move(error_);
    return Pickle{.tree = tree_, .root = stack_.back()};
}

} // namespace qbn
