#include "ui/panels/fold/fold_dialog.h"

#include "core/text/csv.h"
#include "core/text/number_list.h"
#include "ui/look/help_button.h"
#include "ui/look/plain_text.h"
#include "ui/table/table_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace qbn::ui {

namespace {

const QString helpPage = QStringLiteral("folding");

} // namespace

FoldDialog::FoldDialog(Document& document, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_model(new FoldModel(document, this))
    , m_layer(plainLabel(this))
    , m_table(new TableView(this))
    , m_message(plainLabel(this))
{
    setObjectName(QStringLiteral("foldDialog"));
    setWindowTitle(tr("Fold into the convolution"));
    m_layer->setObjectName(QStringLiteral("foldLayer"));
    m_layer->setWordWrap(true);
    m_message->setObjectName(QStringLiteral("foldMessage"));
    m_message->setAccessibleName(tr("What happened"));
    m_message->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    buildTable();
    auto* help = new HelpButton(this);
    help->setSubject(tr("folding"));
    auto* top = new QHBoxLayout;
    top->addWidget(m_layer, 1);
    top->addWidget(help, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout(this);
    column->addLayout(top);
    column->addWidget(m_table, 1);
    column->addWidget(m_message);
    column->addLayout(buildButtons());
    resize(680, 420);

    const auto explain = [this] { emit helpRequested(helpPage); };
    connect(help, &QToolButton::clicked, this, explain);
    connect(new QShortcut(QKeySequence::HelpContents, this), &QShortcut::activated, this, explain);
    connect(new QShortcut(QKeySequence::Paste, this), &QShortcut::activated, this,
            &FoldDialog::pasteIntoCurrentColumn);
    connect(&document, &Document::commitRequested, m_table, &TableView::commit);
    connect(&document, &Document::changed, this, &FoldDialog::showLayer);
    connect(&document.selection(), &SelectionModel::changed, this, &FoldDialog::showLayer);
    m_table->setFocus();
    showLayer();
}

// A view that goes later would commit what is being typed in it to a model that is no more.
FoldDialog::~FoldDialog()
{
    delete m_table;
}

void FoldDialog::buildTable()
{
    m_table->setObjectName(QStringLiteral("foldTable"));
    m_table->setAccessibleName(tr("Channels of the convolution"));
    m_table->setToolTip(
        tr("Double-click or F2 edits the convolution's scale or bias; Ctrl+V pastes a column"));
    m_table->setModel(m_model);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                             | QAbstractItemView::AnyKeyPressed);
    const QString number = QStringLiteral("-0.123456789");
    m_table->setSamples({QStringLiteral("4095"), number, number, number, number, number});
    m_table->setCurrentIndex(m_model->index(0, FoldModel::WeightScale));
}

QHBoxLayout* FoldDialog::buildButtons()
{
    QPushButton* scales = addButton(
        QStringLiteral("pasteScales"), tr("Paste &scales"),
        tr("A column, a list or a printed tensor goes down from the current row; a single number "
           "to all selected rows"));
    QPushButton* biases = addButton(QStringLiteral("pasteBiases"), tr("Paste &biases"),
                                    tr("The same for the convolution's biases"));
    QPushButton* copyTabs = addButton(QStringLiteral("copyTable"), tr("&Copy"),
                                      tr("Copies all channels, with tabs, for a spreadsheet"));
    QPushButton* copyCommas = addButton(QStringLiteral("copyCsv"), tr("Copy as CS&V"),
                                        tr("Copies all channels as CSV"));
    QPushButton* close
        = addButton(QStringLiteral("closeFold"), tr("Close"), tr("Closes the calculator"));
    connect(scales, &QPushButton::clicked, this, [this] { paste(FoldModel::WeightScale); });
    connect(biases, &QPushButton::clicked, this, [this] { paste(FoldModel::Bias); });
    connect(copyTabs, &QPushButton::clicked, this, [this] { copy(false); });
    connect(copyCommas, &QPushButton::clicked, this, [this] { copy(true); });
    connect(close, &QPushButton::clicked, this, &QWidget::close);
    auto* row = new QHBoxLayout;
    for (QPushButton* button : {scales, biases, copyTabs, copyCommas})
        row->addWidget(button);
    row->addStretch(1);
    row->addWidget(close);
    return row;
}

QPushButton* FoldDialog::addButton(const QString& name, const QString& text, const QString& tip)
{
    auto* button = new QPushButton(text, this);
    button->setObjectName(name);
    button->setAccessibleName(QString(text).remove(u'&'));
    button->setToolTip(tip);
    button->setAutoDefault(false); // Enter belongs to the table
    return button;
}

void FoldDialog::paste(FoldModel::Column column)
{
    const auto list = parse_number_list(QGuiApplication::clipboard()->text().toStdString());
    if (!list) {
        m_message->setText(tr("The clipboard holds no list of numbers"));
        return;
    }
    std::vector<std::pair<int, double>> numbers;
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    if (list->size() == 1 && !selected.isEmpty()) {
        for (const QModelIndex& index : selected)
            numbers.emplace_back(index.row(), list->front());
    } else {
        int row = std::max(0, m_table->currentIndex().row());
        for (const double number : *list)
            numbers.emplace_back(row++, number);
    }
    m_model->setNumbers(column, numbers);
    const auto taken = std::count_if(numbers.begin(), numbers.end(), [this](const auto& each) {
        return each.first < m_model->rowCount();
    });
    m_message->setText(tr("%1 of %2 numbers taken").arg(taken).arg(numbers.size()));
}

void FoldDialog::pasteIntoCurrentColumn()
{
    paste(m_table->currentIndex().column() == FoldModel::Bias ? FoldModel::Bias
                                                              : FoldModel::WeightScale);
}

void FoldDialog::copy(bool asCsv)
{
    const Table table = m_model->table();
    const std::string text = asCsv ? csv_header(table) + csv_rows(table) : to_tsv(table);
    QGuiApplication::clipboard()->setText(QString::fromStdString(text));
    m_message->setText(tr("%1 channels copied").arg(m_model->rowCount()));
}

void FoldDialog::showLayer()
{
    const int negated = m_model->negated();
    const QString weights = negated == 0
        ? tr("Its integer weights stay as they are")
        : tr("Its integer weights change their sign in %1 of %2 channels, where the factor is "
             "negative, and else stay")
              .arg(negated)
              .arg(m_model->rowCount());
    const QString text = tr("%1: enter what the convolution before it has. %2; scale and bias take "
                            "the batch norm.")
                             .arg(shownText(m_document.layer().name), weights);
    if (text != m_layer->text())
        m_layer->setText(text);
}

} // namespace qbn::ui

#include "moc_fold_dialog.cpp"
