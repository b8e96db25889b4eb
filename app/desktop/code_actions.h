#pragma once

#include "app/check/runtime_check.h"
#include "app/desktop/background_work.h"
#include "app/desktop/settings.h"
#include "core/export/code_format.h"
#include "ui/document/document.h"

#include <QObject>

class QMenu;
class QWidget;

namespace qbn::desktop {

/// The way of a layer out of the program as code, and of the user's own Python into it.
class CodeActions : public QObject
{
    Q_OBJECT

public:
    CodeActions(ui::Document& document, Settings& settings, QWidget* window);

    /// Puts the selected layer, by the chosen backend, on the clipboard; or says why it cannot be said so.
    void copyAs(CodeFormat format);
    /// Puts Python on the clipboard that prints all of a layer.
    void copySnippet();

    /// Asks which Python, if none was named before, and checks with it.
    void checkPython();
    /// Runs the open layers through that Python's PyTorch and ONNX Runtime and shows what came of it.
    void checkWith(const QString& python);

signals:
    void said(const QString& sentence); ///< for the status bar

private:
    void chooseAndCheck();
    void show(const check::CheckOutcome& outcome, const check::CheckRequest& request);

    ui::Document& m_document;
    Settings& m_settings;
    QWidget* m_window;
    BackgroundWork<Result<check::CheckOutcome>> m_checking;
};

} // namespace qbn::desktop
