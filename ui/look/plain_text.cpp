#include "ui/look/plain_text.h"

#include "core/text/printable.h"

#include <QLabel>
#include <QTextDocument>

#include <algorithm>

namespace qbn::ui {

QString shownText(std::string_view text)
{
    return QString::fromStdString(printable(text));
}

QString shownText(const QString& text)
{
    return shownText(text.toStdString());
}

QLabel* plainLabel(QWidget* parent)
{
    return plainLabel(QString(), parent);
}

QLabel* plainLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    return label;
}

QString plainToolTip(const QString& text)
{
    constexpr qsizetype longest = 90; // of the letters in a line; Qt wraps rich text alone
    const bool isShort = std::ranges::all_of(
        QStringView(text).split(u'\n'), [](QStringView line) { return line.size() <= longest; });
    if (isShort && !Qt::mightBeRichText(text))
        return text;
    return QStringLiteral("<p style='white-space:pre-wrap'>%1</p>").arg(text.toHtmlEscaped());
}

std::unique_ptr<QMessageBox> plainBox(QMessageBox::Icon icon, const QString& title,
                                      const QString& text, QMessageBox::StandardButtons buttons,
                                      QWidget* parent)
{
    // The text comes after its format: given to the constructor it would be read as rich first.
    auto box = std::make_unique<QMessageBox>(icon, title, QString(), buttons, parent);
    box->setTextFormat(Qt::PlainText);
    box->setText(text);
    return box;
}

void showProblem(const QString& sentence, QWidget* parent)
{
    const auto box = plainBox(QMessageBox::Warning, QMessageBox::tr("QBN Explorer"), sentence,
                              QMessageBox::Ok, parent);
    box->setObjectName(QStringLiteral("problemBox"));
    box->setTextInteractionFlags(Qt::TextSelectableByMouse);
    box->exec();
}

} // namespace qbn::ui
