#include "ui/panels/formula/formula_panel.h"

#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/look/plain_text.h"
#include "ui/look/text_kind.h"
#include "ui/look/theme.h"
#include "ui/panels/formula/formula_highlighter.h"
#include "ui/panels/formula/mathematics_view.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTextBlock>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <sstream>

namespace qbn::ui {

namespace {

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

bool isUsers(const Experiment& experiment, std::string_view id)
{
    const auto& formulas = experiment.model.formulas;
    return std::any_of(formulas.begin(), formulas.end(),
                       [id](const UserFormula& f) { return f.id == id; });
}

/// "my-onnxruntime", "my-onnxruntime-2", ...
std::string freeId(std::string_view id)
{
    const std::string base = "my-" + std::string(id);
    std::string free = base;
    for (int n = 2; find_backend(free); ++n)
        free = base + "-" + std::to_string(n);
    return free;
}

/// The same formula under another title, so that the two can be told apart in every list; nobody has checked it, nor whether its
/// roundings are bounded as a sound one's once it is changed.
std::string retitled(const std::string& text, const std::string& title)
{
    std::string copy = "title   " + title + '\n';
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("title") && !line.starts_with("checked")
            && !line.starts_with("sound"))
            copy += line + '\n';
    }
    return copy;
}

} // namespace

FormulaPanel::FormulaPanel(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_title(plainLabel(this))
    , m_asMathematics(new QToolButton(this))
    , m_copy(new QToolButton(this))
    , m_pages(new QStackedWidget(this))
    , m_editor(new QPlainTextEdit(this))
    , m_mathematics(new MathematicsView(this))
    , m_message(plainLabel(this))
    , m_highlighter(new FormulaHighlighter(m_editor->document()))
{
    setObjectName(QStringLiteral("formulaPanel"));
    m_title->setObjectName(QStringLiteral("formulaTitle"));
    m_title->setSizePolicy(QSizePolicy::Ignored,
                           QSizePolicy::Preferred); // a long title must not widen the window
    m_asMathematics->setObjectName(QStringLiteral("formulaMathematics"));
    m_asMathematics->setText(tr("As mathematics"));
    m_asMathematics->setAccessibleName(tr("As mathematics"));
    m_asMathematics->setToolTip(
        tr("Fractions and roots instead of the text, with the numbers of the selected code"));
    m_asMathematics->setCheckable(true);
    m_copy->setObjectName(QStringLiteral("formulaCopy"));
    m_copy->setText(tr("Edit a copy"));
    m_copy->setAccessibleName(tr("Edit a copy"));
    m_copy->setToolTip(tr("A backend of your own, which starts as this one; it is computed as you "
                          "type, and saved with the session"));
    m_editor->setObjectName(QStringLiteral("formulaEditor"));
    m_editor->setAccessibleName(tr("Formula"));
    m_editor->setToolTip(
        tr("What the chosen backend computes, operation by operation; each rounds once"));
    m_editor->setFont(monospaceFont(font()));
    m_editor->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_editor->setTabChangesFocus(true);
    m_editor->installEventFilter(this);
    m_message->setObjectName(QStringLiteral("formulaMessage"));
    m_message->setWordWrap(true);

    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_asMathematics);
    head->addWidget(m_copy);
    m_pages->addWidget(m_editor);
    m_pages->addWidget(m_mathematics);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addLayout(head);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_message);

    connect(m_copy, &QToolButton::clicked, this, &FormulaPanel::makeCopy);
    connect(m_asMathematics, &QToolButton::toggled, this, [this](bool on) {
        m_pages->setCurrentWidget(on ? static_cast<QWidget*>(m_mathematics) : m_editor);
        m_asMathematics->setText(on ? tr("As text") : tr("As mathematics"));
        showMathematics();
    });
    connect(m_editor, &QPlainTextEdit::textChanged, this, &FormulaPanel::commit);
    connect(&document, &Document::changed, this, &FormulaPanel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &FormulaPanel::refresh);
    m_highlighter->setPalette(palette());
}

/// What is hidden shows nothing, so it reads nothing.
void FormulaPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void FormulaPanel::refresh()
{
    if (!isVisible())
        return;
    showMathematics();
    const Backend& backend = *m_document.evaluation().chosen;
    const std::string text = backend.program ? backend.program->text() : std::string();
    if (m_id == backend.id && m_text == text)
        return; // what is half typed stays
    keepDraft();
    m_id = backend.id;
    m_text = text;
    const bool editable = isUsers(m_document.experiment(), m_id);
    m_title->setText(tr("Formula of %1").arg(shownText(backend.title)));
    m_copy->setEnabled(backend.program != nullptr);
    if (m_editor->toPlainText().toStdString() != text || m_editor->isReadOnly() == editable)
        setText(textOf(text), editable);
    if (!backend.program)
        say(tr("%1 has no formula: it is %2").arg(textOf(backend.title), textOf(backend.source)),
            false);
    else if (!editable)
        say(tr("Checked: %1").arg(textOf(backend.checked)), false);
    else
        say(tr("The formula is right: this is what is computed"), false);
    takeDraft();
}

void FormulaPanel::showMathematics()
{
    if (!m_asMathematics->isChecked())
        return;
    const auto& program = m_document.evaluation().chosen->program;
    m_mathematics->setFormula(program);
    const Trace& trace = m_document.evaluation().result().trace;
    QStringList numbers;
    for (const formula::Named& named :
         program ? program->names() : std::span<const formula::Named>()) {
        const auto step = std::find_if(trace.steps.begin(), trace.steps.end(),
                                       [&named](const auto& s) { return s.name == named.name; });
        if (named.name == "y")
            numbers << QString::number(trace.result.output_code);
        else
            numbers << (step == trace.steps.end() ? QString() : shortNumber(step->value));
    }
    m_mathematics->setNumbers(numbers);
}

void FormulaPanel::setText(const QString& text, bool editable)
{
    const QSignalBlocker blocker(m_editor);
    m_editor->setReadOnly(!editable);
    m_editor->setPlainText(text);
    m_highlighter->rehighlight();
}

/// What was typed and is not right yet, for when its backend is chosen again.
void FormulaPanel::keepDraft()
{
    const QString typed = m_editor->toPlainText();
    m_drafts.erase(m_id);
    if (!m_editor->isReadOnly() && typed.toStdString() != m_text)
        m_drafts[m_id] = {.of = m_text, .typed = typed};
}

void FormulaPanel::takeDraft()
{
    const auto draft = m_drafts.find(m_id);
    if (draft == m_drafts.end() || draft->second.of != m_text)
        return;
    setText(draft->second.typed, true);
    if (const auto program = formula::compile(draft->second.typed.toStdString()); !program)
        say(QString::fromStdString(program.error().message), true);
}

void FormulaPanel::makeCopy()
{
    const Backend& backend = *m_document.evaluation().chosen;
    if (!backend.program)
        return;
    const std::string id = freeId(backend.id);
    const std::string title(backend.title);
    const UserFormula formula{
        id, retitled(backend.program->text(), title.starts_with("My ") ? title : "My " + title)};
    m_document.edit(tr("Edit a copy of %1").arg(textOf(backend.title)), std::nullopt,
                    [&](Experiment& experiment) {
                        set_formula(experiment, formula);
                        choose_backend(experiment, id);
                    });
    m_asMathematics->setChecked(false);
    m_editor->setFocus();
}

/// Each keystroke: right formulas become the backend, wrong ones are told and change nothing.
void FormulaPanel::commit()
{
    if (m_editor->isReadOnly())
        return;
    const std::string text = m_editor->toPlainText().toStdString();
    const auto program = formula::compile(text);
    if (!program) {
        say(QString::fromStdString(program.error().message), true);
        return;
    }
    say(tr("The formula is right: this is what is computed"), false);
    m_text = text; // changed() brings nothing new then
    const EditKey key{.field = std::nullopt, .layer = -2, .channel = -1};
    m_document.edit(tr("Change the formula of %1").arg(textOf(m_id)), key,
                    [&](Experiment& experiment) { set_formula(experiment, {m_id, text}); });
    m_title->setText(tr("Formula of %1").arg(shownText(m_document.evaluation().chosen->title)));
}

bool FormulaPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_editor && event->type() == QEvent::FocusIn)
        m_document.beginGesture();
    else if (watched == m_editor && event->type() == QEvent::FocusOut)
        m_document.endGesture();
    return QWidget::eventFilter(watched, event);
}

void FormulaPanel::say(const QString& sentence, bool isProblem)
{
    m_message->setText(sentence);
    setTextKind(*m_message, isProblem ? ValueKind::Problem : ValueKind::Muted);
    mark(isProblem ? sentence : QString());
}

/// Underlines from the place that the error names to the end of its line.
void FormulaPanel::mark(const QString& error)
{
    QList<QTextEdit::ExtraSelection> marks;
    static const QRegularExpression place(QStringLiteral("^line (\\d+), column (\\d+): "));
    if (const auto match = place.match(error); match.hasMatch()) {
        const QTextBlock block
            = m_editor->document()->findBlockByNumber(match.captured(1).toInt() - 1);
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(block);
        const int last = std::max(0, block.length() - 1);
        selection.cursor.setPosition(
            block.position() + std::min(match.captured(2).toInt() - 1, std::max(0, last - 1)));
        selection.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        selection.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        selection.format.setUnderlineColor(colorsFor(palette()).problem);
        marks << selection;
    }
    m_editor->setExtraSelections(marks);
}

void FormulaPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    m_highlighter->setPalette(palette());
    mark(m_message->text()); // only an error names a place
}

} // namespace qbn::ui

#include "moc_formula_panel.cpp"
