#pragma once

#include "ui/document/document.h"

#include <QToolBar>

class QComboBox;
class QLabel;

namespace qbn::ui {
class IntEdit;
}

namespace qbn::desktop {

/// Chooses the layer, the channel and the backend.
class NavigationBar : public QToolBar
{
    Q_OBJECT

public:
    explicit NavigationBar(ui::Document& document, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void setNarrowest();
    void addLayer();
    void addChannel();
    void addBackend();
    QLabel* addLabel(const QString& text, QWidget* buddy);
    /// The experiment's backends never change in number, but fixed point changes its bits.
    void showBackend(int row, const BackendChoice& choice);
    void refresh();

    ui::Document& m_document;
    QComboBox* m_layer;
    ui::IntEdit* m_channel;
    QLabel* m_channels;
    QComboBox* m_backend;
};

} // namespace qbn::desktop
