#pragma once

#include <QFrame>

namespace qbn::ui {

/// A calm surface with round corners and a thin line around it. Cards do not hold cards.
class Card : public QFrame
{
    Q_OBJECT

public:
    explicit Card(QWidget* parent = nullptr);

signals:
    void helpRequested(); ///< its question mark was clicked

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
};

/// The mark between two stages: values flow from left to right.
class StageArrow : public QWidget
{
    Q_OBJECT

public:
    explicit StageArrow(QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace qbn::ui
