#include "ui/field/value_list.h"

#include "core/layer/same_bits.h"
#include "core/text/number_list.h"
#include "ui/document/document.h"
#include "ui/look/number_text.h"
#include "ui/look/plain_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace qbn::ui {

namespace {

struct ValueList
{
    Q_DECLARE_TR_FUNCTIONS(ValueList)
};

/// "0.91, 0.88, 0.7 .. 1.02"
QString shownList(const std::vector<double>& values)
{
    constexpr std::size_t begin = 3;
    QStringList first;
    for (std::size_t i = 0; i < std::min(begin, values.size()); ++i)
        first << shortNumber(values[i]);
    QString text = first.join(QStringLiteral(", "));
    if (values.size() > begin + 1)
        text += QStringLiteral(", …");
    if (values.size() > begin)
        text += ValueList::tr(", last %1").arg(shortNumber(values.back()));
    return text;
}

QString refusal(const BatchNormLayer& layer, Field field, std::size_t count)
{
    if (!is_per_channel(field))
        return ValueList::tr("%1 numbers were pasted, and %2 is one number for the whole layer. "
                             "Nothing was changed.")
            .arg(QString::number(count), spokenName(field));
    if (count != static_cast<std::size_t>(layer.channels()))
        return ValueList::tr("%1 numbers were pasted, and layer %2 has %3 channels. %4 was not "
                             "changed.")
            .arg(QString::number(count), shownText(layer.name), QString::number(layer.channels()),
                 spokenName(field));
    return {};
}

} // namespace

void setFromList(Document& document, Field field, const QString& text, QWidget* parent)
{
    document.commitPending();
    auto list = read_number_list(text.toStdString());
    if (!list) {
        showProblem(ValueList::tr("The text is no list of numbers for %1: %2.")
                        .arg(spokenName(field), shownText(list.error().message)),
                    parent);
        return;
    }
    const BatchNormLayer& layer = document.layer();
    if (const QString sentence = refusal(layer, field, list->size()); !sentence.isEmpty()) {
        showProblem(sentence, parent);
        return;
    }
    int changing = 0;
    for (int channel = 0; channel < layer.channels(); ++channel)
        changing += same_bits((*list)[static_cast<std::size_t>(channel)],
                              value_of(layer, field, channel))
            ? 0
            : 1;
    const auto box
        = plainBox(QMessageBox::Question, ValueList::tr("Set %1").arg(spokenName(field)),
                   ValueList::tr("%1 of all %2 channels: %3")
                       .arg(spokenName(field), QString::number(layer.channels()), shownList(*list)),
                   QMessageBox::Ok | QMessageBox::Cancel, parent);
    box->setObjectName(QStringLiteral("listPreview"));
    box->setInformativeText(changing == 0
                                ? ValueList::tr("All channels have these values already.")
                                : ValueList::tr("%1 of %2 values change, in one step to undo.")
                                      .arg(changing)
                                      .arg(layer.channels()));
    box->setDefaultButton(QMessageBox::Ok);
    if (box->exec() == QMessageBox::Ok && changing > 0)
        document.setValues(field, std::move(*list));
}

} // namespace qbn::ui
