#include "ui/panels/codes/code_model.h"

#include "core/evaluate/stage.h"
#include "core/layer/same_bits.h"

#include <algorithm>
#include <array>
#include <utility>

namespace qbn::ui {

namespace {

bool sameCell(const CodeRow& a, const CodeRow& b, int column)
{
    switch (column) {
    case CodeModel::InputCode:
        return a.input_code == b.input_code;
    case CodeModel::Dequantized:
        return same_bits(a.dequantized, b.dequantized);
    case CodeModel::Normalized:
        return same_bits(a.exact.normalized, b.exact.normalized);
    case CodeModel::Affine:
        return same_bits(a.exact.affine, b.exact.affine);
    case CodeModel::Requantized:
        return same_bits(a.exact.requantized, b.exact.requantized);
    case CodeModel::OutputCode:
        return a.output_code == b.output_code;
    case CodeModel::OutputValue:
        return same_bits(a.output_value, b.output_value);
    case CodeModel::SaturationColumn:
        return a.saturation == b.saturation;
    case CodeModel::Margin:
        return same_bits(a.margin.steps, b.margin.steps) && same_bits(a.margin.ulp, b.margin.ulp)
            && a.margin.tie == b.margin.tie && a.margin.near_tie() == b.margin.near_tie();
    default: // the agreement names backends and their codes, which a row does not hold
        return false;
    }
}

} // namespace

CodeModel::CodeModel(Document& document, QObject* parent)
    : TableModel(parent)
    , m_document(document)
{
    std::vector<TableColumn> columns{{.title = tr("input code"),
                                      .toolTip = tr("The code that comes in"),
                                      .value = [this](int at) { return row(at).input_code; },
                                      .color = [this](int) { return colors().code; }}};
    addStages(columns);
    columns.push_back(marginColumn());
    addResults(columns);
    for (int at = 0; at < static_cast<int>(columns.size()); ++at)
        columns[static_cast<std::size_t>(at)].cellToolTip
            = [=, this](int row) { return toolTip(row, at); };
    columns.push_back(agreementColumn());
    for (int at = Dequantized; at < ColumnCount; ++at) {
        auto& color = columns[static_cast<std::size_t>(at)].color;
        color = [this, at, usual = color](int row) {
            return isPlaceholder(at) ? QVariant(colors().muted) : usual ? usual(row) : QVariant();
        };
    }
    setColumns(std::move(columns));
    connect(&document, &Document::changed, this, &CodeModel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, [this](bool codeOnly) {
        if (!codeOnly)
            refresh();
    });
    refresh();
}

void CodeModel::addStages(std::vector<TableColumn>& columns) const
{
    columns.push_back({.title = tr("dequantized"),
                       .toolTip = tr("Its real value, binary32 as frameworks print it"),
                       .value = [this](int at) { return double{row(at).dequantized}; }});
    columns.push_back({.title = tr("normalized"),
                       .toolTip = tr("(dequantized - mean) / sqrt(var + eps), exact"),
                       .value = [this](int at) { return row(at).exact.normalized; }});
    columns.push_back({.title = tr("affine"),
                       .toolTip = tr("gamma * normalized + beta, exact"),
                       .value = [this](int at) { return row(at).exact.affine; }});
    columns.push_back({.title = tr("requantized"),
                       .toolTip = tr("affine / output scale + output zero point, exact, before "
                                     "rounding and clamp"),
                       .value = [this](int at) { return row(at).exact.requantized; }});
}

TableColumn CodeModel::marginColumn() const
{
    return {.title = tr("margin"),
            .toolTip = tr("From the exact value to where the output code changes, in output steps"),
            .value = [this](int at) { return row(at).margin.steps; },
            .text = [this](int at) { return numberText(static_cast<float>(row(at).margin.steps)); },
            .color =
                [this](int at) {
                    const CodeMargin& margin = row(at).margin;
                    return margin.tie || margin.near_tie() ? colors().problem : colors().muted;
                }};
}

void CodeModel::addResults(std::vector<TableColumn>& columns) const
{
    columns.push_back({.title = tr("output code"),
                       .toolTip = tr("The code that the chosen backend gives"),
                       .value = [this](int at) { return row(at).output_code; },
                       .color = [this](int) { return colors().output; }});
    columns.push_back(
        {.title = tr("output value"),
         .toolTip = tr("The real value of the output code, binary32 as frameworks print it"),
         .value = [this](int at) { return double{row(at).output_value}; }});
    columns.push_back({.kind = TableColumn::Kind::Text,
                       .title = tr("saturation"),
                       .toolTip = tr("The end of the output's range at which the code was clamped"),
                       .value = [this](int at) { return static_cast<int>(row(at).saturation); },
                       .text = [this](int at) { return textOf(name_of(row(at).saturation)); },
                       .color =
                           [this](int at) {
                               return row(at).saturation == Saturation::none ? colors().muted
                                                                             : colors().problem;
                           }});
}

TableColumn CodeModel::agreementColumn() const
{
    return {.kind = TableColumn::Kind::Text,
            .title = tr("agreement"),
            .toolTip = tr("Ties and near ties, and the compared backends that give another code"),
            .value =
                [this](int at) {
                    const CodeRow& code = row(at);
                    return (code.differs ? 4 : 0) + (code.margin.tie ? 2 : 0)
                        + (code.margin.near_tie() ? 1 : 0);
                },
            .text = [this](int at) { return agreement(at); },
            .color = [this](int at) { return row(at).differs ? colors().problem : colors().text; },
            .cellToolTip = [this](int at) { return agreementToolTip(at); }};
}

QVariant CodeModel::otherData(int at, int /*column*/, int role) const
{
    return role == Qt::BackgroundRole && row(at).differs ? QVariant(style().problemBackground())
                                                         : QVariant();
}

bool CodeModel::isPlaceholder(int column) const
{
    static constexpr std::array stages{Stage::input_code, Stage::dequantize, Stage::normalize,
                                       Stage::affine, Stage::requantize};
    const Stage last = column < static_cast<int>(stages.size())
        ? stages[static_cast<std::size_t>(column)]
        : Stage::output_code;
    return !m_unknown.empty() && stage_of(m_unknown.front()) <= last;
}

void CodeModel::refresh()
{
    const std::vector<Field> before = std::exchange(
        m_unknown, unknown_fields(m_document.layer(), m_document.selection().channel()));
    if (m_unknown != before)
        emitChanged(Dequantized, Agreement);
    const CodeType type = m_document.layer().input.type;
    const std::vector<CodeRow>& rows = m_document.evaluation().rows;
    if (type != m_type || rowCount() == 0) {
        change(type.count(), [&] {
            m_type = type;
            m_shown = rows;
        });
        return;
    }
    // An edit seldom changes all stages: a table repaints, and sorts by, only what did change.
    int first = 0;
    while (first < ColumnCount) {
        int last = first;
        while (last < ColumnCount && changed(rows, last))
            ++last;
        if (last > first)
            emitChanged(first, last - 1);
        first = last + 1;
    }
    m_shown = rows;
}

bool CodeModel::changed(const std::vector<CodeRow>& rows, int column) const
{
    return !std::equal(rows.begin(), rows.end(), m_shown.begin(), m_shown.end(),
                       [column](const CodeRow& a, const CodeRow& b) {
                           return a.differs == b.differs && sameCell(a, b, column);
                       });
}

const CodeRow& CodeModel::row(int row) const
{
    // Between a change of the type and the reset of this model the rows may be fewer.
    const std::vector<CodeRow>& rows = m_document.evaluation().rows;
    return rows[std::min(static_cast<std::size_t>(row), rows.size() - 1)];
}

void CodeModel::forDiffering(int at,
                             const std::function<void(const Backend&, std::int32_t)>& visit) const
{
    for (const BackendResult& result : m_document.evaluation().backends) {
        const std::int32_t other = result.codes[static_cast<std::size_t>(at)];
        if (result.compared && other != row(at).output_code)
            visit(*result.backend, other);
    }
}

QString CodeModel::agreement(int at) const
{
    const CodeRow& code = row(at);
    QStringList parts;
    if (code.margin.tie)
        parts += tr("tie");
    else if (code.margin.near_tie())
        parts += tr("near tie");
    if (code.differs)
        forDiffering(at, [&parts](const Backend& backend, std::int32_t other) {
            parts += tr("%1 gives %2").arg(textOf(backend.id)).arg(other);
        });
    return parts.join(QStringLiteral(", "));
}

QString CodeModel::toolTip(int at, int column) const
{
    const CodeRow& code = row(at);
    const QString text
        = tr("%1 of input code %2: %3")
              .arg(headerData(column, Qt::Horizontal).toString(), QString::number(code.input_code),
                   index(at, column).data().toString());
    if (column != Margin)
        return text;
    return tr("%1 output steps,\n%2 units in the last place of %3")
        .arg(text, numberText(static_cast<float>(code.margin.ulp)),
             textOf(m_document.evaluation().chosen->title));
}

QString CodeModel::agreementToolTip(int at) const
{
    const CodeRow& code = row(at);
    QStringList lines;
    if (code.margin.tie)
        lines += tr("Exactly half way between two codes");
    else if (code.margin.near_tie())
        lines += tr("So near to half way that another order of roundings could flip the code");
    if (!code.differs)
        lines += tr("All compared backends give %1").arg(code.output_code);
    forDiffering(at, [&lines](const Backend& backend, std::int32_t other) {
        lines += tr("%1 gives %2").arg(textOf(backend.id)).arg(other);
    });
    return lines.join(QLatin1Char('\n'));
}

} // namespace qbn::ui

#include "moc_code_model.cpp"
