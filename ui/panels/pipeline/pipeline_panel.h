#pragma once

#include "core/evaluate/stage.h"
#include "ui/panels/pipeline/stage_card.h"

#include <QWidget>

#include <array>

class QHBoxLayout;

namespace qbn::ui {

class Document;

/// How the selected input code becomes an output code: six cards in a row, from left to right like
/// the formula, each with the fields that it uses. As high as its cards; with less room they show
/// less. Below the width that the cards need it scrolls; nothing is cut.
class PipelinePanel : public QWidget
{
    Q_OBJECT

public:
    explicit PipelinePanel(Document& document, QWidget* parent = nullptr);
    ~PipelinePanel() override;

    StageCard* card(Stage stage) const { return m_cards[static_cast<std::size_t>(stage)]; }

    /// Shows as much as fits into the height.
    void setRoom(int height);
    Detail detail() const { return m_detail; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void helpRequested(const QString& page);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void addCards(QHBoxLayout& row);
    void addInputLine();
    void setDetail(Detail detail);
    int cardHeight() const;
    void refresh();
    bool scrolls(int width) const;

    Document& m_document;
    QWidget* m_strip;
    std::array<StageCard*, stage_count> m_cards{};
    Detail m_detail = Detail::Full;
    int m_room = 0;
};

} // namespace qbn::ui
