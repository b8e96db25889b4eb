#include "ui/look/steady_line.h"

#include <QLabel>

namespace qbn::ui {

SteadyLine::SteadyLine(QLabel* label, QWidget* parent)
    : QWidget(parent)
    , m_label(label)
{
    label->setParent(this);
    // A long text must not widen the window.
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

QSize SteadyLine::sizeHint() const
{
    return {0, m_label->fontMetrics().height() + 2};
}

void SteadyLine::resizeEvent(QResizeEvent* /*event*/)
{
    m_label->setGeometry(rect());
}

} // namespace qbn::ui

#include "moc_steady_line.cpp"
