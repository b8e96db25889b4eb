#pragma once

#include "app/cli/command.h"
#include "app/cli/explain_output.h"
#include "core/formats/session/question_card.h"
#include "core/paste/claim.h"

#include <optional>
#include <string>
#include <vector>

namespace qbn::cli {

/// A layer to be explained, and what was read to get it.
struct Subject
{
    BatchNormLayer layer;
    Reading reading;
    std::string backend; ///< that the session was saved with; may be empty
    std::optional<SavedView> view; ///< of a question card about this layer
};

/// What a text gave: a layer each, or only sentences.
struct PrintSubjects
{
    std::vector<Subject> layers;
    std::vector<Claim> claims;
    std::vector<std::string> answers; ///< where there is no layer
};

// These complain, give the exit code and nothing else where there is no subject.

/// The layer of the file of the command that --layer names.
std::optional<Subject> subject_of_file(const QCommandLineParser& parser,
                                       const QCommandLineOption& layer, ExitCode& code);

/// What the text of --print says: its layers on their own, or filled into the session's layer if there is one.
std::optional<PrintSubjects> subjects_of_print(const QCommandLineParser& parser,
                                               const QCommandLineOption& print,
                                               const QCommandLineOption& layer,
                                               const std::optional<Subject>& base, ExitCode& code);

std::optional<PrintSubjects> only(std::optional<Subject> subject);

} // namespace qbn::cli
