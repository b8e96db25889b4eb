#pragma once

#include "core/evaluate/layer_summary.h"

#include <QObject>

namespace qbn::ui {

class Document;

/// Goes to the next code on which a compared backend differs, across channels and layers and around
/// the end of the model. Layers that nobody has compared yet are compared in a task; going
/// elsewhere meanwhile ends the search.
class DifferenceSearch : public QObject
{
    Q_OBJECT

public:
    explicit DifferenceSearch(Document& document, QObject* parent = nullptr);

    void start(Direction direction);
    bool isRunning() const { return m_isRunning; }

signals:
    void said(const QString& sentence); ///< where it led, or that there is none

private:
    void proceed();
    bool searchHere(bool again);
    void land(int layer, CodePlace place);
    void end(const QString& sentence);
    int layerAt(int step) const;

    Document& m_document;
    Direction m_direction = Direction::forward;
    bool m_isRunning = false;
    bool m_isProceeding = false;
    int m_layer = 0; ///< where it began
    CodePlace m_from;
};

} // namespace qbn::ui
