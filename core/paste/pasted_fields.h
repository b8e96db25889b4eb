#pragma once

#include "core/layer/batch_norm.h"
#include "core/paste/claim.h"
#include "core/paste/pasted_layer.h"

#include <string>
#include <utility>
#include <vector>

namespace qbn {

/// Puts the facts of a text into a layer and says what was understood and assumed. A part of
/// understand() and merge().
class FieldWriter
{
public:
    /// `layer` has its channels already; facts of another length are left out. `prefix` begins the
    /// sentences.
    FieldWriter(BatchNormLayer& layer, const PastedLayer& pasted, std::string prefix);

    /// All facts that there are.
    void write();
    /// eps, relu, types and what affine=False means, where no fact says them.
    void write_defaults();
    /// Sentences on what is a placeholder still.
    void find_missing();

    std::vector<std::string> understood, assumed, missing;
    std::vector<UsedNumber> used;

private:
    void write_channels(Field field, const PastedFact& fact);
    void write_scalar(Field field, const PastedFact& fact);
    void write_type(Field field);
    bool is_overruled(Field field, const Provenance& provenance) const;
    void describe(Field field, const PastedFact& fact, const std::string& value);
    void note_rounding(Field field, const PastedFact& fact);
    void describe_roundings();
    void leave_out(Field field, const PastedFact& fact, const std::string& reason);
    void default_type(Field type, Field zero_point);
    void find_missing(std::vector<Field> fields);
    void find_missing_channels(Field field);
    void find_channels_not_shown();

    BatchNormLayer& layer_;
    const PastedLayer& pasted_;
    std::string prefix_;
    // What is said of the digits, and the fields of which it is said.
    std::vector<std::pair<std::string, std::vector<std::string>>> roundings_;
};

} // namespace qbn
