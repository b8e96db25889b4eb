#pragma once

#include <string>
#include <utility>
#include <variant>

namespace qbn {

/// What went wrong, as one sentence for a person: it names the file (readers put it in front) and
/// the place in it (a key, a member, a byte offset).
struct Error
{
    std::string message;
};

/// A value or the reason why there is none. clang 14 has no std::expected.
template <typename T> class [[nodiscard]] Result
{
public:
    Result(T value) // NOLINT(google-explicit-constructor): return value; and return Error{..}; both
        // read well
        : state_(std::move(value))
    { }
    Result(Error error) // NOLINT(google-explicit-constructor)
        : state_(std::move(error))
    { }

    explicit operator bool() const { return std::holds_alternative<T>(state_); }

    // Requires: the result holds a value.
    T& operator*() { return *std::get_if<T>(&state_); }
    const T& operator*() const { return *std::get_if<T>(&state_); }
    T* operator->() { return std::get_if<T>(&state_); }
    const T* operator->() const { return std::get_if<T>(&state_); }

    // Requires: the result holds an error.
    const Error& error() const { return *std::get_if<Error>(&state_); }

private:
    std::variant<T, Error> state_;
};

} // namespace qbn
