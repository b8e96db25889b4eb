#pragma once

#include <QString>
#include <QStringList>

namespace qbn::ui {

/// One sentence that says what a term of the program means: "scale", "zero point", "tie". Empty for
/// a word that needs none. Upper and lower case are the same.
QString definitionOf(const QString& term);

/// All terms, in alphabetical order.
QStringList glossaryTerms();

} // namespace qbn::ui
