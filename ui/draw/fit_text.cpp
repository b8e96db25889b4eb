#include "ui/draw/fit_text.h"

#include <QEvent>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr int smallestFittedSize = 6;
/// Below this size a number broken in two rows reads better than a smaller whole one.
constexpr int smallestUnbroken = 10;
constexpr qreal rowSpacing = 1.28;

struct Attempt
{
    QString text;
    int smallest;
    bool insideWords;
};

bool isOperator(const QString& word)
{
    return word.size() == 1 && u"+-−·×/=→"_s.contains(word);
}

/// The pieces of a line between which it may break: before an operator, not behind it.
QStringList atomsOf(const QString& line)
{
    QStringList atoms;
    bool glue = false;
    for (const QString& word : line.split(u' ')) {
        if (glue)
            atoms.last() += u' ' + word;
        else
            atoms << word;
        glue = isOperator(word);
    }
    return atoms;
}

/// Atoms that belong to one bracket made one, as long as they fit into a row.
QStringList unitsOf(const QString& line, qsizetype columns)
{
    QStringList units;
    QStringList open;
    qsizetype depth = 0;
    for (const QString& atom : atomsOf(line)) {
        open << atom;
        depth += atom.count(u'(') - atom.count(u')');
        if (depth > 0)
            continue;
        const QString whole = open.join(u' ');
        if (whole.size() <= columns)
            units << whole;
        else
            units << open;
        open.clear();
    }
    return units << open;
}

/// Breaks every line of `text` into rows of at most `columns` characters. Nothing if a word is
/// longer than that and `insideWords` is false.
QStringList wrapped(const QString& text, qsizetype columns, bool insideWords)
{
    QStringList rows;
    for (const QString& line : text.split(u'\n')) {
        QString row;
        for (QString word : unitsOf(line, columns)) {
            if (!row.isEmpty() && row.size() + 1 + word.size() <= columns) {
                row += u' ' + word;
                continue;
            }
            if (!row.isEmpty())
                rows << row;
            for (; word.size() > columns; word.remove(0, columns)) {
                if (!insideWords)
                    return {};
                rows << word.left(columns);
            }
            row = word;
        }
        rows << row;
    }
    return rows;
}

} // namespace

FitText::FitText(qreal factor, qreal rows, QWidget* parent)
    : QWidget(parent)
    , m_factor(factor)
    , m_rows(rows)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void FitText::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    m_fitted = {};
    update();
}

void FitText::setKind(ValueKind kind)
{
    if (kind == m_kind)
        return;
    m_kind = kind;
    update();
}

void FitText::setBold(bool bold)
{
    m_bold = bold;
    forget();
}

qreal FitText::shownWidth() const
{
    const QFontMetricsF metrics(face(fitted().pixelSize).font());
    qreal width = 0;
    for (const QString& row : fitted().rows)
        width = std::max(width, metrics.horizontalAdvance(row));
    return width;
}

QSize FitText::sizeHint() const
{
    return {preferredPixelSize() * 8, qCeil(preferredPixelSize() * rowSpacing * m_rows)};
}

QSize FitText::minimumSizeHint() const
{
    return {40, qCeil(preferredPixelSize() * rowSpacing * m_rows)};
}

int FitText::preferredPixelSize() const
{
    return qRound(QFontInfo(font()).pixelSize() * m_factor);
}

const FixedPitchFace& FitText::face(int pixelSize) const
{
    // Looking up a font costs more than painting it, and the same few sizes come again and again.
    auto found = m_faces.find(pixelSize);
    if (found == m_faces.end()) {
        QFont mono = monospaceFont(font());
        mono.setPixelSize(pixelSize);
        mono.setHintingPreference(QFont::PreferNoHinting);
        mono.setWeight(m_bold ? QFont::Medium : QFont::Normal);
        found = m_faces.emplace(pixelSize, mono).first;
    }
    return found->second;
}

const FitText::Fitted& FitText::fitted() const
{
    if (m_fitted.pixelSize == 0 || m_fitted.room != size())
        m_fitted = fit();
    return m_fitted;
}

FitText::Fitted FitText::fit() const
{
    QString flowing = m_text;
    flowing.replace(u'\n', u' ');
    const int preferred = preferredPixelSize();
    const int whole = std::min(preferred, smallestUnbroken);
    // The line breaks that were asked for, then any between words, then any at all.
    for (const Attempt& attempt : {Attempt{m_text, whole, false}, Attempt{flowing, whole, false},
                                   Attempt{flowing, smallestFittedSize, true}}) {
        for (int size = preferred; size >= attempt.smallest; --size) {
            const auto columns = static_cast<qsizetype>((width() + 0.01) / face(size).advance());
            const auto room = static_cast<qsizetype>(height() / (size * rowSpacing) + 0.01);
            if (columns < 1)
                continue;
            const QStringList rows = wrapped(attempt.text, columns, attempt.insideWords);
            if (!rows.isEmpty() && rows.size() <= std::max<qsizetype>(1, room))
                return {rows, size, this->size()};
        }
    }
    return {{flowing}, smallestFittedSize, size()};
}

void FitText::paintEvent(QPaintEvent*)
{
    const Fitted& shown = fitted();
    const FixedPitchFace& mono = face(shown.pixelSize);
    const qreal spacing = shown.pixelSize * rowSpacing;
    const bool single = shown.rows.size() == 1 && m_rows < 2;
    QPainter painter(this);
    painter.setPen(colorOf(colorsFor(palette()), m_kind));
    // One large number stands in the middle of its room; rows of text begin at the top.
    const qreal block = spacing * static_cast<qreal>(shown.rows.size());
    qreal y = (single || m_rows < 2 ? (height() - block) / 2 : 0) + (spacing - mono.height()) / 2
        + mono.ascent();
    for (const QString& row : shown.rows) {
        mono.draw(painter, QPointF(0, std::round(y)), row);
        y += spacing;
    }
}

void FitText::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        forget();
    else if (event->type() == QEvent::PaletteChange)
        update();
    QWidget::changeEvent(event);
}

void FitText::forget()
{
    m_fitted = {};
    m_faces.clear();
    updateGeometry();
    update();
}

} // namespace qbn::ui

#include "moc_fit_text.cpp"
