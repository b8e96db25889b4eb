#pragma once

#include <QObject>

#include <functional>
#include <vector>

class QCheckBox;
class QComboBox;

namespace qbn::ui {

class FloatEdit;
class IntEdit;
class ValueSlider;

/// What stands behind a field. A check box reads and writes 0 and 1, a combo box the number that is
/// its item's data.
struct FieldAccess
{
    std::function<double()> get;
    std::function<void(double)> set;
    std::function<void()> beginGesture; ///< a drag or the visit of an editor begins
    std::function<void()> endGesture;
};

/// Ties one field to its editors. Only the user's hand writes; refresh() shows what is there now in
/// every editor and writes nothing, so a value never goes round in a circle.
class FieldBinding : public QObject
{
    Q_OBJECT

public:
    explicit FieldBinding(FieldAccess access, QObject* parent = nullptr);
    /// Ends the gesture that is going on.
    ~FieldBinding() override;

    void bind(FloatEdit* edit);
    void bind(IntEdit* edit);
    void bind(ValueSlider* slider);
    void bind(QCheckBox* box);
    void bind(QComboBox* box);

    void refresh();
    /// Writes what is being typed in an editor.
    void commit();

private:
    template <typename Editor> void bindVisits(Editor* editor);

    void begin();
    void end();

    FieldAccess m_access;
    bool m_isInGesture = false;
    std::vector<std::function<void(double)>> m_show;
    std::vector<std::function<void()>> m_commit;
};

} // namespace qbn::ui
