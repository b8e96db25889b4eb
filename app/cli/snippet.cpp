#include "app/cli/command.h"
#include "app/cli/output.h"
#include "core/paste/snippets.h"

namespace qbn::cli {

ExitCode run_snippet(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "Writes ten lines of Python for your notebook, where bn is a quantized batch norm of "
        "PyTorch and x what goes into it. They print all that the layer is, with codes in and out; "
        "qbn explain --print and the window's Edit > Paste read that whole."));
    if (const auto code = parse(parser, arguments, 0))
        return *code;
    Output output({});
    output.write(notebook_snippet());
    return output.finish();
}

} // namespace qbn::cli
