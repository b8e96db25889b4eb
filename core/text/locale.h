#pragma once

namespace qbn {

/// Chooses UTF-8 for text where the environment asks for another encoding or for none, as on a bare machine or in a container;
/// the language stays. Qt does so too, but complains on standard error from 6.6 on. To be called before Q(Core)Application.
void use_utf8_locale();

} // namespace qbn
