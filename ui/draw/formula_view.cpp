#include "ui/draw/formula_view.h"

#include <QEvent>
#include <QFile>
#include <QFontInfo>
#include <QPainter>
#include <QXmlStreamReader>

#include <algorithm>

namespace qbn::ui {

namespace {

constexpr qreal unitsPerFontHeight = 100; // see resources/formulas/make

QString titleOf(const QByteArray& svg)
{
    QXmlStreamReader reader(svg);
    while (reader.readNextStartElement())
        if (reader.name() == QStringLiteral("title"))
            return reader.readElementText();
    return {};
}

} // namespace

FormulaView::FormulaView(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void FormulaView::setFormula(const QString& name)
{
    if (name == m_name)
        return;
    m_name = name;
    QFile file(QStringLiteral(":/formulas/%1.svg").arg(name));
    m_source = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    setAccessibleName(titleOf(m_source));
    color();
    updateGeometry();
}

void FormulaView::color()
{
    QByteArray colored = m_source;
    m_picture.load(
        colored.replace("currentColor", palette().color(QPalette::WindowText).name().toLatin1()));
    update();
}

int FormulaView::fontHeight() const
{
    return qRound(QFontInfo(font()).pixelSize() * 1.4);
}

QSizeF FormulaView::preferredSize() const
{
    return m_source.isEmpty() ? QSizeF(0, 0)
                              : m_picture.viewBoxF().size() * fontHeight() / unitsPerFontHeight;
}

qreal FormulaView::shownScale() const
{
    const QSizeF preferred = preferredSize();
    return std::min({1.0, std::max(1, width() - 1) / std::max(1.0, preferred.width()),
                     height() / std::max(1.0, preferred.height())});
}

QSize FormulaView::sizeHint() const
{
    return {qCeil(preferredSize().width()) + 2, qCeil(2.75 * fontHeight())};
}

QSize FormulaView::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 40), sizeHint().height()};
}

void FormulaView::paintEvent(QPaintEvent* /*event*/)
{
    const QSizeF size = preferredSize() * shownScale();
    QPainter painter(this);
    m_picture.render(&painter, QRectF({0, (height() - size.height()) / 2}, size));
}

void FormulaView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    else if (event->type() == QEvent::PaletteChange)
        color();
    QWidget::changeEvent(event);
}

} // namespace qbn::ui

#include "moc_formula_view.cpp"
