#include "core/formats/session/question_card.h"

#include "core/arithmetic/exact.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/formats/session/session_json.h"
#include "core/paste/print_text.h"
#include "core/text/printable.h"
#include "core/text/text_number.h"

#include <algorithm>
#include <array>

namespace qbn {

namespace {

constexpr std::string_view fence = "```";
constexpr const char* card_title = "Quantized batch norm: ";
constexpr const char* dequantize_formula = "x_scale * (x_q - x_zero_point)";
constexpr const char* requantize_formula = "affine / y_scale + y_zero_point";

/// A table cell or title that shows just the text: no bar ends it, nothing in it is markup.
std::string cell(std::string_view text)
{
    std::string result;
    for (const char c : printable(text)) {
        if (std::string_view("|<[`").find(c) != std::string_view::npos)
            result += '\\';
        result += c;
    }
    return result;
}

std::string value_text(const BatchNormLayer& layer, Field field, int channel)
{
    switch (field) {
    case Field::input_type:
        return name_of(layer.input.type);
    case Field::output_type:
        return name_of(layer.output.type);
    case Field::relu:
        return layer.relu ? "fused" : "none";
    default:
        return format_number(value_of(layer, field, channel));
    }
}

std::string origin_text(const Provenance& provenance)
{
    std::string text(name_of(provenance.origin));
    return provenance.note.empty() ? text : text + ": " + provenance.note;
}

std::string parameters_text(const Question& question)
{
    const BatchNormLayer& layer = *question.layer;
    std::string text = "| parameter | value | from |\n|---|---|---|\n";
    for (const Field field : all_fields) {
        const int channel = is_per_channel(field) ? question.channel : -1;
        text += "| " + std::string(name_of(field))
            + (is_per_channel(field) ? "[" + std::to_string(question.channel) + "]" : "") + " | "
            + value_text(layer, field, question.channel) + " | "
            + cell(origin_text(layer.provenance.of(field, channel))) + " |\n";
    }
    return text;
}

std::string stages_text(const Question& question)
{
    const BatchNormLayer& layer = *question.layer;
    const ExactStages stages = ExactChannel(layer, question.channel).stages(question.input_code);
    const std::int32_t code
        = trace(*question.backend, layer, question.channel, question.input_code).result.output_code;
    const auto row = [](const char* stage, const char* formula, const std::string& value) {
        return std::string("| ") + stage + " | `" + formula + "` | " + value + " |\n";
    };
    return "| stage | formula | value |\n|---|---|---|\n"
        + row("input code", "x_q", std::to_string(question.input_code))
        + row("dequantize", dequantize_formula, format_number(stages.dequantized))
        + row("normalize", "(dequantized - mean) / sqrt(var + eps)",
              format_number(stages.normalized))
        + row("affine", "gamma * normalized + beta", format_number(stages.affine))
        + row("requantize", requantize_formula, format_number(stages.requantized))
        + row("output code", std::string(question.backend->id).c_str(), std::to_string(code))
        + row("output value", "y_scale * (y_q - y_zero_point)",
              format_number(dequantize(layer.output, code)));
}

std::string observations_text(const Report& report)
{
    if (report.diagnosis.observations.empty())
        return "Nothing was observed.\n";
    constexpr std::size_t shown = 20;
    std::string text = "| channel | input code | observed | predicted |\n|---|---|---|---|\n";
    const auto& all = report.diagnosis.observations;
    for (std::size_t i = 0; i < std::min(shown, all.size()); ++i) {
        const Observation& seen = all[i].observation;
        text += "| " + std::to_string(seen.channel) + " | " + std::to_string(seen.input_code)
            + " | " + std::to_string(seen.output_code) + " | " + std::to_string(all[i].predicted)
            + " |\n";
    }
    if (all.size() > shown)
        text += "\nand " + std::to_string(all.size() - shown) + " more\n";
    return text + "\n**" + report.sentence + "**\n";
}

/// Python's float literal (an int would make an int tensor); it has none for infinity and NaN.
std::string python(double value)
{
    const std::string text = format_number(value);
    const bool plain = text.find_first_not_of("-+.0123456789e") == std::string::npos;
    if (!plain)
        return "float('" + text + "')";
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// All channels get the parameters of the one in question: its position decides how PyTorch
/// converts overflow and NaN.
std::string script_text(const Question& question)
{
    const BatchNormLayer& layer = *question.layer;
    const int channel = question.channel;
    const auto full = [](double value) { return "torch.full((C,), " + python(value) + ")"; };
    const auto parameters = [](const QuantizationParameters& p) {
        return python(p.scale) + ", " + std::to_string(p.zero_point);
    };
    return "import torch\nC = " + std::to_string(layer.channels())
        + "\ncodes = torch.full((1, C, 1, 1), " + std::to_string(question.input_code)
        + ", dtype=torch." + (layer.input.type.is_signed ? "int8" : "uint8")
        + ")\nx = torch._make_per_tensor_quantized_tensor(codes, " + parameters(layer.input)
        + ")\ngamma, beta = " + full(layer.gamma[channel]) + ", " + full(layer.beta[channel])
        + "\nmean, var = " + full(layer.mean[channel]) + ", " + full(layer.var[channel])
        + "\ny = torch.ops.quantized.batch_norm2d" + (layer.relu ? "_relu" : "")
        + "(x, gamma, beta, mean, var, " + python(layer.eps) + ", " + parameters(layer.output)
        + ")\ny = y[0, " + std::to_string(channel)
        + ", 0, 0]\nprint(y.int_repr().item(), y.dequantize().item())\n";
}

std::string fenced(const std::string& language, const std::string& text)
{
    return std::string(fence) + language + "\n" + text + std::string(fence) + "\n";
}

/// Follows the braces and texts of JSON.
struct Nesting
{
    int depth = 0;
    bool is_text = false;

    /// Takes what stands at a place and gives how many characters of the text that was.
    qsizetype take(const QByteArray& text, qsizetype at)
    {
        const char c = text[at];
        if (is_text && c == '\\')
            return std::min<qsizetype>(2, text.size() - at);
        if (c == '"')
            is_text = !is_text;
        else if (!is_text)
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        return 1;
    }
};

/// How many characters from a place on mean nothing to Nesting nor to who copies an object.
qsizetype plain_length(const QByteArray& text, qsizetype start)
{
    static constexpr auto is_special = [] {
        std::array<bool, 256> special{};
        for (const char c : std::string_view("\"\\{}>\xc2"))
            special[static_cast<unsigned char>(c)] = true;
        return special;
    }();
    qsizetype end = start;
    while (end < text.size() && !is_special[static_cast<unsigned char>(text[end])])
        ++end;
    return end - start;
}

/// The object that begins at the brace, as JSON: between its texts quote marks and spaces that do
/// not break become spaces. Nothing if it has no end.
std::optional<QByteArray> object_at(const QByteArray& text, qsizetype brace)
{
    QByteArray object;
    object.reserve(text.size() - brace);
    Nesting nesting;
    for (qsizetype at = brace; at < text.size();) {
        const qsizetype plain = plain_length(text, at);
        object.append(text.constData() + at, plain);
        at += plain;
        if (at == text.size())
            break;
        const char c = text[at];
        const bool is_no_break_space
            = !nesting.is_text && c == '\xc2' && at + 1 < text.size() && text[at + 1] == '\xa0';
        const bool is_space = is_no_break_space || (!nesting.is_text && c == '>');
        const qsizetype length = is_no_break_space ? 2 : nesting.take(text, at);
        if (is_space)
            object += ' ';
        else
            object.append(text.constData() + at, length);
        if (nesting.depth == 0)
            return object;
        at += length;
    }
    return std::nullopt;
}

/// The object around a place, which begins at most 64 braces and 64 KiB before it. Each of these
/// braces is followed to the place, and one to the end, so the time is that of reading the text.
std::optional<QByteArray> object_around(const QByteArray& text, qsizetype place)
{
    constexpr int most_braces = 64; // between the object's begin and its format
    constexpr qsizetype most_bytes = 64 * 1024;
    qsizetype brace = place;
    for (int i = 0; i < most_braces && brace > 0; ++i) {
        brace = text.lastIndexOf('{', brace - 1);
        if (brace < 0 || place - brace > most_bytes)
            return std::nullopt;
        Nesting nesting;
        bool has_ended = false;
        for (qsizetype at = brace; at < place && !has_ended;) {
            at += nesting.take(text, at);
            has_ended = nesting.depth == 0;
        }
        if (!has_ended && !nesting.is_text)
            return object_at(text, brace);
    }
    return std::nullopt;
}

/// What only a card has, even one of which a part was lost or that was copied from a web page.
bool looks_like_card(const QByteArray& text)
{
    const qsizetype title = text.indexOf(card_title);
    const QByteArray line
        = title < 0 ? QByteArray() : text.mid(title, text.indexOf('\n', title) - title);
    const bool has_title = line.contains(", channel ") && line.contains(", input code ");
    return has_title || (text.contains(dequantize_formula) && text.contains(requantize_formula));
}

bool is_torch_type(CodeType type)
{
    return type.bits == 8;
}

} // namespace

std::string question_card(const Question& question)
{
    const BatchNormLayer& layer = *question.layer;
    Model model{.name = layer.name,
                .backend = std::string(question.backend->id),
                .layers = {std::make_shared<const BatchNormLayer>(layer)},
                .view = SavedView{.layer = 0,
                                  .channel = question.channel,
                                  .input_code = question.input_code,
                                  .unknowns = {}}};
    // The pair that follows from what is missing need not be kept: it follows again.
    if (!(question.report->unknowns == default_unknowns(layer)))
        model.view->unknowns = question.report->unknowns;
    std::string text = std::string("# ") + card_title + cell(layer.name) + ", channel "
        + std::to_string(question.channel) + ", input code " + std::to_string(question.input_code)
        + "\n\n## Parameters\n\n" + parameters_text(question) + "\n## Stages\n\n"
        + stages_text(question) + "\n## Observed\n\n" + observations_text(*question.report);
    if (is_torch_type(layer.input.type) && layer.input.type == layer.output.type)
        text += "\n## Script\n\n" + fenced("python", script_text(question));
    return text
        + "\n## Session\n\nPaste this text into Quantized Batch Norm Explorer to open it.\n\n"
        + fenced("json", write_session(model).toStdString());
}

std::optional<Result<QByteArray>> session_in(const QByteArray& bytes)
{
    const QByteArray text = QByteArray::fromStdString(utf8_text(view(bytes)));
    const qsizetype mark = text.indexOf("\"qbn-session\"");
    if (mark >= 0) {
        if (auto session = object_around(text, mark))
            return *std::move(session);
    } else if (!looks_like_card(text)) {
        return std::nullopt;
    }
    return Error{"the text is a question card, but its session is missing or not whole; copy the "
                 "card again to its end"};
}

} // namespace qbn
