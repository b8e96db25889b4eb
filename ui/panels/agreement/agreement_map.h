#pragma once

#include "core/evaluate/layer_summary.h"
#include "ui/panels/agreement/agreement_map_painter.h"
#include "ui/panels/agreement/plot_view.h"
#include "ui/plot/picture.h"

#include <QImage>
#include <QWidget>

#include <memory>
#include <optional>

namespace qbn::ui {

class Document;

/// Where the compared backends differ from the chosen one: the channels of the layer downwards,
/// input codes to the right, the difference as a colour. However many channels there are, a single
/// differing code is seen.
///
/// A click selects the channel and code; where cells are smaller than what is painted of them, it
/// finds the difference that is seen. The wheel zooms at the pointer, into channels alone while
/// they are much smaller than codes; a drag pans, a double click resets. Keys: arrows step the code
/// and the channel, Page Up and Down the channel by 16, Home and End go to the first and last code;
/// + and - zoom, 0 and Ctrl+Home reset. The accessible name is one sentence about the current code.
///
/// Channels that hang on a value that nobody gave are hatched, and the sentence about their codes says so.
///
/// While it cannot be seen it does nothing. While the summary of a large layer is under way, the
/// last one stands, faintly, if it may be of the same layer.
class AgreementMap : public QWidget
{
    Q_OBJECT

public:
    explicit AgreementMap(Document& document, QWidget* parent = nullptr);

    const PlotView& view() const { return m_view; }
    void resetView();

    /// The middle of a cell, in widget coordinates.
    QPointF pixelOf(CodePlace place) const { return frame().cell(place).center(); }
    /// What a click there selects; nothing beside the cells.
    std::optional<CodePlace> placeAt(QPointF position) const;

    /// "Agreement of backends: conv1.0, PyTorch fused".
    QString fullTitle() const;
    /// What it shows, as of now. Of a file it has the title on top.
    Picture picture(const QPalette& colors, QSize size = {800, 500}) const;
    QPixmap copy() const;

    QSize sizeHint() const override { return {480, 240}; }
    QSize minimumSizeHint() const override { return {220, 80}; }

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refresh();
    void updateSentence();
    void redraw();
    void zoomBy(double factor, QPointF anchor);
    bool zoomByKey(const QKeyEvent& event);
    bool stepByKey(int key);
    void select(CodePlace place);
    CodePlace current() const;
    std::vector<BackendCode> codesAt(CodePlace place) const;
    MapFrame frame() const;
    void draw(QPainter& painter, const MapFrame& shown, const Colors& colors,
              const QImage& image) const;
    void drawPicture(QPainter& painter, QSize size, const Colors& colors, double ratio,
                     const QString& title) const;
    QImage imageOf(const MapFrame& shown, const Colors& colors, double ratio) const;
    QFont smallFont() const;
    QString textOf(CodePlace place) const;
    std::optional<CodePlace> differenceSeenAt(QPointF position, CodePlace cell) const;

    Document& m_document;
    std::shared_ptr<const LayerSummary> m_summary; ///< what is shown
    PlotView m_view;
    CodePlace m_shown; ///< the current cell as of the last refresh
    QImage m_image; ///< of the cells; null: to be made
    bool m_pending = false; ///< m_summary is not of the present layer
    bool m_panning = false;
    std::optional<CodePlace> m_placeBefore; ///< the last click
    std::optional<QPointF> m_pressed; ///< where a button went down, or where the pan has come to
};

} // namespace qbn::ui
