#include "ui/panels/explain/paste_preview.h"

#include "ui/look/plain_text.h"
#include "ui/panels/explain/read_view.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace qbn::ui {

namespace {

// "2 layers, 3 observations; 14 of 21 numbers are used"
QString summaryOf(const Understanding& read)
{
    std::size_t observations = 0;
    for (const auto& seen : read.observations)
        observations += seen.size();
    const auto used = std::count_if(read.claims.begin(), read.claims.end(), [](const Claim& claim) {
        return claim.use != Claim::Use::left;
    });
    const auto counted = [](auto count, const QString& one, const QString& many) {
        return QStringLiteral("%1 %2").arg(count).arg(count == 1 ? one : many);
    };
    return PastePreview::tr("%1, %2; %3 of %4 numbers are used")
        .arg(counted(read.model.layers.size(), PastePreview::tr("layer"),
                     PastePreview::tr("layers")),
             counted(observations, PastePreview::tr("observation"),
                     PastePreview::tr("observations")))
        .arg(used)
        .arg(read.claims.size());
}

} // namespace

PastePreview::PastePreview(const QString& openLayer, QWidget* parent)
    : QDialog(parent)
    , m_summary(plainLabel())
    , m_view(new ReadView)
    , m_again(new QCheckBox(tr("&Show this before each paste")))
{
    setObjectName(QStringLiteral("pastePreview"));
    setWindowTitle(tr("What was understood"));
    m_summary->setObjectName(QStringLiteral("pasteSummary"));
    m_view->setMergeOffered(false);
    m_again->setObjectName(QStringLiteral("previewAgain"));
    m_again->setChecked(true);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* open = buttons->addButton(tr("&Open as new"), QDialogButtonBox::AcceptRole);
    open->setObjectName(QStringLiteral("openPaste"));
    open->setToolTip(tr("Replaces the layers that are open; Undo brings them back"));
    auto* merge = buttons->addButton(tr("&Merge into the open layer"), QDialogButtonBox::ApplyRole);
    merge->setObjectName(QStringLiteral("mergePaste"));
    merge->setToolTip(plainToolTip(tr("Fills what was read into %1").arg(openLayer)));

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_summary);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_again);
    layout->addWidget(buttons);
    open->setDefault(true); // only now has it a dialog
    open->setFocus();
    resize(QSize(900, 560).boundedTo(screen()->availableSize() * 9 / 10));
    connect(m_view, &ReadView::corrected, this, &PastePreview::corrected);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(merge, &QPushButton::clicked, this, [this] {
        emit mergeRequested();
        done(QDialog::Rejected);
    });
}

void PastePreview::show(const QString& text, const Understanding& understanding)
{
    m_summary->setText(summaryOf(understanding));
    m_view->show(text, understanding);
}

bool PastePreview::isWantedAgain() const
{
    return m_again->isChecked();
}

} // namespace qbn::ui

#include "moc_paste_preview.cpp"
