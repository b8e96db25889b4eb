#include "ui/panels/verdict/verdict_bar.h"

#include "ui/document/document.h"
#include "ui/document/model_survey.h"
#include "ui/look/plain_text.h"
#include "ui/look/theme.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace qbn::ui {

namespace {

constexpr int edge = 10;
constexpr int gap = 12; ///< between sentences
constexpr int charactersOfARow = 150;

QString textOf(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

VerdictBar::VerdictBar(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
{
    setObjectName(u"verdict"_s);
    setFocusPolicy(Qt::TabFocus);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.1);
    setFont(large);
    embolden();
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&document, &Document::changed, this, &VerdictBar::refresh);
    connect(&document.survey(), &ModelSurvey::changed, this, &VerdictBar::refresh);
    connect(&document.selection(), &SelectionModel::changed, this, &VerdictBar::refresh);
    refresh();
}

void VerdictBar::refresh()
{
    m_verdict = verdict_of(m_document.evaluation(), m_document.survey().differences(),
                           m_document.codesBefore());
    const QString sentence = textOf(m_verdict.sentence());
    if (sentence == accessibleName())
        return;
    setAccessibleName(sentence);
    QString tip = sentence;
    if (!m_verdict.unknown.empty())
        tip += u"\n\n"_s + tr("Click: go to the field");
    else if (leadsSomewhere())
        tip += u"\n\n"_s + tr("Click: go to the next difference");
    setToolTip(plainToolTip(tip));
    setCursor(leadsSomewhere() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void VerdictBar::embolden()
{
    m_strong = font();
    m_strong.setWeight(QFont::DemiBold);
}

bool VerdictBar::leadsSomewhere() const
{
    return !m_verdict.unknown.empty() || !m_verdict.agrees() || m_verdict.model.differing > 0;
}

void VerdictBar::follow()
{
    if (!m_verdict.unknown.empty())
        emit fieldWanted(m_verdict.unknown.front());
    else if (leadsSomewhere())
        emit differenceWanted();
}

int VerdictBar::rowsAt(int width) const
{
    return width < charactersOfARow * fontMetrics().averageCharWidth() ? 2 : 1;
}

int VerdictBar::rowHeight() const
{
    return fontMetrics().height() + 4;
}

int VerdictBar::heightForWidth(int width) const
{
    return rowsAt(width) * rowHeight() + 4;
}

QSize VerdictBar::sizeHint() const
{
    return {600, heightForWidth(width())};
}

QSize VerdictBar::minimumSizeHint() const
{
    return {200, heightForWidth(width())};
}

const QStaticText& VerdictBar::piece(PieceIndex index, const QString& words,
                                     const QFont& font) const
{
    Piece& known = m_pieces[index];
    if (known.text.text() != words || known.font != font) {
        known.text.setTextFormat(Qt::PlainText);
        known.text.setText(words);
        known.text.prepare({}, font);
        known.font = font;
    }
    return known.text;
}

/// The codes in their colours. Returns where it ends.
int VerdictBar::paintTransition(QPainter& painter, int y) const
{
    const Colors colors = colorsFor(palette());
    const bool known = m_verdict.unknown.empty();
    const QString text = textOf(m_verdict.transition());
    const QString input = QString::number(m_verdict.input_code);
    const QString output = QString::number(m_verdict.output_code);
    const qsizetype inputAt = text.indexOf(input);
    const qsizetype outputAt = text.indexOf(u' ' + output + u' ', inputAt + input.size()) + 1;
    qreal x = edge;
    const auto part
        = [&](PieceIndex index, const QString& words, const QColor& color, bool strong) {
              const QFont& used = strong ? m_strong : font();
              painter.setFont(used);
              painter.setPen(color);
              const QStaticText& laidOut = piece(index, words, used);
              painter.drawStaticText(QPointF(x, y), laidOut);
              x += words.isEmpty() ? 0 : laidOut.size().width();
          };
    const QColor plain = palette().color(QPalette::WindowText);
    part(Before, text.left(inputAt), plain, false);
    part(Input, input, colors.code, true);
    part(Between, text.mid(inputAt + input.size(), outputAt - inputAt - input.size()), plain,
         false);
    part(Output, output, known ? colors.output : colors.muted, known);
    part(Behind, text.mid(outputAt + output.size()), known ? plain : colors.assumed, false);
    painter.setFont(font());
    return qCeil(x);
}

/// Of what the backends give: placeholders are judged neither good nor bad.
QColor VerdictBar::judgement(const Colors& colors) const
{
    if (!m_verdict.unknown.empty())
        return colors.muted;
    if (!m_verdict.agrees())
        return colors.problem;
    const bool good = m_verdict.nearness().empty() && m_verdict.model.differing == 0;
    return good ? colors.real : colors.assumed;
}

void VerdictBar::paintEvent(QPaintEvent*)
{
    const Colors colors = colorsFor(palette());
    const bool twoRows = rowsAt(width()) == 2;
    QPainter painter(this);
    int right = width() - edge;
    if (const QString change = textOf(m_verdict.change()); !change.isEmpty()) {
        const QStaticText& laidOut = piece(Change, change, font());
        right -= qCeil(laidOut.size().width());
        painter.setPen(colors.muted);
        painter.drawStaticText(right, 4, laidOut);
        right -= gap;
    }
    painter.setClipRect(0, 0, twoRows ? right : width(), height());
    const int end = paintTransition(painter, 4);
    painter.setClipping(false);
    const int x = twoRows ? edge : end + gap;
    const int y = twoRows ? 4 + rowHeight() : 4;
    const QString nearness = textOf(m_verdict.nearness());
    const QString rest
        = textOf(m_verdict.agreement()) + (nearness.isEmpty() ? u""_s : u" "_s) + nearness;
    painter.setPen(judgement(colors));
    const int room = (twoRows ? width() - edge : right) - x;
    if (const QStaticText& whole = piece(Rest, rest, font()); whole.size().width() <= room)
        painter.drawStaticText(x, y, whole);
    else
        painter.drawText(x, y + fontMetrics().ascent(),
                         fontMetrics().elidedText(rest, Qt::ElideRight, room));
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
        painter.drawRect(rect().adjusted(1, 0, -2, -1));
    }
}

void VerdictBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange) {
        embolden();
        updateGeometry();
    }
    update();
    QWidget::changeEvent(event);
}

void VerdictBar::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        follow();
}

void VerdictBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter
        || event->key() == Qt::Key_Space)
        follow();
    else
        QWidget::keyPressEvent(event);
}

} // namespace qbn::ui

#include "moc_verdict_bar.cpp"
