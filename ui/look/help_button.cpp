#include "ui/look/help_button.h"

#include <QStyleOptionToolButton>

using namespace Qt::StringLiterals;

namespace qbn::ui {

HelpButton::HelpButton(QWidget* parent)
    : QToolButton(parent)
{
    setObjectName(u"helpButton"_s);
    setText(u"?"_s);
    setAutoRaise(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void HelpButton::setSubject(const QString& subject)
{
    setAccessibleName(tr("Help on %1").arg(subject));
    setToolTip(tr("Explains %1 with the current numbers (F1)").arg(subject));
}

/// Quieter than the title beside it.
void HelpButton::initStyleOption(QStyleOptionToolButton* option) const
{
    QToolButton::initStyleOption(option);
    option->palette.setColor(QPalette::ButtonText, palette().color(QPalette::PlaceholderText));
}

QSize HelpButton::sizeHint() const
{
    const int side = fontMetrics().height();
    return {side, side};
}

} // namespace qbn::ui

#include "moc_help_button.cpp"
