#pragma once

class QScrollArea;

namespace qbn::ui {

/// Whatever in it gets the focus is scrolled into view, by a mnemonic or a link too. A click is left alone: what is
/// under the pointer stays there.
void followFocus(QScrollArea& area);

} // namespace qbn::ui
