#include "ui/document/selection.h"

#include <utility>

namespace qbn::ui {

SelectionModel::SelectionModel(Request request, QObject* parent)
    : QObject(parent)
    , m_request(std::move(request))
{ }

void SelectionModel::setLayer(int layer)
{
    m_request([layer](Selection& selection) { selection.layer = layer; });
}

void SelectionModel::setChannel(int channel)
{
    m_request([channel](Selection& selection) { selection.channel = channel; });
}

void SelectionModel::setCode(std::int32_t inputCode)
{
    m_request([inputCode](Selection& selection) { selection.code = inputCode; });
}

void SelectionModel::setAgainst(const std::string& backend)
{
    m_request([&backend](Selection& selection) { selection.against = backend; });
}

void SelectionModel::set(const Selection& wanted)
{
    m_request([&wanted](Selection& selection) { selection = wanted; });
}

} // namespace qbn::ui

#include "moc_selection.cpp"
