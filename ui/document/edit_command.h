#pragma once

#include "ui/document/document.h"

#include <QUndoCommand>

namespace qbn::ui {

/// The only undo command: the whole experiment before and after. Layers are shared, so a command
/// holds copies of no more than the layers that it changes.
class EditCommand : public QUndoCommand
{
public:
    /// `gesture` 0: never merges.
    EditCommand(Document& document, const QString& text, const std::optional<EditKey>& key,
                int gesture, Experiment after);

    const Experiment& before() const { return m_before; }
    /// True if an edit with this key, made in this gesture, belongs to the same step.
    bool takes(const EditKey& key, int gesture) const;

    void redo() override;
    void undo() override;
    int id() const override;
    bool mergeWith(const QUndoCommand* other) override;

private:
    Document& m_document;
    std::optional<EditKey> m_key;
    int m_gesture;
    Experiment m_before;
    Experiment m_after;
    int m_layer; ///< the layer that it changes, -1 if it changes none
    int m_channel; ///< -1: none in particular
    bool m_done = false;
};

} // namespace qbn::ui
