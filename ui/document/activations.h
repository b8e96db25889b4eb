#pragma once

#include "core/activations/code_counts.h"

#include <QObject>
#include <QString>

#include <memory>
#include <string>

namespace qbn::ui {

class Document;

/// The whole input and output of one layer of a document, as counts of codes. They are no part of the experiment: no edit changes them,
/// they are not undone and not saved, and they go when another file is opened.
class Activations : public QObject
{
    Q_OBJECT

public:
    using Counts = std::shared_ptr<const CodeCounts>;

    explicit Activations(Document& document);

    /// Of the selected layer; `name` says where they are from. Requires: they fit it.
    void set(Counts counts, const QString& name);
    void clear();

    bool isLoaded() const { return m_counts != nullptr; }
    QString name() const { return m_name; }
    QString layerName() const { return QString::fromStdString(m_layerName); }
    /// Those of the selected layer as it stands; null where there are none, or its channels or types are others.
    Counts counts() const;

signals:
    void changed();

private:
    Document& m_document;
    Counts m_counts;
    QString m_name;
    int m_layer = 0;
    std::string m_layerName;
};

} // namespace qbn::ui
