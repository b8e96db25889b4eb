#include "app/cli/identify_output.h"

#include "app/cli/command.h"
#include "core/text/printable.h"
#include "core/text/sentence.h"

#include <QJsonArray>

#include <algorithm>

namespace qbn::cli {

namespace {

constexpr std::size_t shown_members = 3; // beside the known backends
constexpr std::size_t shown_classes = 12;

std::string name_of(const Candidate& candidate)
{
    return printable(candidate.name)
        + (candidate.id.empty() ? "" : " (" + printable(candidate.id) + ")");
}

std::string place_of(int channel, std::int32_t input_code)
{
    return "channel " + std::to_string(channel) + ", input code " + std::to_string(input_code);
}

std::string members_text(const FormulaClass& formulas, std::size_t layer_codes)
{
    if (formulas.members.size() < 2)
        return {};
    std::string text = "     proved equal on all " + counted(layer_codes, "code")
        + " of this layer, which cannot tell them apart:\n";
    const auto known = static_cast<std::size_t>(
        std::count_if(formulas.members.begin(), formulas.members.end(),
                      [](const Candidate& candidate) { return candidate.changes == 0; }));
    const std::size_t shown
        = std::min(formulas.members.size(), std::max<std::size_t>(known, 1) + shown_members);
    for (std::size_t i = 1; i < shown; ++i)
        text += "       " + name_of(formulas.members[i]) + "\n";
    if (formulas.members.size() > shown)
        text += "       and " + counted(formulas.members.size() - shown, "more formula") + "\n";
    return text;
}

std::string class_text(std::size_t number, const FormulaClass& formulas,
                       const Identified& identified)
{
    const auto layer_codes = static_cast<std::size_t>(identified.layer->channels())
        * static_cast<std::size_t>(identified.layer->input.type.count());
    std::string text
        = "  " + std::to_string(number) + ". " + name_of(formulas.members.front()) + "\n";
    if (formulas.first_wrong) {
        const WrongCode& wrong = *formulas.first_wrong;
        text += "     " + std::to_string(formulas.reproduced) + " of "
            + std::to_string(identified.found->observed) + "; "
            + place_of(wrong.channel, wrong.input_code) + ": observed "
            + std::to_string(wrong.observed) + ", the formula gives " + std::to_string(wrong.given)
            + "\n";
        return text;
    }
    return text + members_text(formulas, layer_codes);
}

std::string telling_text(const Identification& found)
{
    if (found.complete() < 2)
        return {};
    if (!found.telling)
        return "No input code of this layer that was not observed tells them apart.\n";
    std::string text = "To tell them apart on this layer: "
        + place_of(found.telling->channel, found.telling->input_code) + " gives";
    const std::vector<std::int32_t>& codes = found.telling->codes;
    for (std::size_t i = 0; i < std::min(codes.size(), shown_classes); ++i)
        text += (i == 0 ? " " : ", ") + std::to_string(codes[i]) + " by " + std::to_string(i + 1);
    return text + (codes.size() > shown_classes ? ", and so on\n" : "\n");
}

std::string test_text(const Identified& identified)
{
    if (!identified.test)
        return {};
    const TestLayer& test = *identified.test;
    const std::size_t formulas = identified.test->candidates();
    if (test.groups.size() < 2)
        return counted(formulas, "formula")
            + " that give all codes were held against each other on "
            + counted(static_cast<std::size_t>(test.tried), "made channel")
            + " too: no code differs. That proves nothing, but tells that it seldom matters.\n";
    return "A made layer of " + counted(static_cast<std::size_t>(test.layer.channels()), "channel")
        + " parts " + counted(formulas, "formula") + " that give all codes into "
        + counted(test.groups.size(), "group")
        + "; --write-layer FILE writes it, to be run on the device.\n";
}

} // namespace

std::string identify_text(const Identified& identified)
{
    const Identification& found = *identified.found;
    std::string text;
    for (const std::string& note : identified.notes)
        text += printable(note) + "\n";
    text += "layer " + printable(identified.layer->name) + ": "
        + counted(static_cast<std::size_t>(found.observed), "code") + " observed, "
        + counted(found.tried, "formula") + " tried\n\n";
    const std::size_t complete = found.complete();
    text += complete == 0
        ? "Nothing known gives these codes. The nearest:\n"
        : "Give all " + counted(static_cast<std::size_t>(found.observed), "observed code") + ":\n";
    for (std::size_t i = 0; i < found.classes.size(); ++i) {
        if (i == complete && i > 0)
            text += "Do not:\n";
        if (i < complete && i >= shown_classes) {
            if (i == shown_classes)
                text += "  and " + std::to_string(complete - shown_classes) + " more\n";
            continue;
        }
        text += class_text(i + 1, found.classes[i], identified);
    }
    if (found.left_out > 0)
        text += counted(found.left_out, "more formula")
            + " may give all codes too; the layer is too large to compare them all\n";
    return text + "\n" + telling_text(found) + test_text(identified);
}

QJsonObject identify_json(const Identified& identified)
{
    const Identification& found = *identified.found;
    QJsonArray classes;
    for (const FormulaClass& formulas : found.classes) {
        QJsonArray members;
        for (const Candidate& candidate : formulas.members)
            members.append(QJsonObject{
                {QStringLiteral("name"), QString::fromStdString(candidate.name)},
                {QStringLiteral("backend"),
                 candidate.id.empty() ? QJsonValue()
                                      : QJsonValue(QString::fromStdString(candidate.id))},
                {QStringLiteral("changes"), candidate.changes}});
        QJsonObject object{
            {QStringLiteral("reproduced"), static_cast<qint64>(formulas.reproduced)},
            {QStringLiteral("differing"),
             static_cast<qint64>(found.observed - formulas.reproduced)},
            {QStringLiteral("formulas"), members},
            {QStringLiteral("formula"), QString::fromStdString(formulas.members.front().text())}};
        if (formulas.first_wrong)
            object[QStringLiteral("first_difference")]
                = QJsonObject{{QStringLiteral("channel"), formulas.first_wrong->channel},
                              {QStringLiteral("input_code"), formulas.first_wrong->input_code},
                              {QStringLiteral("observed"), formulas.first_wrong->observed},
                              {QStringLiteral("given"), formulas.first_wrong->given}};
        classes.append(object);
    }
    QJsonObject json{{QStringLiteral("layer"), QString::fromStdString(identified.layer->name)},
                     {QStringLiteral("observed"), static_cast<qint64>(found.observed)},
                     {QStringLiteral("tried"), static_cast<qint64>(found.tried)},
                     {QStringLiteral("complete"), static_cast<qint64>(found.complete())},
                     {QStringLiteral("left_out"), static_cast<qint64>(found.left_out)},
                     {QStringLiteral("classes"), classes}};
    if (found.telling) {
        QJsonArray codes;
        for (const std::int32_t code : found.telling->codes)
            codes.append(code);
        json[QStringLiteral("tell_apart")]
            = QJsonObject{{QStringLiteral("channel"), found.telling->channel},
                          {QStringLiteral("input_code"), found.telling->input_code},
                          {QStringLiteral("codes"), codes}};
    }
    if (identified.test)
        json[QStringLiteral("test_layer")] = QJsonObject{
            {QStringLiteral("channels"), identified.test->layer.channels()},
            {QStringLiteral("formulas"), static_cast<qint64>(identified.test->candidates())},
            {QStringLiteral("groups"), static_cast<qint64>(identified.test->groups.size())}};
    return json;
}

} // namespace qbn::cli
