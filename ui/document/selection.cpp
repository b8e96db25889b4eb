#include "ui/document/selection.h"

#include <utility>

namespace qbn::ui {

SelectionModel::SelectionModel(Request request, QObject* parent)
    : QObject(parent)
    , m_request(std::move(request))
{ }

void SelectionModel::setLayer(int layer)
{
    Selection selection = m_current;
    selection.layer = layer;
    set(selection);
}

void SelectionModel::setChannel(int channel)
{
    Selection selection = m_current;
    selection.channel = channel;
    set(selection);
}

void SelectionModel::setCode(std::int32_t inputCode)
{
    Selection selection = m_current;
    selection.code = inputCode;
    set(selection);
}

void SelectionModel::setAgainst(const std::string& backend)
{
    Selection selection = m_current;
    selection.against = backend;
    set(selection);
}

void SelectionModel::set(const Selection& selection)
{
    if (!(selection == m_current))
        m_request(selection);
}

} // namespace qbn::ui
