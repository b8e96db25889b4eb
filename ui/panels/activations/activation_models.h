#pragma once

#include "ui/panels/activations/activation_runner.h"
#include "ui/table/table_model.h"

namespace qbn::ui {

/// One row a channel: what the chosen backend makes of its elements, or, of an output alone, what was read.
class ChannelActivationModel : public TableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Channel,
        Elements,
        ClampedLow,
        ClampedHigh,
        Unused,
        Sqnr,
        ColumnCount
    };

    explicit ChannelActivationModel(const ActivationRunner& runner, QObject* parent = nullptr);

private:
    TableColumn clampColumn(bool isHigh);
    const CodeUse& outputOf(int row) const; ///< computed, or read where there is no input
    const ChannelActivation* activationOf(int row) const; ///< null without an input

    const ActivationRunner& m_runner;
};

/// One row a backend: how many elements of the output are its own.
class AgreementModel : public TableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Name,
        Agreeing,
        Never,
        Partly,
        Worst,
        ColumnCount
    };

    AgreementModel(const ActivationRunner& runner, const Document& document,
                   QObject* parent = nullptr);

    const BackendAgreement& agreementAt(int row) const;
    int rowOf(const Backend* backend) const; ///< -1: none

private:
    QVariant otherData(int row, int column, int role) const override;

    const ActivationRunner& m_runner;
    const Document& m_document;
};

/// One row a pair of codes that the backend that is looked at does not give, by their first places.
class DisagreementModel : public TableModel
{
    Q_OBJECT

public:
    /// More are not listed.
    static constexpr int most = 10'000;

    explicit DisagreementModel(const ActivationRunner& runner, QObject* parent = nullptr);

    const Disagreement& disagreementAt(int row) const;

private:
    const ActivationRunner& m_runner;
};

/// "99.95 %": two decimals, cut, so that what is not all is never 100 %; "–" of none.
QString cutShareText(std::uint64_t part, std::uint64_t all);

} // namespace qbn::ui
