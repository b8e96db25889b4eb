#pragma once

#include "ui/panels/help/placeholders.h"

#include <QString>
#include <QStringList>
#include <QUrl>

namespace qbn::ui {

/// The pages in resources/help, by their ids: "normalize", "eps", "no-affine" (a recipe's id is its
/// page's), ...
QStringList helpPageIds();

/// Where the program holds a page.
QUrl helpPageUrl(const QString& id);
/// The id of a page's address.
QString helpPageId(const QUrl& url);

/// "index" and "eps" give "Contents" and "eps"; empty for an unknown id.
QString helpPageTitle(const QString& id);

/// The page as it stands, with its placeholders (ui/panels/help/placeholders.h); empty for an unknown id.
QString helpPageSource(const QString& id);
/// The same with the numbers in place, short as on the cards.
QString helpPageText(const QString& id, const Placeholders& values);

} // namespace qbn::ui
