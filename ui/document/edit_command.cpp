#include "ui/document/edit_command.h"

#include <algorithm>
#include <utility>

namespace qbn::ui {

namespace {

int changedLayer(const Experiment& before, const Experiment& after)
{
    const auto& a = before.model.layers;
    const auto& b = after.model.layers;
    const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return left == a.end() && right == b.end() ? -1 : static_cast<int>(left - a.begin());
}

} // namespace

EditCommand::EditCommand(Document& document, const QString& text, const std::optional<EditKey>& key,
                         int gesture, Experiment after)
    : QUndoCommand(text)
    , m_document(document)
    , m_key(key)
    , m_gesture(gesture)
    , m_before(document.experiment())
    , m_after(std::move(after))
    , m_layer(changedLayer(m_before, m_after))
    , m_channel(key ? key->channel : -1)
{
    // An edit without a key may be of the channel that is being looked at.
    if (!key && m_layer >= 0)
        m_channel = document.selection().channel();
}

bool EditCommand::takes(const EditKey& key, int gesture) const
{
    return m_gesture != 0 && m_gesture == gesture && m_key == key;
}

void EditCommand::redo()
{
    if (m_done)
        m_document.apply(looked_at_as(m_document.experiment(), m_after), m_layer, m_channel);
    else
        m_document.apply(m_after); // who edits keeps looking at what they look at
    m_done = true;
}

void EditCommand::undo()
{
    m_document.apply(looked_at_as(m_document.experiment(), m_before), m_layer, m_channel);
}

int EditCommand::id() const
{
    return m_gesture != 0 && m_key ? 1 : -1;
}

bool EditCommand::mergeWith(const QUndoCommand* other)
{
    const auto& next
        = static_cast<const EditCommand&>(*other); // equal ids: there is no other class
    if (!next.m_key || !takes(*next.m_key, next.m_gesture))
        return false;
    m_after = next.m_after;
    setText(next.text());
    setObsolete(m_after.model == m_before.model);
    return true;
}

} // namespace qbn::ui
