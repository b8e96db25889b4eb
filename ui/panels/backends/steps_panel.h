#pragma once

#include <QWidget>

#include <cstddef>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;

namespace qbn::ui {

class DifferenceModel;
class Document;
class TableView;

/// Every intermediate of the chosen backend and of another one on the current code, with the first
/// that differs marked.
/// While it cannot be seen it does nothing.
class StepsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit StepsPanel(Document& document, QWidget* parent = nullptr);

    TableView* table() const { return m_table; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void fillAgainst();
    void showFirstDiffering();
    void measureColumns();
    void place();
    int topHeight() const;

    Document& m_document;
    DifferenceModel* m_model;
    QLabel* m_againstLabel;
    QComboBox* m_against;
    QCheckBox* m_hexadecimal;
    TableView* m_table;
    std::optional<std::size_t> m_firstDiffering; ///< row that was scrolled to
};

} // namespace qbn::ui
