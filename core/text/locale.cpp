#include "core/text/locale.h"

#include <clocale>
#include <cstdlib>
#include <langinfo.h>
#include <string_view>

namespace qbn {

void use_utf8_locale()
{
    std::setlocale(LC_CTYPE, "");
    if (nl_langinfo(CODESET) == std::string_view("UTF-8"))
        return;
    // LC_ALL, where it is set, overrides all others.
    const char* all = std::getenv("LC_ALL");
    setenv(all && *all != 0 ? "LC_ALL" : "LC_CTYPE", "C.UTF-8", 1);
}

} // namespace qbn
