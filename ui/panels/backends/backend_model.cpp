#include "ui/panels/backends/backend_model.h"

#include "core/evaluate/stage.h"

#include <utility>

namespace qbn::ui {

BackendModel::BackendModel(Document& document, QObject* parent)
    : TableModel(parent)
    , m_document(document)
{
    const auto quietUnlessCompared
        = [this](int row) { return result(row).compared ? QVariant() : QVariant(colors().muted); };
    const auto quietIfPlaceholder = [=, this](int row) {
        return m_isPlaceholder ? QVariant(colors().muted) : quietUnlessCompared(row);
    };
    const auto tip = [this](int row) { return toolTip(row); };
    setColumns(
        {{.kind = TableColumn::Kind::Text,
          .title = tr("backend"),
          .toolTip = tr("The chosen one is marked; the toolbar chooses"),
          .value = [this](int row) { return textOf(result(row).backend->title); },
          .color = quietUnlessCompared,
          .cellToolTip = tip},
         {.title = tr("before rounding"),
          .toolTip = tr("In output steps, zero point included, before rounding and clamp"),
          .value = [this](int row) { return beforeRounding(row); },
          .color = quietIfPlaceholder,
          .cellToolTip = tip},
         {.title = tr("code"),
          .toolTip = tr("The output code that it gives for the current input code"),
          .value = [this](int row) { return result(row).trace.result.output_code; },
          .color =
              [this](int row) {
                  const bool differs = result(row).trace.result.output_code
                      != m_document.evaluation().row().output_code;
                  const QColor agreeing = m_isPlaceholder ? colors().muted : colors().output;
                  return differs ? colors().problem : agreeing;
              },
          .cellToolTip = tip},
         {.title = tr("differ"),
          .toolTip = tr("Input codes of this channel on which it differs from the chosen backend"),
          .value = [this](int row) { return result(row).differing; },
          .color =
              [this](int row) {
                  return result(row).differing > 0 && result(row).compared ? colors().problem
                                                                           : colors().muted;
              },
          .cellToolTip = tip}});
    connect(&document, &Document::changed, this, &BackendModel::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &BackendModel::refresh);
    refresh();
}

const Backend& BackendModel::backendAt(int row) const
{
    return *result(row).backend;
}

int BackendModel::otherRow() const
{
    int row = 0;
    while (result(row).backend != m_document.evaluation().difference->second)
        ++row;
    return row;
}

QVariant BackendModel::otherData(int row, int /*column*/, int role) const
{
    const bool isChosen = result(row).backend == m_document.evaluation().chosen;
    return role == Qt::BackgroundRole && isChosen ? QVariant(colors().shade) : QVariant();
}

void BackendModel::refresh()
{
    m_isPlaceholder = !unknown_fields(m_document.layer(), m_document.selection().channel()).empty();
    // The chosen one is marked in its whole row.
    const bool isOther
        = std::exchange(m_chosen, m_document.evaluation().chosen) != m_document.evaluation().chosen;
    change(
        static_cast<int>(m_document.experiment().backends.size()), [] { },
        isOther ? Title : BeforeRounding);
}

const BackendResult& BackendModel::result(int row) const
{
    return m_document.evaluation().backends[static_cast<std::size_t>(row)];
}

double BackendModel::beforeRounding(int row) const
{
    // Of `exact` the sum itself is known, rounded once.
    if (result(row).backend->is_exact())
        return m_document.evaluation().row().exact.requantized;
    return result(row).trace.result.steps + m_document.layer().output.zero_point;
}

QString BackendModel::toolTip(int row) const
{
    const Backend& backend = *result(row).backend;
    return QStringLiteral("%1\n%2\n%3\n%4")
        .arg(textOf(backend.id), textOf(backend.formula), textOf(backend.source),
             tr("before rounding: %1").arg(numberText(beforeRounding(row))));
}

} // namespace qbn::ui

#include "moc_backend_model.cpp"
