#include "ui/draw/formula_view.h"

#include "ui/look/theme.h"

#include <QEvent>
#include <QFontInfo>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace qbn::ui {

namespace {

qreal widest(const std::vector<FormulaLayout>& lines)
{
    qreal width = 0;
    for (const FormulaLayout& line : lines)
        width = std::max(width, line.width());
    return width;
}

qreal stackedHeight(const std::vector<FormulaLayout>& lines, qreal gap)
{
    qreal height = gap * static_cast<qreal>(lines.size() - 1);
    for (const FormulaLayout& line : lines)
        height += line.height();
    return height;
}

constexpr qreal lineGap = 4;

} // namespace

FormulaView::FormulaView(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    relayout();
}

void FormulaView::setFormula(const Formula& formula)
{
    if (formula == m_formula)
        return;
    const QString before = m_formula.toPlainText();
    m_formula = formula;
    if (accessibleName().isEmpty() || accessibleName() == before)
        setAccessibleName(m_formula.toPlainText());
    relayout();
}

QFont FormulaView::preferredFont() const
{
    QFont serif = formulaFont(font());
    serif.setPixelSize(qRound(QFontInfo(font()).pixelSize() * 1.4));
    return serif;
}

void FormulaView::relayout()
{
    const QFont serif = preferredFont();
    m_whole = FormulaLayout(m_formula, serif);
    m_broken.clear();
    for (const Formula& line : m_formula.brokenIntoLines())
        m_broken.emplace_back(line, serif);
    m_rowHeight = qCeil(std::max(m_whole.height() + 4, 2.75 * serif.pixelSize()));
    updateGeometry();
    update();
}

FormulaView::Fitted FormulaView::fitted() const
{
    const qreal room = std::max(1, width() - 1);
    const auto scaleOf = [&](const std::vector<FormulaLayout>& lines) {
        return std::min({1.0, room / std::max(1.0, widest(lines)),
                         height() / std::max(1.0, stackedHeight(lines, lineGap))});
    };
    Fitted one{{m_whole}, scaleOf({m_whole})};
    Fitted two{m_broken, scaleOf(m_broken)};
    return one.scale >= 0.8 || two.scale < 1.2 * one.scale ? one : two;
}

QSize FormulaView::sizeHint() const
{
    return {qCeil(m_whole.width()) + 2, m_rowHeight};
}

QSize FormulaView::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 40), m_rowHeight};
}

void FormulaView::paintEvent(QPaintEvent*)
{
    const Fitted shown = fitted();
    QPainter painter(this);
    painter.scale(shown.scale, shown.scale);
    const qreal room = height() / shown.scale;
    const QColor color = palette().color(QPalette::WindowText);
    if (shown.lines.size() == 1) {
        const FormulaLayout& line = shown.lines.front();
        const qreal centred = std::round(room / 2 + line.axis());
        const qreal lowest = std::max(line.ascent(), room - line.descent());
        line.paint(painter, {0, std::clamp(centred, line.ascent(), lowest)}, color);
        return;
    }
    qreal y = (room - stackedHeight(shown.lines, lineGap)) / 2;
    for (const FormulaLayout& line : shown.lines) {
        line.paint(painter, {0, y + line.ascent()}, color);
        y += line.height() + lineGap;
    }
}

void FormulaView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        relayout();
    else if (event->type() == QEvent::PaletteChange)
        update();
    QWidget::changeEvent(event);
}

} // namespace qbn::ui
