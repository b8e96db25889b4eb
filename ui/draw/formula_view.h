#pragma once

#include <QByteArray>
#include <QSvgRenderer>
#include <QWidget>

namespace qbn::ui {

/// Shows one of the formulas of resources/formulas in the colour of the text, left-aligned, its
/// axis in the middle so that neighbours stand on one line. Where it does not fit it shrinks; it is
/// never cut. The accessible name is the formula as it is spoken.
class FormulaView : public QWidget
{
    Q_OBJECT

public:
    explicit FormulaView(QWidget* parent = nullptr);

    /// The file's name without its suffix; empty: no formula.
    void setFormula(const QString& name);

    /// How much smaller than preferred it is painted at the present size, 0 to 1.
    qreal shownScale() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int fontHeight() const;
    QSizeF preferredSize() const;
    void color();

    QString m_name;
    QByteArray m_source; ///< whose colour is still to be set
    QSvgRenderer m_picture;
};

} // namespace qbn::ui
