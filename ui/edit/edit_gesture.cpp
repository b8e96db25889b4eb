#include "ui/edit/edit_gesture.h"

namespace qbn::ui {

EditGesture::EditGesture(QObject* parent)
    : QObject(parent)
{
    m_idle.setSingleShot(true);
    m_idle.setInterval(700); // longer than the delay before a held key or button repeats
    connect(&m_idle, &QTimer::timeout, this, &EditGesture::end);
}

void EditGesture::begin()
{
    m_idle.stop();
    if (m_active)
        return;
    m_active = true;
    emit started();
}

void EditGesture::end()
{
    m_idle.stop();
    if (!m_active)
        return;
    m_active = false;
    emit finished();
}

void EditGesture::endSoon()
{
    if (m_active)
        m_idle.start();
}

} // namespace qbn::ui

#include "moc_edit_gesture.cpp"
