#pragma once

#include "core/backends/backend.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace qbn::check {

/// Which layers go through which Python.
struct CheckRequest
{
    QString python; ///< the interpreter: a path or a name on PATH
    std::vector<std::shared_ptr<const BatchNormLayer>> layers;
    int timeout_seconds = 120;
    const Backend* backend
        = nullptr; ///< what is claimed of every operator; nothing: what its version says
};

/// An operator's code that is not the predicted one.
struct CodeDifference
{
    std::size_t layer = 0;
    int channel = 0;
    std::int32_t input_code = 0;
    std::int32_t given = 0;
    std::int32_t predicted = 0;
};

/// One operator, over all layers that it took.
struct OperatorVerdict
{
    QString name; ///< "quantized::batch_norm2d"
    const Backend* claimed
        = nullptr; ///< the backend that we say it is, by the versions that were found
    qint64 compared = 0; ///< codes
    std::vector<CodeDifference> differences; ///< from claimed
    std::vector<const Backend*> agreeing; ///< on all codes; looked for where something differs
    QStringList refusals; ///< "layer \"a\": what the operator said"
};

struct CheckOutcome
{
    QString versions; ///< "Python 3.11.2, PyTorch 2.13.0+cpu (AVX2, FBGEMM), ONNX Runtime 1.30.0"
    std::vector<OperatorVerdict> verdicts;
    QStringList left_out; ///< layers that no operator takes, and why

    bool differs() const;
    qint64 compared() const; ///< codes of all operators
    /// What a person reads: a line for each operator, and of a difference its first code.
    QString text(const CheckRequest& request) const;
    /// Where something differs, all that is needed to look into it, as plain text: versions, the processor, and for each operator a
    /// question card of the layer with the differing codes as observations. Else empty.
    QString report(const CheckRequest& request) const;
};

} // namespace qbn::check
