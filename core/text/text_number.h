#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qbn {

/// The shortest digits that read back to the same binary64, '.' as decimal point whatever the
/// locale, laid out as Python prints a float but without a trailing ".0": 0.1, 1e-05, 100000,
/// 1e+16, inf, -inf, nan.
std::string format_number(double value);

/// The same for binary32: 0.1F gives 0.1.
std::string format_number(float value);

/// Cut to what a person reads: `digits` digits in all, the 0 before the point counted, but at least
/// six that matter: 0.29906651, -110.886795, 1.23457e-12. A number whose shortest digits need no
/// more is whole (117.5, 1e-05), so an end of zeros says that there is more to it.
std::string format_short(double value, int digits = 9);
/// The same, but a binary32 with few digits is whole: 0.1F gives 0.1.
std::string format_short(float value, int digits = 9);

/// C's %a form, exact and without loss: 0x1.5p-2; inf, -inf, nan.
std::string format_hex(double value);

/// Reads one whole number in the C locale: 1e-5, .5, -inf, nan, 0x1.4p-3. No white space around it,
/// nothing after it.
std::optional<double> parse_number(std::string_view text);

/// What a person types or pastes into a field: everything that parse_number reads, with white space
/// around, a leading '+', a Unicode minus, a decimal comma ("0,5"), a fraction or power ("1/127",
/// "2^-5"), and what Python prints around a single number: "tensor([5.2803])", "tensor(0.2991,
/// size=(), dtype=torch.quint8, ...)", "np.float32(0.1)", "1e-05,". Of several numbers ("[0.1, 0.2]")
/// it takes none.
std::optional<double> parse_typed_number(std::string_view text);

} // namespace qbn
