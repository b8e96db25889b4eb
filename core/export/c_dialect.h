#pragma once

#include "core/export/helper.h"

#include <span>
#include <string>

namespace qbn {

/// The helper functions of C99 and of C++ with ap_int; both call them qbn_NAME or qbn_NAME_TYPE.
std::span<const Helper> c_helper_texts();
std::span<const Helper> hls_helper_texts();

/// How the two spell what they share.
struct CDialect
{
    bool is_hls = false;

    std::span<const Helper> helpers() const
    {
        return is_hls ? hls_helper_texts() : c_helper_texts();
    }
    std::string_view type_name(formula::Type type) const;
    std::string literal(formula::Type type, const formula::Value& value) const;
    /// What a helper's text is filled with.
    static HelperType describe_c(formula::Type type);
    static HelperType describe_hls(formula::Type type);
};

} // namespace qbn
