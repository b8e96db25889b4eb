#include "ui/panels/help/help_pages.h"

#include "ui/look/number_text.h"
#include "ui/look/plain_text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

QString pathOf(const QString& id)
{
    return u":/help/%1.html"_s.arg(id);
}

std::string markUp(const Cell& cell)
{
    const auto* number = std::get_if<double>(&cell);
    const QString text = number != nullptr ? shortNumber(*number) : shownText(to_text(cell));
    return text.toHtmlEscaped().toStdString();
}

} // namespace

QStringList helpPageIds()
{
    QStringList ids;
    for (const QString& file : QDir(u":/help"_s).entryList({u"*.html"_s}, QDir::Files, QDir::Name))
        ids << QFileInfo(file).completeBaseName();
    return ids;
}

QUrl helpPageUrl(const QString& id)
{
    return QUrl(u"qrc"_s + pathOf(id));
}

QString helpPageId(const QUrl& url)
{
    return QFileInfo(url.path()).completeBaseName();
}

QString helpPageTitle(const QString& id)
{
    const QString source = helpPageSource(id);
    const QString open = u"<title>"_s;
    const qsizetype begin = source.indexOf(open);
    const qsizetype end = source.indexOf(u"</title>"_s);
    return begin < 0 ? QString() : source.sliced(begin + open.size(), end - begin - open.size());
}

QString helpPageSource(const QString& id)
{
    QFile file(pathOf(id));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString helpPageText(const QString& id, const Placeholders& values)
{
    return QString::fromStdString(
        fill_placeholders(helpPageSource(id).toStdString(), values, markUp));
}

} // namespace qbn::ui
