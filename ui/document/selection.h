#pragma once

#include "core/evaluate/experiment.h"

#include <QObject>

#include <functional>
#include <string>

namespace qbn::ui {

/// The current layer, channel and input code, shared by every view. Not undoable. Only a Document
/// makes one; it keeps the selection inside of its experiment and has evaluated it by the time that
/// changed() reaches a view.
class SelectionModel : public QObject
{
    Q_OBJECT

public:
    const Selection& current() const { return m_current; }
    int layer() const { return m_current.layer; }
    int channel() const { return m_current.channel; }
    std::int32_t code() const { return m_current.code; }

    // Values out of range are clamped by the document. Setting what is set does nothing.
    void setLayer(int layer); ///< keeps channel and code where they exist
    void setChannel(int channel);
    void setCode(std::int32_t inputCode);
    /// Empty: the first compared backend that differs.
    void setAgainst(const std::string& backend);
    void set(const Selection& selection);

signals:
    /// `codeOnly`: layer and channel are what they were, so tables and curves stand.
    void changed(bool codeOnly);

private:
    friend class Document;
    using Change = std::function<void(Selection&)>;
    using Request = std::function<void(const Change&)>;
    explicit SelectionModel(Request request, QObject* parent = nullptr);

    Request m_request; ///< asks the document for a change
    Selection m_current;
};

} // namespace qbn::ui
