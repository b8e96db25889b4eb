#pragma once

#include "ui/document/document.h"
#include "ui/table/table_model.h"

namespace qbn::ui {

/// What every backend makes of the current code, and on how many codes of the channel it differs
/// from the chosen one.
class BackendModel : public TableModel
{
    Q_OBJECT

public:
    enum Column : int
    {
        Title,
        BeforeRounding, ///< in output steps, zero point included
        Code,
        Differ,
        ColumnCount
    };

    explicit BackendModel(Document& document, QObject* parent = nullptr);

    const Backend& backendAt(int row) const;
    int otherRow() const; ///< the one that is explained beside the chosen one

protected:
    QVariant otherData(int row, int column, int role) const override;

private:
    void refresh();
    const BackendResult& result(int row) const;
    double beforeRounding(int row) const;
    QString toolTip(int row) const;

    Document& m_document;
    const Backend* m_chosen = nullptr;
    bool m_isPlaceholder = false; ///< nobody gave what the codes depend on
};

} // namespace qbn::ui
