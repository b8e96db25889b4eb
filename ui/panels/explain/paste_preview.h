#pragma once

#include "core/paste/understanding.h"

#include <QDialog>

class QCheckBox;
class QLabel;

namespace qbn::ui {

class ReadView;

/// What a pasted text was taken for, before anything is changed: its numbers in colours, what is assumed and missing, and a click
/// to correct a wrong guess. Accepted, the text's layers replace those that are open.
class PastePreview : public QDialog
{
    Q_OBJECT

public:
    /// `openLayer` is the name of the layer that a merge would fill.
    explicit PastePreview(const QString& openLayer, QWidget* parent = nullptr);

    void show(const QString& text, const Understanding& understanding);

    bool isWantedAgain() const; ///< whether the next paste is to be shown as well

signals:
    void corrected(const Correction& correction); ///< who answers it calls show() again
    void mergeRequested(); ///< the dialog is closed then

private:
    QLabel* m_summary;
    ReadView* m_view;
    QCheckBox* m_again;
};

} // namespace qbn::ui
