#pragma once

#include "app/desktop/settings.h"
#include "core/paste/understanding.h"
#include "ui/document/document.h"

#include <QObject>

class QWidget;

namespace qbn::desktop {

/// Pastes what Python printed and loads observations, each as one undoable step, with the dialogs
/// around it. What fails is told in one box with one sentence, and nothing has changed then.
class ObservationActions : public QObject
{
    Q_OBJECT

public:
    ObservationActions(ui::Document& document, Settings& settings, QWidget* window);

    /// The clipboard's text.
    void paste();
    /// A text with a layer's mean and variance, or a question card, replaces the layers; one with
    /// less is filled into the selected layer. Goes to the first observation.
    void pasteText(const QString& text);

    /// Puts a question card of the selected layer, channel and code on the clipboard.
    void copyQuestion();

    void loadWithDialog();
    /// A CSV file, or the .npy arrays of input and output in this order. False if it failed.
    bool load(const QStringList& paths);

signals:
    void pasted(const Understanding& understanding);
    void loaded();
    void said(const QString& sentence); ///< for the status bar

private:
    void pasteCard(const QByteArray& session);
    void replaceLayers(const Understanding& understanding);
    void replaceModel(Model model);
    void fillIn(const Understanding& understanding);
    void goTo(const Observation& observation);

    ui::Document& m_document;
    Settings& m_settings;
    QWidget* m_window;
};

} // namespace qbn::desktop
