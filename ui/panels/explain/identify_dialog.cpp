#include "ui/panels/explain/identify_dialog.h"

#include "core/formats/session/session_json.h"
#include "ui/document/document.h"
#include "ui/document/task.h"
#include "ui/look/plain_text.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace qbn::ui {

namespace {

constexpr int candidateRole = Qt::UserRole;
// More that are equal are counted, not listed.
constexpr std::size_t membersShown = 20;

std::string freeId(const Experiment& experiment)
{
    for (int number = 1;; ++number) {
        std::string id = "identified-" + std::to_string(number);
        const auto& formulas = experiment.model.formulas;
        const bool taken
            = std::any_of(formulas.begin(), formulas.end(),
                          [&](const UserFormula& formula) { return formula.id == id; });
        if (!taken)
            return id;
    }
}

} // namespace

IdentifyDialog::IdentifyDialog(Document& document, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_layer(document.experiment()
                  .model.layers[static_cast<std::size_t>(document.selection().current().layer)])
    , m_verdict(plainLabel(this))
    , m_progress(new QProgressBar(this))
    , m_list(new QTreeWidget(this))
    , m_telling(plainLabel(this))
    , m_save(new QPushButton(tr("Save a test layer…"), this))
    , m_use(new QPushButton(tr("Use this formula"), this))
    , m_close(new QPushButton(tr("Cancel"), this))
    , m_task(std::make_unique<Task<Answer>>(
          [this] { showAnswer(); }, [this](int permille) { m_progress->setValue(permille); }))
{
    setObjectName(QStringLiteral("identifyDialog"));
    setWindowTitle(tr("Who rounded this?"));
    m_verdict->setObjectName(QStringLiteral("identifyVerdict"));
    m_verdict->setWordWrap(true);
    m_verdict->setText(tr("Searching for the formula that gives what was observed of %1…")
                           .arg(shownText(m_layer->name)));
    m_progress->setObjectName(QStringLiteral("identifyProgress"));
    m_progress->setAccessibleName(tr("Progress of the search"));
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_list->setObjectName(QStringLiteral("identifyList"));
    m_list->setAccessibleName(tr("Formulas"));
    m_list->setToolTip(
        plainToolTip(tr("Formulas by the number of observed codes that they give; below each "
                        "those that no code of this layer tells from it")));
    m_list->setHeaderLabels({tr("Formula"), tr("Codes"), tr("First that differs")});
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_list->header()->setStretchLastSection(false);
    m_telling->setObjectName(QStringLiteral("identifyTelling"));
    m_telling->setWordWrap(true);
    m_save->setObjectName(QStringLiteral("identifySave"));
    m_save->setToolTip(
        plainToolTip(tr("A session with a layer that was made so that these formulas give "
                        "different codes: run it on the device")));
    m_save->setEnabled(false);
    m_use->setObjectName(QStringLiteral("identifyUse"));
    m_use->setToolTip(tr(
        "Makes it a backend that is compared with the others, or chooses the backend that it is"));
    m_use->setEnabled(false);
    m_close->setObjectName(QStringLiteral("identifyClose"));

    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_save);
    buttons->addStretch(1);
    buttons->addWidget(m_use);
    buttons->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_verdict);
    layout->addWidget(m_progress);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_telling);
    layout->addLayout(buttons);
    resize(820, 460);

    connect(m_save, &QPushButton::clicked, this, &IdentifyDialog::saveTestLayer);
    connect(m_use, &QPushButton::clicked, this, &IdentifyDialog::use);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_list, &QTreeWidget::itemSelectionChanged, this,
            [this] { m_use->setEnabled(!m_list->selectedItems().isEmpty()); });
    connect(m_list, &QTreeWidget::itemActivated, this, &IdentifyDialog::use);
    // The search goes on while one looks about, but not in another file.
    connect(&document, &Document::pathChanged, this, [this] {
        if (m_document.undoStack().count() == 0)
            reject();
    });
    start();
}

IdentifyDialog::~IdentifyDialog() = default;

void IdentifyDialog::start()
{
    auto device = device_codes(*m_layer, m_layer->observations);
    if (!device) {
        m_progress->hide();
        m_close->setText(tr("Close"));
        m_verdict->setText(shownText(device.error().message));
        return;
    }
    std::vector<const Backend*> also;
    for (const UserFormula& formula : m_document.experiment().model.formulas) {
        if (const Backend* backend = find_backend(formula.id))
            also.push_back(backend);
    }
    m_task->start(
        1000,
        [layer = m_layer, device = std::move(*device), also](const std::stop_token& stop,
                                                             const TaskProgress& progress) {
            Answer answer{
                .found = identify(*layer, device,
                                  {.also = also, .space = {}, .progress = progress, .stop = stop}),
                .test = {}};
            if (answer.found)
                answer.test = telling_layer(*layer, *answer.found, stop);
            return answer;
        });
}

void IdentifyDialog::showAnswer()
{
    Answer answer = m_task->result();
    m_progress->hide();
    m_close->setText(tr("Close"));
    if (!answer.found)
        return;
    m_test = std::move(answer.test);
    m_save->setEnabled(m_test && m_test->groups.size() > 1);
    const Identification& found = *answer.found;
    const QLocale locale;
    const auto observed = locale.toString(static_cast<qlonglong>(found.observed));
    const std::size_t complete = found.complete();
    m_verdict->setText(
        complete == 0 ? tr("Nothing known gives all %1 observed codes. The nearest of %2 formulas:")
                            .arg(observed, locale.toString(static_cast<qulonglong>(found.tried)))
                      : tr("Of %1 formulas those that stand first give all %2 observed codes. "
                           "Formulas in one entry are proved equal on every code "
                           "of this layer.")
                            .arg(locale.toString(static_cast<qulonglong>(found.tried)), observed));
    const auto name = [](const Candidate& candidate) { return shownText(candidate.name); };
    for (const FormulaClass& formulas : found.classes) {
        QTreeWidgetItem* top = nullptr;
        for (std::size_t i = 0; i < std::min(formulas.members.size(), membersShown); ++i) {
            const Candidate& candidate = formulas.members[i];
            auto* item = top ? new QTreeWidgetItem(top) : new QTreeWidgetItem(m_list);
            item->setText(0, name(candidate));
            item->setToolTip(0, plainToolTip(name(candidate)));
            item->setData(0, candidateRole, static_cast<int>(m_candidates.size()));
            m_candidates.push_back(candidate);
            if (top)
                continue;
            top = item;
            item->setText(
                1,
                tr("%1 of %2")
                    .arg(locale.toString(static_cast<qlonglong>(formulas.reproduced)), observed));
            if (const auto& wrong = formulas.first_wrong)
                item->setText(2,
                              tr("channel %1, code %2: observed %3, gives %4")
                                  .arg(wrong->channel)
                                  .arg(wrong->input_code)
                                  .arg(wrong->observed)
                                  .arg(wrong->given));
        }
        if (formulas.members.size() > membersShown) {
            auto* more = new QTreeWidgetItem(top);
            more->setText(0, tr("and %1 more").arg(formulas.members.size() - membersShown));
            more->setFlags(Qt::NoItemFlags);
        }
    }
    if (m_list->topLevelItemCount() > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0));
    showTelling(found);
}

void IdentifyDialog::saveTestLayer()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save a test layer"), QDir::current().filePath(QStringLiteral("test-layer.json")),
        tr("Sessions (*.json)"));
    if (path.isEmpty())
        return;
    Model model;
    model.name = "test layer";
    model.layers.push_back(std::make_shared<const BatchNormLayer>(m_test->layer));
    const auto error = save_session(model, path);
    m_telling->setText(
        error ? shownText(error->message)
              : tr("Saved a layer of %1 channels on which these formulas fall into %2 groups.")
                    .arg(m_test->layer.channels())
                    .arg(m_test->groups.size()));
}

void IdentifyDialog::showTelling(const Identification& found)
{
    if (!found.telling)
        return;
    QStringList codes;
    for (const std::int32_t code : found.telling->codes)
        codes += QString::number(code);
    codes.removeDuplicates();
    m_telling->setText(tr("What tells them apart: channel %1, code %2, which gives one of %3.")
                           .arg(found.telling->channel)
                           .arg(found.telling->input_code)
                           .arg(codes.join(QStringLiteral(", "))));
}

void IdentifyDialog::use()
{
    const QList<QTreeWidgetItem*> selected = m_list->selectedItems();
    if (selected.isEmpty() || !selected.front()->data(0, candidateRole).isValid())
        return;
    const Candidate& candidate
        = m_candidates[static_cast<std::size_t>(selected.front()->data(0, candidateRole).toInt())];
    if (candidate.backend) {
        m_document.chooseBackend(*candidate.backend);
    } else {
        m_document.edit(tr("Use an identified formula"), std::nullopt,
                        [&candidate](Experiment& experiment) {
                            const std::string id = freeId(experiment);
                            set_formula(experiment, {id, candidate.text()});
                            choose_backend(experiment, id);
                        });
    }
    accept();
}

} // namespace qbn::ui

#include "moc_identify_dialog.cpp"
