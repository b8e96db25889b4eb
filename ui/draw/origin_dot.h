#pragma once

#include "core/layer/provenance.h"

#include <QWidget>

namespace qbn::ui {

/// A dot that says where the value beside it came from: grey from a file or a paste, blue entered
/// here, amber assumed, hollow unknown. As large as the text beside it asks for. The tooltip says it
/// in words.
class OriginDot : public QWidget
{
    Q_OBJECT

public:
    explicit OriginDot(QWidget* parent = nullptr);

    Origin origin() const { return m_provenance.origin; }
    void setProvenance(const Provenance& provenance);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    Provenance m_provenance;
};

} // namespace qbn::ui
