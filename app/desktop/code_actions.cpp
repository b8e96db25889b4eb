#include "app/desktop/code_actions.h"

#include "core/paste/snippets.h"
#include "ui/look/plain_text.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace qbn::desktop {

CodeActions::CodeActions(ui::Document& document, Settings& settings, QWidget* window)
    : QObject(window)
    , m_document(document)
    , m_settings(settings)
    , m_window(window)
    , m_checking(document.works())
{ }

void CodeActions::copyAs(CodeFormat format)
{
    const Backend& backend = *m_document.evaluation().chosen;
    const Result<std::string> text
        = code_text(format, {m_document.layer(), backend, std::nullopt, CodeForm::arithmetic});
    if (!text) {
        ui::showProblem(ui::shownText(text.error().message), m_window);
        return;
    }
    QApplication::clipboard()->setText(QString::fromStdString(*text));
    emit said(
        tr("The layer is on the clipboard, as %1 computes it").arg(ui::shownText(backend.title)));
}

void CodeActions::copySnippet()
{
    const std::string_view text = notebook_snippet();
    QApplication::clipboard()->setText(
        QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
    emit said(tr("Ten lines of Python are on the clipboard; paste here what they print"));
}

void CodeActions::checkPython()
{
    if (m_settings.python().isEmpty())
        chooseAndCheck();
    else
        checkWith(m_settings.python());
}

void CodeActions::chooseAndCheck()
{
    const QString python = QFileDialog::getOpenFileName(
        m_window, tr("The Python that has your PyTorch or ONNX Runtime"), m_settings.python());
    if (!python.isEmpty())
        checkWith(python);
}

void CodeActions::checkWith(const QString& python)
{
    check::CheckRequest request;
    request.python = python;
    request.layers = m_document.experiment().model.layers;
    m_checking.start(
        tr("Running your PyTorch"),
        [request](const std::stop_token& stop) { return check::check_runtimes(request, stop); },
        [this, request](const Result<check::CheckOutcome>& outcome) {
            if (outcome) {
                m_settings.setPython(request.python);
                show(*outcome, request);
                return;
            }
            m_settings.setPython({}); // so that another one can be named
            ui::showProblem(ui::shownText(outcome.error().message), m_window);
        });
}

void CodeActions::show(const check::CheckOutcome& outcome, const check::CheckRequest& request)
{
    auto* dialog = new QDialog(m_window);
    dialog->setObjectName(QStringLiteral("checkDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const QString good = outcome.compared() > 0 ? tr("All codes are the predicted ones")
                                                : tr("No code was compared");
    dialog->setWindowTitle(outcome.differs() ? tr("Some codes are not the predicted ones") : good);
    const QString report = outcome.report(request);
    auto* text = new QPlainTextEdit(
        outcome.text(request) + (report.isEmpty() ? QString() : u'\n' + report), dialog);
    text->setObjectName(QStringLiteral("checkText"));
    text->setReadOnly(true);
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QPushButton* copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    copy->setObjectName(QStringLiteral("checkCopyButton"));
    QPushButton* another = buttons->addButton(tr("&Another Python…"), QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, text,
            [text] { QApplication::clipboard()->setText(text->toPlainText()); });
    connect(another, &QPushButton::clicked, dialog, &QDialog::reject);
    connect(another, &QPushButton::clicked, this, &CodeActions::chooseAndCheck);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(text);
    layout->addWidget(buttons);
    constexpr int columns = 90;
    constexpr int rows = 24;
    dialog->resize(text->fontMetrics().averageCharWidth() * columns,
                   text->fontMetrics().height() * rows);
    dialog->show();
}

} // namespace qbn::desktop

#include "moc_code_actions.cpp"
