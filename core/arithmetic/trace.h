#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace qbn {

/// Which clamp the code ran into: the range of its type at qmin or qmax. A ReLU is not a
/// saturation.
enum class Saturation : std::uint8_t
{
    none,
    low,
    high
};

/// "none", "low", "high".
std::string_view name_of(Saturation saturation);

/// The part of PyTorch's kernel that computes a channel; what overflow and NaN become depends on
/// it.
enum class Lane : std::uint8_t
{
    simd,
    scalar
};

/// One intermediate result, as the backend holds it.
struct TraceStep
{
    enum class Format : std::uint8_t
    {
        binary32,
        binary64,
        integer
    };

    /// "alpha", "dequantized", ...; the same name is the same real quantity in every backend, so
    /// that traces can be compared.
    std::string_view name;
    std::string_view formula; ///< how it comes from the ones before, each rounding written out
    double value = 0; ///< exactly the binary32, binary64 or integer that was computed
    Format format = Format::binary32;
    std::uint16_t fields
        = 0xFFFF; ///< of the layer on which it depends, bit 1 << Field for each; all where nobody counted
};

/// How a real number in output steps became a code.
struct Requantized
{
    double steps = 0; ///< in output steps, before rounding, without the zero point
    double rounded
        = 0; ///< the integer it was rounded to, or what the conversion made of NaN and overflow
    double sum = 0; ///< with the zero point (and after any wrap), before the clamp
    std::int32_t output_code = 0;
    Saturation saturation = Saturation::none;
    bool relu_clamped = false; ///< the fused ReLU lifted it to the zero point
    bool tie = false; ///< steps lies exactly half way between two integers
};

/// Every intermediate of one code, in the order of computation.
struct Trace
{
    std::vector<TraceStep> steps;
    Requantized result;
    Lane lane = Lane::scalar;
};

/// The evaluator's body takes one of these two. This one costs nothing.
struct NoTrace
{
    template <typename Value>
    void step(std::string_view /*name*/, std::string_view /*formula*/, Value /*value*/)
    { }
};

/// And this one keeps what it is told, so that the explanation is the computation itself.
class StepTrace
{
public:
    void step(std::string_view name, std::string_view formula, float value)
    {
        steps_.push_back({name, formula, static_cast<double>(value), TraceStep::Format::binary32});
    }
    void step(std::string_view name, std::string_view formula, double value)
    {
        steps_.push_back({name, formula, value, TraceStep::Format::binary64});
    }

    void step(std::string_view name, std::string_view formula, std::int64_t value)
    {
        steps_.push_back({name, formula, static_cast<double>(value), TraceStep::Format::integer});
    }

    std::vector<TraceStep> take() { return std::move(steps_); }

private:
    std::vector<TraceStep> steps_;
};

} // namespace qbn
