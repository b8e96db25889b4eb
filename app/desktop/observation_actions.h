#pragma once

#include "app/desktop/settings.h"
#include "core/paste/apply_paste.h"
#include "ui/document/document.h"

#include <QObject>

#include <vector>

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
    /// The layers of a text, or of a question card, replace those that are open: nothing of them
    /// is mixed in. Goes to the first observation. What a text was taken for is shown first, unless
    /// Settings say otherwise.
    void pasteText(const QString& text);
    /// The same with the text of a file.
    void openText(const QString& text, const QString& path);
    /// Pastes the last text anew, with what a person says of a number.
    void correct(const Correction& correction);
    /// Takes the last paste back and fills its text into the layer that was open before.
    void mergeText();

    /// Puts a question card of the selected layer, channel and code on the clipboard.
    void copyQuestion();

    void loadWithDialog();
    /// A CSV file, or the .npy arrays of input and output in this order. False if it failed.
    bool load(const QStringList& paths);

signals:
    void pasted(const QString& text, const Understanding& understanding);
    void textAccepted(
        const QString& path); ///< of a file: its layers are about to replace those that are open
    void replaced(); ///< what was open, by layers from the clipboard
    void previewed(); ///< a preview was closed; the settings may have changed
    void loaded();
    void said(const QString& sentence); ///< for the status bar

private:
    void pasteCard(const QByteArray& session);
    void takeBack();
    void addCorrection(const Correction& correction);
    Understanding readText(const BatchNormLayer* base) const;
    void preview(const Understanding& read);
    void applyText(const BatchNormLayer* base);
    void tellNothingFound(const Understanding& read);
    void replaceModel(Model model);
    void fillIn(const Understanding& understanding);
    void goTo(const Observation& observation);

    ui::Document& m_document;
    Settings& m_settings;
    QWidget* m_window;
    QString m_text; ///< that was pasted last
    QString m_path; ///< of the file that it stands in, until its layers are open
    std::vector<Correction> m_corrections; ///< of it
    int m_pasteIndex = 0; ///< of the undo stack, after the paste
};

} // namespace qbn::desktop
