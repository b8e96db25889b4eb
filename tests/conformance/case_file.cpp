#include "tests/conformance/case_file.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <bit>

namespace qbn::conformance {

CaseWriter::CaseWriter(QIODevice& device, const std::vector<std::string_view>& variants)
    : m_stream(&device)
{
    m_stream.setByteOrder(QDataStream::LittleEndian);
    m_stream.writeRawData("qbncases", 8);
    m_stream << static_cast<quint32>(variants.size());
    for (const std::string_view name : variants)
        m_stream << QByteArray(name.data(), static_cast<qsizetype>(name.size()));
}

void CaseWriter::write(const BatchNormLayer& layer, const std::vector<std::int32_t>& codes,
                       const std::vector<quint32>& decided)
{
    m_stream << quint8{layer.input.type.is_signed} << quint8{layer.output.type.is_signed}
             << quint8{layer.relu} << quint8{layer.intermediate.has_value()}
             << static_cast<quint32>(layer.channels()) << layer.input.zero_point
             << layer.output.zero_point;
    for (const double value : {layer.input.scale, layer.output.scale, layer.eps})
        m_stream << std::bit_cast<quint64>(value);
    if (const auto& between = layer.intermediate) {
        const std::array ends{between->gain, between->offset, between->product};
        for (const QuantizationParameters& end : ends)
            m_stream << std::bit_cast<quint64>(end.scale);
        for (const QuantizationParameters& end : ends)
            m_stream << end.zero_point;
    }
    for (const std::vector<double>* values : {&layer.mean, &layer.var, &layer.gamma, &layer.beta})
        writeValues(*values);
    for (const quint32 count : decided)
        m_stream << count;
    std::vector<char> bytes(codes.size());
    std::transform(codes.begin(), codes.end(), bytes.begin(),
                   [](std::int32_t code) { return static_cast<char>(code); });
    m_stream.writeRawData(bytes.data(), static_cast<int>(bytes.size()));
}

void CaseWriter::writeValues(const std::vector<double>& values)
{
    for (const double value : values)
        m_stream << std::bit_cast<quint32>(static_cast<float>(value));
}

} // namespace qbn::conformance
