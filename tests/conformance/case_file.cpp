#include "tests/conformance/case_file.h"

#include <algorithm>
#include <bit>

namespace qbn::conformance {

CaseWriter::CaseWriter(QIODevice& device)
    : m_stream(&device)
{
    m_stream.setByteOrder(QDataStream::LittleEndian);
    m_stream.writeRawData("qbncases", 8);
}

void CaseWriter::write(const BatchNormLayer& layer, const std::vector<std::int32_t>& codes)
{
    m_stream << quint8{layer.input.type.is_signed} << quint8{layer.output.type.is_signed}
             << quint8{layer.relu} << quint8{0} << static_cast<quint32>(layer.channels())
             << layer.input.zero_point << layer.output.zero_point;
    for (const double value : {layer.input.scale, layer.output.scale, layer.eps})
        m_stream << std::bit_cast<quint64>(value);
    for (const std::vector<double>* values : {&layer.mean, &layer.var, &layer.gamma, &layer.beta})
        writeValues(*values);
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
