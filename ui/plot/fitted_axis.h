#pragma once

#include <QFont>
#include <QSize>
#include <QString>
#include <QVector>

class QCPAxis;

namespace qbn::ui {

/// Keeps the ticks and the label of an axis to what it has room for: fewer ticks where their numbers
/// would touch, no label where it would be longer than the axis or leave no height to the curves.
class FittedAxis
{
public:
    explicit FittedAxis(QCPAxis& axis)
        : m_axis(&axis)
    { }

    QCPAxis& axis() const { return *m_axis; }
    void setMostTicks(int count);
    void setLabel(const QString& label);

    /// By the lengths of the last layout. True if another frame would look different.
    bool fit();

private:
    bool isFitted();
    bool comesToRest();
    int fittingTicks() const;
    bool isLabelFitting() const;

    QCPAxis* m_axis;
    int m_mostTicks = 5;
    QString m_label;
    bool m_isLabelFitting = true;

    // What the last fit was made for.
    QSize m_area;
    QVector<QString> m_numbers;
    QFont m_numberFont, m_labelFont;
    QString m_fittedLabel;
    int m_changes = 0; ///< of frames that came one behind the other, for this size and range
    QSize m_plotSize;
    double m_low = 0, m_high = 0;
};

} // namespace qbn::ui
