#include "ui/panels/formula/mathematics_view.h"

#include "ui/look/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace qbn::ui {

namespace {

constexpr qreal margin = 8;
constexpr qreal gap = 6; // between statements
constexpr qreal numberColumn = 24; // before a number

} // namespace

MathematicsView::MathematicsView(QWidget* parent)
    : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("mathematicsView"));
    setAccessibleName(tr("Formula as mathematics"));
    setToolTip(tr("Each statement with its number for the selected code; Ctrl+C copies LaTeX"));
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setBackgroundRole(QPalette::Base);
}

void MathematicsView::setFormula(std::shared_ptr<const formula::Program> program)
{
    if (program == m_program)
        return;
    m_program = std::move(program);
    m_numbers.clear();
    layOut();
}

void MathematicsView::setNumbers(const QStringList& numbers)
{
    if (numbers == m_numbers)
        return;
    m_numbers = numbers;
    viewport()->update();
}

void MathematicsView::layOut()
{
    m_pictures.clear();
    m_baseLines.clear();
    qreal at = margin;
    qreal width = 0;
    if (m_program) {
        for (const formula::Statement& statement : m_program->syntax().statements) {
            const MathematicsPicture& picture
                = m_pictures.emplace_back(formula::mathematics(statement, *m_program), font());
            m_baseLines.push_back(at + picture.ascent());
            at += picture.size().height() + gap;
            width = std::max(width, picture.width());
        }
    }
    const qreal numbers
        = QFontMetricsF(font()).horizontalAdvance(QStringLiteral("= -0.0000000000e-000"));
    m_size = {margin + width + numberColumn + numbers + margin, at + margin};
    updateScrollBars();
    viewport()->update();
}

void MathematicsView::updateScrollBars()
{
    const auto set = [](QScrollBar* bar, qreal whole, int page) {
        bar->setPageStep(page);
        bar->setSingleStep(20);
        bar->setRange(0, std::max(0, qCeil(whole) - page));
    };
    set(horizontalScrollBar(), m_size.width(), viewport()->width());
    set(verticalScrollBar(), m_size.height(), viewport()->height());
}

void MathematicsView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    const QPointF shift(-horizontalScrollBar()->value(), -verticalScrollBar()->value());
    const QColor ink = palette().color(QPalette::Text);
    const QColor muted = colorsFor(palette()).muted;
    for (std::size_t i = 0; i < m_pictures.size(); ++i) {
        const MathematicsPicture& picture = m_pictures[i];
        const QPointF place = QPointF(margin, m_baseLines[i]) + shift;
        const QRectF line(0, place.y() - picture.ascent(), width(), picture.size().height());
        if (!line.intersects(event->rect()))
            continue;
        painter.setPen(ink);
        picture.paint(painter, place);
        painter.setPen(muted);
        painter.setFont(font());
        if (const QString number = m_numbers.value(static_cast<qsizetype>(i)); !number.isEmpty())
            painter.drawText(place + QPointF(picture.width() + numberColumn, 0),
                             QStringLiteral("= ") + number);
    }
}

void MathematicsView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBars();
}

void MathematicsView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        layOut();
}

void MathematicsView::copy() const
{
    if (m_program)
        QGuiApplication::clipboard()->setText(QString::fromStdString(formula::latex(*m_program)));
}

void MathematicsView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copy();
    else
        QAbstractScrollArea::keyPressEvent(event);
}

void MathematicsView::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addAction(tr("Copy as LaTeX"), this, &MathematicsView::copy)
        ->setEnabled(m_program != nullptr);
    menu.exec(event->globalPos());
}

} // namespace qbn::ui

#include "moc_mathematics_view.cpp"
