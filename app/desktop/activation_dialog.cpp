#include "app/desktop/activation_dialog.h"

#include "ui/look/plain_text.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace qbn::desktop {

namespace {

/// "out.npy", "conv1_output.npy"
bool isNamedOutput(const QString& path)
{
    return QFileInfo(path).fileName().contains(QStringLiteral("out"), Qt::CaseInsensitive);
}

} // namespace

ActivationDialog::ActivationDialog(const BatchNormLayer& layer, const QString& folder,
                                   const QStringList& proposed, QWidget* parent)
    : QDialog(parent)
    , m_folder(folder)
    , m_layout(new QComboBox(this))
    , m_shape(new QLineEdit(this))
    , m_message(ui::plainLabel(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel, this))
{
    setObjectName(QStringLiteral("activationDialog"));
    setWindowTitle(tr("Load activations"));
    auto* about = ui::plainLabel(tr("The whole input of %1, its output, or both, as codes of %2 "
                                    "and %3: .npy, an array of an "
                                    ".npz as FILE.npz:NAME, or raw bytes. Both show which backend "
                                    "gave the output. A session "
                                    "does not keep them.")
                                     .arg(ui::shownText(layer.name),
                                          QString::fromStdString(name_of(layer.input.type)),
                                          QString::fromStdString(name_of(layer.output.type))),
                                 this);
    about->setWordWrap(true);
    auto* form = new QFormLayout;
    m_input = addFile(*form, QStringLiteral("activationInput"), tr("&Input"));
    m_output = addFile(*form, QStringLiteral("activationOutput"), tr("&Output"));
    m_layout->setObjectName(QStringLiteral("activationLayout"));
    m_layout->addItems({tr("NCHW: in the second dimension"), tr("NHWC: in the last dimension")});
    m_shape->setObjectName(QStringLiteral("activationShape"));
    m_shape->setPlaceholderText(tr("of raw bytes: 1, %1, 112, 112").arg(layer.channels()));
    form->addRow(tr("&Channels"), m_layout);
    form->addRow(tr("&Shape"), m_shape);
    auto* swapButton = m_buttons->addButton(tr("S&wap"), QDialogButtonBox::ActionRole);
    swapButton->setObjectName(QStringLiteral("swapActivations"));
    swapButton->setAutoDefault(false);
    swapButton->setToolTip(tr("What is the input becomes the output"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(about);
    column->addLayout(form);
    column->addWidget(m_message);
    column->addWidget(m_buttons);
    resize(560, sizeHint().height());

    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(swapButton, &QPushButton::clicked, this, &ActivationDialog::swap);
    for (const QComboBox* file : {m_input, m_output})
        connect(file, &QComboBox::editTextChanged, this, &ActivationDialog::check);
    connect(m_shape, &QLineEdit::textChanged, this, &ActivationDialog::check);
    propose(proposed);
    m_buttons->button(QDialogButtonBox::Open)->setDefault(true);
    m_input->setFocus();
    check();
}

QComboBox* ActivationDialog::addFile(QFormLayout& form, const QString& name, const QString& label)
{
    auto* file = new QComboBox(this);
    file->setEditable(true);
    file->setInsertPolicy(QComboBox::NoInsert);
    file->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    file->setObjectName(name);
    file->setAccessibleName(QString(label).remove(u'&'));
    auto* browse = new QPushButton(tr("Choose…"), this);
    browse->setObjectName(name + QStringLiteral("Browse"));
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, [this, file] { choose(*file); });
    auto* row = new QHBoxLayout;
    row->addWidget(file, 1);
    row->addWidget(browse);
    auto* title = new QLabel(label, this);
    title->setBuddy(file);
    form.addRow(title, row);
    return file;
}

void ActivationDialog::choose(QComboBox& file)
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Activations"), m_folder,
                                                      tr("Arrays (*.npy *.npz);;All files (*)"));
    if (path.isEmpty())
        return;
    m_folder = QFileInfo(path).absolutePath();
    file.clear();
    for (const DumpFile& array : arrays_in(path))
        file.addItem(array.text());
    file.setEditText(file.count() > 0 ? file.itemText(0) : path);
}

void ActivationDialog::propose(const QStringList& arrays)
{
    m_input->addItems(arrays);
    m_output->addItems(arrays);
    qsizetype output = 0;
    while (output < arrays.size() && !isNamedOutput(arrays[output]))
        ++output;
    if (output == arrays.size() && output != 1)
        output = 1;
    m_output->setEditText(arrays.value(output));
    m_input->setEditText(arrays.value(output == 0 ? 1 : 0));
}

void ActivationDialog::swap()
{
    const QString input = m_input->currentText();
    m_input->setEditText(m_output->currentText());
    m_output->setEditText(input);
}

/// Says what is missing before something is read.
void ActivationDialog::check()
{
    const bool isShape
        = m_shape->text().trimmed().isEmpty() || parse_shape(m_shape->text()).has_value();
    const bool isNamed = !m_input->currentText().isEmpty() || !m_output->currentText().isEmpty();
    m_message->setText(!isShape ? tr("The shape is no list of numbers, such as 1, 64, 112, 112")
                           : isNamed ? QString()
                                     : tr("Name the input, the output, or both"));
    m_buttons->button(QDialogButtonBox::Open)->setEnabled(isShape && isNamed);
}

DumpRequest ActivationDialog::request() const
{
    DumpRequest request;
    if (!m_input->currentText().isEmpty())
        request.input = DumpFile::named(m_input->currentText());
    if (!m_output->currentText().isEmpty())
        request.output = DumpFile::named(m_output->currentText());
    request.order = m_layout->currentIndex() == 1 ? ChannelOrder::nhwc : ChannelOrder::nchw;
    if (!m_shape->text().trimmed().isEmpty())
        request.shape = parse_shape(m_shape->text());
    return request;
}

} // namespace qbn::desktop

#include "moc_activation_dialog.cpp"
