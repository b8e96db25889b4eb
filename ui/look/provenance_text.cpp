#include "ui/look/provenance_text.h"

#include "ui/look/plain_text.h"

#include <QCoreApplication>

namespace qbn::ui {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("Provenance", text);
}

QString sentenceOf(Origin origin)
{
    switch (origin) {
    case Origin::unknown:
        return translated("Nobody gave this value, it is a placeholder");
    case Origin::file:
        return translated("Read from the file");
    case Origin::inferred:
        return translated("Read from the file; that it belongs here is an assumption");
    case Origin::typed:
        return translated("Entered here");
    case Origin::proposed:
        return translated("Proposed from the layer's statistics");
    case Origin::defaulted:
        return translated("A default");
    case Origin::example:
        return translated("Comes with the built-in example");
    case Origin::pasted:
        return translated("Read from pasted text");
    }
    return {};
}

} // namespace

QString provenanceSentence(const Provenance& provenance)
{
    QString sentence = sentenceOf(provenance.origin);
    if (!provenance.note.empty())
        sentence += QStringLiteral(": ") + shownText(provenance.note);
    return sentence;
}

} // namespace qbn::ui
