#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

class QLabel;
class QWidget;

namespace qbn::ui {

/// A sentence at a field that says why it refuses what was typed: a label ("fieldMessage") below
/// the field, above it where there is no room, over whatever stands there. It asks for no layout.
class FieldMessage : public QObject
{
    Q_OBJECT

public:
    explicit FieldMessage(QWidget* field);
    ~FieldMessage() override;

    /// Empty: none.
    void show(const QString& sentence);
    /// It goes by itself in a while.
    void linger();

    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    QWidget* m_field;
    QPointer<QLabel> m_label;
    QTimer m_timer;
};

/// A frame in the colour of problems, over what was painted.
void paintProblemFrame(QWidget& field);

} // namespace qbn::ui
