#include "ui/document/activations.h"

#include "ui/document/document.h"

#include <utility>

namespace qbn::ui {

Activations::Activations(Document& document)
    : m_document(document)
{ }

void Activations::set(Counts counts, const QString& name)
{
    m_counts = std::move(counts);
    m_name = name;
    m_layer = m_document.selection().layer();
    m_layerName = m_document.layer().name;
    emit changed();
}

void Activations::clear()
{
    if (std::exchange(m_counts, nullptr))
        emit changed();
}

Activations::Counts Activations::counts() const
{
    if (!m_counts)
        return nullptr;
    const BatchNormLayer& layer = m_document.layer();
    const bool fits = m_layer == m_document.selection().layer() && m_layerName == layer.name
        && m_counts->layout.channels == layer.channels()
        && (!m_counts->has_inputs() || m_counts->input_type == layer.input.type)
        && (!m_counts->has_outputs() || m_counts->output_type == layer.output.type);
    return fits ? m_counts : nullptr;
}

} // namespace qbn::ui

#include "moc_activations.cpp"
