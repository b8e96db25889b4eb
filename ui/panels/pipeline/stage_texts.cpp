#include "ui/panels/pipeline/stage_texts.h"

#include "ui/look/number_text.h"
#include "ui/panels/pipeline/parameter_fields.h"
#include "ui/panels/pipeline/stage_lines.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

/// Digits of the numbers inside of a formula, where room is short.
constexpr int formulaDigits = 7;

struct StageTexts
{
    Q_DECLARE_TR_FUNCTIONS(StageTexts)
};

QString textOf(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QString operand(double value)
{
    return operandText(value, formulaDigits);
}

QString first(double value)
{
    return std::isnan(value) ? u"NaN"_s : shortNumber(value, formulaDigits);
}

/// The stage on whose card a backend's own step is listed.
Stage stageOf(std::string_view step)
{
    if (step == "centred" || step == "dequantized")
        return Stage::dequantize;
    if (step == "std_dev" || step == "inv_std" || step == "normalized")
        return Stage::normalize;
    if (step == "requantized" || step == "reciprocal" || step == "shifted")
        return Stage::requantize;
    return Stage::affine;
}

QString stepText(const TraceStep& step)
{
    const QString value = step.format == TraceStep::Format::binary32
        ? fullNumber(static_cast<float>(step.value))
        : fullNumber(step.value);
    return u"%1 = %2\n    = %3"_s.arg(textOf(step.name), textOf(step.formula), value);
}

QString backendSteps(const Evaluation& evaluation, Stage stage)
{
    const BackendResult& result = evaluation.result();
    if (result.backend->is_exact())
        return {};
    QStringList lines;
    for (const TraceStep& step : result.trace.steps)
        if (stageOf(step.name) == stage)
            lines << stepText(step);
    if (lines.isEmpty())
        return {};
    lines.prepend(StageTexts::tr("%1 computes:").arg(textOf(result.backend->title)));
    return lines.join(u'\n');
}

/// Fills in what every card has: the texts for the pointer and for What's This.
void explain(StageCardContent& card, const Evaluation& evaluation, Stage stage,
             const QString& sentence, const QStringList& digits)
{
    QStringList parts{sentence};
    const QString steps = backendSteps(evaluation, stage);
    if (!steps.isEmpty())
        parts << steps;
    card.help = parts.join(u"\n\n"_s);
    parts = {card.title + u'\n' + digits.join(u'\n')};
    if (!steps.isEmpty())
        parts << steps;
    card.tooltip = parts.join(u"\n\n"_s);
}

/// "gamma, beta", "12 values": a badge has room for two names.
QString namesOf(const std::vector<Field>& fields)
{
    if (fields.size() > 2)
        return StageTexts::tr("%1 values").arg(fields.size());
    QStringList names;
    for (const Field field : fields)
        names << QString::fromStdString(spaced_name(field));
    return names.join(u", "_s);
}

/// What the chosen backend has by this name on its way; nothing if it has no such intermediate.
std::optional<double> ofBackend(const Evaluation& e, std::string_view name)
{
    const Requantized& result = e.result().trace.result;
    if (e.chosen->is_exact())
        return {};
    if (name == "requantized")
        return result.steps + e.layer->output.zero_point;
    for (const TraceStep& step : e.result().trace.steps)
        if (step.name == name)
            return step.value;
    return {};
}

/// The backend's number, large; beside it the exact one where the two part in the digits shown, or that it is the exact one. Where
/// they part in the digits of the calculation, which is the exact one, it says what it gives.
double showResult(StageCardContent& card, const Evaluation& e, std::string_view name, double exact,
                  ValueKind kind)
{
    const std::optional<double> own = ofBackend(e, name);
    const double shown = own.value_or(exact);
    card.result = shortNumber(shown);
    card.kind = std::isnan(shown) ? ValueKind::Problem : kind;
    if (const QString text = shortNumber(exact); own && text != card.result) {
        card.badges.push_back({.text = StageTexts::tr("exact %1").arg(text)});
        if (first(shown) != first(exact))
            card.substituted += u" = "_s + first(exact);
    } else if (!own && !e.chosen->is_exact()) {
        card.badges.push_back({.text = StageTexts::tr("exact")});
    }
    return shown;
}

/// Nothing where the value was given, or is a default.
QString remarkOf(Origin origin)
{
    switch (origin) {
    case Origin::example:
        return StageTexts::tr("made up");
    case Origin::proposed:
        return StageTexts::tr("proposed");
    case Origin::inferred:
        return StageTexts::tr("assumed");
    default:
        return {};
    }
}

/// What nobody gave is no result; what was only assumed is marked on the card that uses it.
void showOrigins(StageCardContent& card, const Evaluation& e, Stage stage)
{
    const int channel = e.selection.channel;
    if (const auto unknown = unknown_fields(*e.layer, channel, stage); !unknown.empty()) {
        card.kind = ValueKind::Muted;
        card.badges.insert(card.badges.begin(),
                           {.text = StageTexts::tr("%1 unknown").arg(namesOf(unknown)),
                            .shape = StatusShape::Ring,
                            .field = unknown.front()});
        return;
    }
    for (const Field field : fieldsOf(stage)) {
        const bool isMinor = field == Field::eps || field == Field::relu; // the dot says it
        const int of = is_per_channel(field) ? channel : -1;
        const QString remark = remarkOf(e.layer->provenance.of(field, of).origin);
        const bool isSaid = std::ranges::any_of(
            card.badges, [&](const Badge& badge) { return badge.text == remark; });
        if (!isMinor && !remark.isEmpty() && !isSaid)
            card.badges.push_back({.text = remark,
                                   .shape = StatusShape::Dot,
                                   .kind = ValueKind::Assumed,
                                   .field = field});
    }
}

Badge problem(const QString& text)
{
    return {.text = text, .shape = StatusShape::Warning, .kind = ValueKind::Problem};
}

StageCardContent inputCard(const Evaluation& e)
{
    const CodeType type = e.layer->input.type;
    const std::int32_t code = e.selection.code;
    StageCardContent card;
    card.title = StageTexts::tr("Input code");
    card.formula = u"input-code"_s;
    card.substituted = hexText(code, type) + u'\n' + binaryText(code, type);
    card.result = QString::number(code);
    card.kind = ValueKind::Code;
    card.line = codeLine(type.qmin(), type.qmax(), code, ValueKind::Code);
    explain(card, e, Stage::input_code,
            StageTexts::tr("The integer that the layer receives. Type it, step it with the arrow "
                           "keys, drag the dot, or give the real value that it stands for."),
            {StageTexts::tr("%1 of %2, from %3 to %4")
                 .arg(card.result, QString::fromStdString(name_of(type)))
                 .arg(type.qmin())
                 .arg(type.qmax())});
    return card;
}

StageCardContent dequantizeCard(const Evaluation& e)
{
    const QuantizationParameters& input = e.layer->input;
    const CodeRow& row = e.row();
    StageCardContent card;
    card.title = StageTexts::tr("Dequantize");
    card.formula = u"dequantize"_s;
    card.substituted = u"%1 · (%2 − %3)"_s.arg(first(input.scale))
                           .arg(row.input_code)
                           .arg(operand(input.zero_point));
    card.result = shortNumber(row.dequantized);
    card.kind = std::isnan(row.dequantized) ? ValueKind::Problem : ValueKind::Real;
    card.line = dequantizedLine(e);
    showOrigins(card, e, Stage::dequantize);
    explain(card, e, Stage::dequantize,
            StageTexts::tr("The real number that the code stands for, as frameworks print it in "
                           "binary32. The line spans what all codes stand for."),
            {StageTexts::tr("binary32: %1").arg(fullNumber(row.dequantized)),
             StageTexts::tr("exact: %1").arg(fullNumber(row.exact.dequantized)),
             StageTexts::tr("scale: %1").arg(fullNumber(input.scale))});
    return card;
}

StageCardContent normalizeCard(const Evaluation& e)
{
    const BatchNormLayer& layer = *e.layer;
    const int channel = e.selection.channel;
    const CodeRow& row = e.row();
    const double variance = layer.var[channel] + layer.eps;
    StageCardContent card;
    card.title = StageTexts::tr("Normalize");
    card.formula = u"normalize"_s;
    card.substituted = u"(%1 − %2)\n/ √(%3 + %4)"_s.arg(
        first(row.exact.dequantized), operand(layer.mean[channel]), first(layer.var[channel]),
        operand(layer.eps));
    const double normalized
        = showResult(card, e, "normalized", row.exact.normalized, ValueKind::Real);
    if (variance < 0)
        card.badges.push_back(problem(StageTexts::tr("√ of a negative")));
    else if (variance == 0)
        card.badges.push_back(problem(StageTexts::tr("divides by zero")));
    card.line = normalizedLine(normalized);
    showOrigins(card, e, Stage::normalize);
    explain(card, e, Stage::normalize,
            StageTexts::tr("How many standard deviations the value lies from the channel's mean. "
                           "eps keeps the root from zero."),
            {StageTexts::tr("exact: %1").arg(fullNumber(row.exact.normalized)),
             StageTexts::tr("mean: %1").arg(fullNumber(layer.mean[channel])),
             StageTexts::tr("var: %1").arg(fullNumber(layer.var[channel])),
             StageTexts::tr("eps: %1").arg(fullNumber(layer.eps))});
    return card;
}

StageCardContent affineCard(const Evaluation& e)
{
    const BatchNormLayer& layer = *e.layer;
    const int channel = e.selection.channel;
    const CodeRow& row = e.row();
    StageCardContent card;
    card.title = StageTexts::tr("Affine");
    card.formula = u"affine"_s;
    card.substituted = u"%1 · %2\n+ %3"_s.arg(
        first(layer.gamma[channel]), operand(row.exact.normalized), operand(layer.beta[channel]));
    const double affine = showResult(card, e, "affine", row.exact.affine, ValueKind::Real);
    card.line = affineLine(layer.output, affine);
    showOrigins(card, e, Stage::affine);
    explain(card, e, Stage::affine,
            StageTexts::tr("The learned scale and shift. The line shows what "
                           "the output codes can stand for; what lies in the hatched ends "
                           "saturates."),
            {StageTexts::tr("exact: %1").arg(fullNumber(row.exact.affine)),
             StageTexts::tr("gamma: %1").arg(fullNumber(layer.gamma[channel])),
             StageTexts::tr("beta: %1").arg(fullNumber(layer.beta[channel]))});
    return card;
}

StageCardContent requantizeCard(const Evaluation& e)
{
    const QuantizationParameters& output = e.layer->output;
    const CodeRow& row = e.row();
    const Requantized& exact = e.exact().trace.result;
    StageCardContent card;
    card.title = StageTexts::tr("Requantize");
    card.formula = u"requantize"_s;
    card.substituted = u"%1 / %2\n+ %3"_s.arg(first(row.exact.affine), operand(output.scale),
                                              operand(output.zero_point));
    const double requantized
        = showResult(card, e, "requantized", row.exact.requantized, ValueKind::Output);
    if (exact.tie)
        card.badges.push_back({.text = StageTexts::tr("tie"),
                               .shape = StatusShape::Diamond,
                               .kind = ValueKind::Output});
    if (exact.output_code != row.output_code)
        card.badges.push_back(problem(StageTexts::tr("exact gives %1").arg(exact.output_code)));
    card.line = requantizedLine(requantized, e.result().trace.result, output.type);
    showOrigins(card, e, Stage::requantize);
    explain(card, e, Stage::requantize,
            StageTexts::tr("The value in output steps, before it is rounded, half to even, and "
                           "clamped. The line shows the codes next to it and "
                           "the boundaries between them."),
            {StageTexts::tr("exact: %1").arg(fullNumber(row.exact.requantized)),
             StageTexts::tr("scale: %1").arg(fullNumber(output.scale))});
    return card;
}

std::vector<Badge> outputBadges(const Evaluation& e)
{
    const Requantized& result = e.result().trace.result;
    // What a conversion makes of NaN is no saturation, whichever end it is.
    if (std::isnan(result.steps))
        return {problem(StageTexts::tr("not a number"))};
    std::vector<Badge> badges;
    if (result.saturation == Saturation::low)
        badges.push_back({StageTexts::tr("saturated low"), StatusShape::Down, ValueKind::Problem});
    if (result.saturation == Saturation::high)
        badges.push_back({StageTexts::tr("saturated high"), StatusShape::Up, ValueKind::Problem});
    if (result.relu_clamped)
        badges.push_back({StageTexts::tr("ReLU"), StatusShape::Dot, ValueKind::Output});
    return badges;
}

StageCardContent outputCard(const Evaluation& e)
{
    const QuantizationParameters& output = e.layer->output;
    const CodeRow& row = e.row();
    const Requantized& result = e.result().trace.result;
    StageCardContent card;
    card.title = StageTexts::tr("Output code");
    card.formula = e.layer->relu ? u"output-code-relu"_s : u"output-code"_s;
    card.substituted = u"round(%1) + %2\n"_s.arg(first(result.steps), operand(output.zero_point))
        + StageTexts::tr("value %1").arg(shortNumber(row.output_value));
    card.result = QString::number(row.output_code);
    card.kind = ValueKind::Output;
    card.badges = outputBadges(e);
    showOrigins(card, e, Stage::output_code);
    card.line
        = codeLine(output.type.qmin(), output.type.qmax(), row.output_code, ValueKind::Output);
    explain(
        card, e, Stage::output_code,
        StageTexts::tr("The integer that %1 gives, and the real value it stands for, as "
                       "frameworks print it in binary32.")
            .arg(textOf(e.chosen->title)),
        {StageTexts::tr("%1, %2 %3")
             .arg(hexText(row.output_code, output.type), binaryText(row.output_code, output.type),
                  QString::fromStdString(name_of(output.type))),
         StageTexts::tr("value: %1").arg(fullNumber(row.output_value)),
         StageTexts::tr("before rounding: %1").arg(fullNumber(result.steps)),
         StageTexts::tr("rounded: %1").arg(fullNumber(result.rounded)),
         StageTexts::tr("with the zero point: %1").arg(fullNumber(result.sum))});
    return card;
}

quint32 bitsOf(std::int32_t code, CodeType type)
{
    return static_cast<quint32>(code) & ((1U << type.bits) - 1U);
}

} // namespace

std::array<StageCardContent, stage_count> stageContents(const Evaluation& evaluation)
{
    return {inputCard(evaluation),  dequantizeCard(evaluation), normalizeCard(evaluation),
            affineCard(evaluation), requantizeCard(evaluation), outputCard(evaluation)};
}

QString hexText(std::int32_t code, CodeType type)
{
    return u"0x%1"_s.arg(bitsOf(code, type), (type.bits + 3) / 4, 16, QLatin1Char('0'));
}

QString binaryText(std::int32_t code, CodeType type)
{
    return u"0b%1"_s.arg(bitsOf(code, type), type.bits, 2, QLatin1Char('0'));
}

QString helpPageOf(Stage stage)
{
    static const std::array<QString, stage_count> pages{u"input-code"_s, u"dequantize"_s,
                                                        u"normalize"_s,  u"affine"_s,
                                                        u"requantize"_s, u"output-code"_s};
    return pages[static_cast<std::size_t>(stage)];
}

} // namespace qbn::ui
