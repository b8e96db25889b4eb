#pragma once

#include "core/formats/torch/pickle_value.h"
#include "core/formats/torch/unpickler.h"
#include "core/text/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace qbn {

/// The state of an unpickler: values, marks, memo, and the limits on them. Python keeps a stack of
/// its own for what stands above each mark; one stack and the heights of the marks do the same. The
/// first failure is kept with the offset of its operation; from then on nothing is given out.
class PickleStack
{
public:
    explicit PickleStack(PickleLimits limits)
        : limits_(std::move(limits))
    { }

    bool failed() const { return error_.has_value(); }
    void fail(const std::string& what);
    void fail_at_end() { fail("the pickle ends in the middle"); }

    /// Counts an operation, which begins at this offset.
    void start_operation(std::size_t offset);
    std::size_t start() const { return start_; } ///< that offset
    /// Counts work beyond one step of an operation.
    void spend(std::uint64_t operations);

    /// `depth`: containers within containers in the value.
    void push(PickleNode::Value value, int depth = 0);
    /// Notes that a container on the stack has become this deep.
    void deepen(PickleNode& node, int depth);
    /// The last `count` values, taken off; a failure if so many do not stand above the last mark.
    std::optional<std::vector<PickleNode*>> pop(std::size_t count);
    /// The last value, which stays; null after a failure.
    PickleNode* top();

    void mark() { marks_.push_back(stack_.size()); }
    /// Whether nothing stands above the last mark.
    bool is_mark_on_top() const { return !marks_.empty() && stack_.size() == marks_.back(); }
    /// How many values stand above the last mark, which is closed; a failure if none is open.
    std::size_t above_mark();

    /// Puts the last value into the memo, or a memo entry onto the stack.
    void memorize(std::uint32_t index);
    void recall(std::uint32_t index);

    /// The one value that is left at the end, or the failure.
    Result<Pickle> take();

private:
    std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
    void fail_on_stack() { fail("the pickle takes more values than it has put on its stack"); }

    PickleLimits limits_;
    std::shared_ptr<PickleTree> tree_ = std::make_shared<PickleTree>();
    std::vector<PickleNode*> stack_;
    std::vector<std::size_t> marks_; // heights of the stack
    std::unordered_map<std::uint32_t, PickleNode*> memo_;
    std::size_t start_ = 0; // of the operation at hand
    std::uint64_t spent_ = 0;
    std::optional<Error> error_;
};

} // namespace qbn
