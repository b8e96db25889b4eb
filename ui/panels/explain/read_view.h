#pragma once

#include "core/paste/understanding.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTextBrowser;

namespace qbn::ui {

class PastedText;

/// What a pasted text was taken for: the text in colours, and beside it what was understood,
/// assumed and is missing, with the lines of Python that print it.
class ReadView : public QWidget
{
    Q_OBJECT

public:
    explicit ReadView(QWidget* parent = nullptr);

    void show(const QString& text, const Understanding& understanding);
    void forget();
    /// Whether there is a button for it; there is one at first.
    void setMergeOffered(bool offered);

signals:
    void corrected(const Correction& correction);
    void mergeRequested(); ///< into the layer that was open before

protected:
    void changeEvent(QEvent* event) override;

private:
    void showLegend();

    QLabel* m_legend;
    PastedText* m_text;
    QTextBrowser* m_read; ///< what was understood, assumed and missing
    QPushButton* m_merge;
};

} // namespace qbn::ui
