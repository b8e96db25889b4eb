#pragma once

#include <QFont>
#include <QHash>
#include <QStaticText>

namespace qbn::ui {

/// Texts laid out for painting, in one font at a time. Laying out costs ten times what painting
/// costs, and the same few texts come again with every edit.
class LaidOutTexts
{
public:
    /// Valid until the next call.
    const QStaticText& of(const QString& text, const QFont& font);

private:
    QFont m_font;
    QHash<QString, QStaticText> m_texts;
};

} // namespace qbn::ui
