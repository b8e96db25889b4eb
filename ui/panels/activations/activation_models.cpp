#include "ui/panels/activations/activation_models.h"

#include <algorithm>
#include <cmath>

namespace qbn::ui {

namespace {

double shareOf(std::uint64_t part, std::uint64_t all)
{
    return static_cast<double>(part) / static_cast<double>(all);
}

QString countText(std::uint64_t count)
{
    return QString::number(count);
}

QVariant sortable(std::uint64_t count)
{
    return static_cast<double>(count);
}

} // namespace

QString cutShareText(std::uint64_t part, std::uint64_t all)
{
    if (all == 0)
        return QStringLiteral("–");
    return QStringLiteral("%1 %").arg(std::floor(shareOf(part, all) * 1e4) / 100, 0, 'f', 2);
}

ChannelActivationModel::ChannelActivationModel(const ActivationRunner& runner, QObject* parent)
    : TableModel(parent)
    , m_runner(runner)
{
    setColumns(
        {{.title = tr("channel"), .toolTip = tr("Channel"), .value = [](int row) { return row; }},
         {.title = tr("elements"),
          .toolTip = tr("Elements of the channel in the tensor"),
          .value = [this](int row) { return sortable(outputOf(row).elements); },
          .text = [this](int row) { return countText(outputOf(row).elements); }},
         clampColumn(false),
         clampColumn(true),
         {.title = tr("unused"),
          .toolTip = tr("Output codes that no element has"),
          .value = [this](int row) { return outputOf(row).unused; }},
         {.title = tr("SQNR"),
          .toolTip = tr("Exact output over quantization error of these elements, in decibels"),
          .value =
              [this](int row) {
                  return activationOf(row) != nullptr ? activationOf(row)->sqnr() : std::nan("");
              },
          .text =
              [this](int row) {
                  const double value
                      = activationOf(row) != nullptr ? activationOf(row)->sqnr() : std::nan("");
                  if (std::isinf(value))
                      return tr("∞ dB");
                  return std::isnan(value) ? QStringLiteral("–")
                                           : tr("%1 dB").arg(value, 0, 'f', 2);
              }}});
    const auto refresh
        = [this] { change(m_runner.result() ? m_runner.result()->rows() : 0, [] { }); };
    connect(&runner, &ActivationRunner::changed, this, refresh);
    refresh();
}

/// The share of the elements that the clamp moved; of an output alone, that lie at the end.
TableColumn ChannelActivationModel::clampColumn(bool isHigh)
{
    const auto clamped = [this, isHigh](int row) {
        const ChannelActivation* const activation = activationOf(row);
        if (activation == nullptr)
            return isHigh ? outputOf(row).at_qmax : outputOf(row).at_qmin;
        return isHigh ? activation->clamped_high : activation->clamped_low;
    };
    const auto share = [=, this](int row) { return shareOf(clamped(row), outputOf(row).elements); };
    return {
        .title = isHigh ? tr("sat. high") : tr("sat. low"),
        .toolTip = isHigh
            ? tr("Share of the elements that the clamp lowers to qmax; of an output without its "
                 "input, of those at qmax")
            : tr("Share of the elements that the clamp lifts to qmin; of an output without its "
                 "input, of those at qmin"),
        .value = [share](int row) { return share(row); },
        .text = [=, this](int row) { return cutShareText(clamped(row), outputOf(row).elements); },
        .color
        = [=,
           this](int row) { return share(row) > 0.01 ? QVariant(colors().problem) : QVariant(); },
        .cellToolTip =
            [=, this](int row) {
                const CodeUse& use = outputOf(row);
                return tr("Channel %1: %2 of %3 elements; %4 at %5, mean code %6")
                    .arg(row)
                    .arg(clamped(row))
                    .arg(use.elements)
                    .arg(isHigh ? use.at_qmax : use.at_qmin)
                    .arg(isHigh ? tr("qmax") : tr("qmin"))
                    .arg(use.mean, 0, 'f', 2);
            }};
}

const CodeUse& ChannelActivationModel::outputOf(int row) const
{
    const ChannelActivation* const activation = activationOf(row);
    return activation != nullptr ? activation->output
                                 : m_runner.result()->outputs[static_cast<std::size_t>(row)];
}

const ChannelActivation* ChannelActivationModel::activationOf(int row) const
{
    const auto& channels = m_runner.result()->channels;
    return channels.empty() ? nullptr : &channels[static_cast<std::size_t>(row)];
}

AgreementModel::AgreementModel(const ActivationRunner& runner, const Document& document,
                               QObject* parent)
    : TableModel(parent)
    , m_runner(runner)
    , m_document(document)
{
    const auto colorOfAll = [this](int row) {
        const BackendAgreement& one = agreementAt(row);
        return one.agreeing == one.elements ? QVariant(colors().real) : QVariant();
    };
    setColumns(
        {{.kind = TableColumn::Kind::Text,
          .title = tr("backend"),
          .toolTip
          = tr("A click lists where the output is not its own, and goes to the first place"),
          .value = [this](int row) { return textOf(agreementAt(row).backend->title); },
          .color = colorOfAll,
          .cellToolTip = [this](int row) { return textOf(agreementAt(row).backend->id); }},
         {.title = tr("agree"),
          .toolTip = tr("Share of the elements whose output code it gives"),
          .value = [this](int row) { return agreementAt(row).share(); },
          .text =
              [this](int row) {
                  return cutShareText(agreementAt(row).agreeing, agreementAt(row).elements);
              },
          .color = colorOfAll,
          .cellToolTip =
              [this](int row) {
                  return tr("%1 of %2 elements")
                      .arg(agreementAt(row).agreeing)
                      .arg(agreementAt(row).elements);
              }},
         {.title = tr("never"),
          .toolTip = tr("Input codes, counted in each channel, none of whose elements agrees"),
          .value = [this](int row) { return agreementAt(row).never; },
          .cellToolTip =
              [this](int row) {
                  return tr("%1 of %2 codes that occur")
                      .arg(agreementAt(row).never)
                      .arg(agreementAt(row).codes);
              }},
         {.title = tr("in part"),
          .toolTip = tr("Input codes some of whose elements agree and some do not: no layer gives "
                        "several output codes for one"),
          .value = [this](int row) { return agreementAt(row).partly; }},
         {.title = tr("worst"),
          .toolTip = tr("The channel with the least share"),
          .value = [this](int row) { return agreementAt(row).worst_channel; },
          .text =
              [this](int row) {
                  const int worst = agreementAt(row).worst_channel;
                  return worst < 0 ? QStringLiteral("–") : QString::number(worst);
              }}});
    const auto refresh = [this] {
        change(m_runner.result() ? static_cast<int>(m_runner.result()->agreements.size()) : 0,
               [] { });
    };
    connect(&runner, &ActivationRunner::changed, this, refresh);
    refresh();
}

const BackendAgreement& AgreementModel::agreementAt(int row) const
{
    return m_runner.result()->agreements[static_cast<std::size_t>(row)];
}

int AgreementModel::rowOf(const Backend* backend) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (agreementAt(row).backend == backend)
            return row;
    }
    return -1;
}

QVariant AgreementModel::otherData(int row, int /*column*/, int role) const
{
    const bool isChosen = agreementAt(row).backend == m_document.evaluation().chosen;
    return role == Qt::BackgroundRole && isChosen ? QVariant(colors().shade) : QVariant();
}

DisagreementModel::DisagreementModel(const ActivationRunner& runner, QObject* parent)
    : TableModel(parent)
    , m_runner(runner)
{
    setColumns({{.title = tr("channel"),
                 .toolTip = tr("Channel"),
                 .value = [this](int row) { return disagreementAt(row).channel; }},
                {.title = tr("code"),
                 .toolTip = tr("Input code"),
                 .value = [this](int row) { return disagreementAt(row).input; },
                 .color = [this](int) { return colors().code; }},
                {.title = tr("expected"),
                 .toolTip = tr("The output code that the backend gives"),
                 .value = [this](int row) { return disagreementAt(row).expected; }},
                {.title = tr("got"),
                 .toolTip = tr("The output code that was read"),
                 .value = [this](int row) { return disagreementAt(row).got; },
                 .color = [this](int) { return colors().problem; }},
                {.title = tr("elements"),
                 .toolTip = tr("How many elements have this input code and this output code"),
                 .value = [this](int row) { return sortable(disagreementAt(row).count); },
                 .text = [this](int row) { return countText(disagreementAt(row).count); }},
                {.title = tr("first at"),
                 .toolTip = tr("The index of the first such element, as NumPy takes it"),
                 .value = [this](int row) { return sortable(disagreementAt(row).first); },
                 .text =
                     [this](int row) {
                         return QString::fromStdString(index_text(m_runner.result()->counts->layout,
                                                                  disagreementAt(row).first));
                     }}});
    const auto refresh = [this] {
        change(m_runner.result() ? static_cast<int>(std::min<std::size_t>(
                                       m_runner.result()->disagreements.size(), most))
                                 : 0,
               [] { });
    };
    connect(&runner, &ActivationRunner::changed, this, refresh);
    refresh();
}

const Disagreement& DisagreementModel::disagreementAt(int row) const
{
    return m_runner.result()->disagreements[static_cast<std::size_t>(row)];
}

} // namespace qbn::ui

#include "moc_activation_models.cpp"
