#pragma once

#include "ui/panels/pipeline/stage_texts.h"

#include <QWidget>

#include <array>

class QHBoxLayout;

namespace qbn::ui {

class Document;
class InputCodeCard;
class StageCard;

/// How the selected input code becomes an output code: six cards in a row, from left to right like
/// the formula. Below the width that the cards need it scrolls; nothing is cut.
class PipelinePanel : public QWidget
{
    Q_OBJECT

public:
    explicit PipelinePanel(Document& document, QWidget* parent = nullptr);

    /// The card of a stage but for InputCode, which has one of its own.
    StageCard* card(Stage stage) const { return m_cards[static_cast<std::size_t>(stage)]; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void helpRequested(const QString& page);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void addCards(QHBoxLayout& row);
    void refresh();
    bool scrolls(int width) const;

    Document& m_document;
    QWidget* m_strip;
    InputCodeCard* m_input;
    std::array<StageCard*, stageCount> m_cards{};
};

} // namespace qbn::ui
