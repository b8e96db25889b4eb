#include "ui/edit/number_problem.h"

#include "core/text/number_list.h"
#include "core/text/text_number.h"

#include <QCoreApplication>

namespace qbn::ui {

namespace {

struct NumberProblem
{
    Q_DECLARE_TR_FUNCTIONS(NumberProblem)
};

QString reason(const QString& text)
{
    const std::string typed = text.toStdString();
    if (parse_typed_number(typed))
        return {};
    if (text.trimmed().isEmpty())
        return NumberProblem::tr("A number is missing");
    if (const auto list = parse_number_list(typed); list && list->size() > 1)
        return NumberProblem::tr("%1 numbers where one is wanted").arg(list->size());
    return NumberProblem::tr("“%1” is not a number").arg(text.trimmed().left(40));
}

} // namespace

QString numberProblem(const QString& text, const QString& before)
{
    QString why = reason(text);
    if (why.isEmpty())
        return why;
    return before.isEmpty() ? why + u'.'
                            : NumberProblem::tr("%1; Escape brings back %2.").arg(why, before);
}

} // namespace qbn::ui
