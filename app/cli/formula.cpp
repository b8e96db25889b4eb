#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/formula/functions.h"
#include "core/formula/mathematics.h"

namespace qbn::cli {

namespace {

QString backend_lines()
{
    QString text;
    std::string_view group;
    for (const Backend& backend : all_backends()) {
        if (backend.group != group) {
            group = backend.group;
            text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + text_of(group)
                + QLatin1Char('\n');
        }
        text
            += QStringLiteral("  %1  %2").arg(text_of(backend.id), -24).arg(text_of(backend.title));
        if (!backend.checked.empty())
            text += QStringLiteral("; checked: ") + text_of(backend.checked);
        text += QLatin1Char('\n');
    }
    return text;
}

QString function_lines()
{
    QString text;
    for (const formula::Function& function : formula::all_functions())
        text += QStringLiteral("  %1  %2\n")
                    .arg(text_of(function.name), -22)
                    .arg(text_of(function.semantics));
    return text;
}

} // namespace

ExitCode run_formula(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Writes the formula of a backend, to be read, or to be copied into a file "
                       "of your own that --backend FILE.formula takes in "
                       "every command. Without ID: which backends there are, and with which "
                       "versions they were checked."));
    parser.addPositionalArgument(QStringLiteral("ID"),
                                 QStringLiteral("A backend, or FILE.formula to check it."),
                                 QStringLiteral("[ID]"));
    const QCommandLineOption functions_opt(
        QStringLiteral("functions"),
        QStringLiteral("List the operations that a formula may use, with what each does exactly."));
    const QCommandLineOption math_opt(
        QStringLiteral("math"),
        QStringLiteral("Write the statements of the formula as LaTeX, for a paper."));
    parser.addOption(functions_opt);
    parser.addOption(math_opt);
    if (const auto code = parse(parser, arguments, 0, 1))
        return *code;
    Output output({});
    if (parser.isSet(functions_opt)) {
        output.write(function_lines().toStdString());
        return output.finish();
    }
    if (parser.positionalArguments().isEmpty()) {
        output.write(backend_lines().toStdString());
        return output.finish();
    }
    const Backend* backend = find_backend_or_complain(parser.positionalArguments().front());
    if (!backend)
        return usage_error;
    if (!backend->program) {
        complain(QStringLiteral("%1 has no formula: it is %2")
                     .arg(text_of(backend->id), text_of(backend->source)));
        return usage_error;
    }
    output.write(parser.isSet(math_opt) ? formula::latex(*backend->program)
                                        : backend->program->text());
    return output.finish();
}

} // namespace qbn::cli
