#include "ui/panels/explain/pasted_text.h"

#include "ui/look/plain_text.h"
#include "ui/look/theme.h"

#include <QEvent>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextOption>
#include <QTimer>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <utility>

namespace qbn::ui {

namespace {

/// What a person can say that a number is.
struct Choice
{
    const char* title;
    PrintMeaning meaning;
};

const auto& choices()
{
    static const std::array all{
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "Input value"),
               {.role = PrintRole::input, .side = PrintSide::input}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "Input scale"),
               {.role = PrintRole::scale, .side = PrintSide::input}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "Input zero point"),
               {.role = PrintRole::zero_point, .side = PrintSide::input}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "Output value"),
               {.role = PrintRole::output, .side = PrintSide::output}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "Output scale"),
               {.role = PrintRole::scale, .side = PrintSide::output}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "Output zero point"),
               {.role = PrintRole::zero_point, .side = PrintSide::output}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "Mean"), {.role = PrintRole::mean}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "Variance"), {.role = PrintRole::var}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "gamma (weight)"),
               {.role = PrintRole::gamma}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "beta (bias)"), {.role = PrintRole::beta}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "eps"), {.role = PrintRole::eps}},
        Choice{QT_TRANSLATE_NOOP("qbn::ui::PastedText", "None of these"),
               {.role = PrintRole::other}},
    };
    return all;
}

bool isOfInput(const Claim& claim)
{
    return claim.use == Claim::Use::input
        || (claim.use == Claim::Use::field
            && (claim.field == Field::input_scale || claim.field == Field::input_zero_point));
}

bool isOfOutput(const Claim& claim)
{
    return claim.use == Claim::Use::output
        || (claim.use == Claim::Use::field
            && (claim.field == Field::output_scale || claim.field == Field::output_zero_point));
}

/// Control characters and marks of direction are seen as one character each, so that every place
/// stays where it is.
QString visible(QString text)
{
    for (QChar& c : text) {
        const bool isHidden
            = c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
        if (c == QLatin1Char('\r'))
            c = QLatin1Char(' ');
        else if (isHidden && c != QLatin1Char('\n') && c != QLatin1Char('\t'))
            c = QChar::ReplacementCharacter;
    }
    return text;
}

QColor colourOf(const Claim& claim, const Colors& colors)
{
    if (claim.use == Claim::Use::left)
        return colors.muted;
    return isOfInput(claim) ? colors.code : isOfOutput(claim) ? colors.output : colors.real;
}

} // namespace

PastedText::PastedText(QWidget* parent)
    : QTextBrowser(parent)
{
    setObjectName(QStringLiteral("pastedText"));
    setAccessibleName(tr("The pasted text, with what its numbers became"));
    setToolTip(tr("Numbers are coloured by what they became"));
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    viewport()->setCursor(Qt::IBeamCursor);
}

void PastedText::setPasted(const QString& text, std::vector<Claim> claims)
{
    m_claims = std::move(claims);
    m_places.clear();
    setPlainText(visible(text));
    // Claims count bytes of UTF-8, the document UTF-16.
    const QByteArray utf8 = text.toUtf8();
    qsizetype bytes = 0;
    int position = 0;
    const auto positionOf = [&](std::uint32_t offset) {
        const auto wanted = std::min<qsizetype>(offset, utf8.size());
        position
            += static_cast<int>(QString::fromUtf8(utf8.constData() + bytes, wanted - bytes).size());
        bytes = wanted;
        return position;
    };
    for (const Claim& claim : m_claims) {
        const int begin = positionOf(claim.offset);
        m_places.push_back({begin, positionOf(claim.offset + claim.size)});
    }
    colour();
    const auto used = std::find_if(m_claims.begin(), m_claims.end(), [](const Claim& claim) {
        return claim.use != Claim::Use::left;
    });
    QTextCursor cursor(document());
    cursor.setPosition(used == m_claims.end()
                           ? 0
                           : m_places[static_cast<std::size_t>(used - m_claims.begin())].begin);
    setTextCursor(cursor);
    // Its line at the top, not at the end of what is seen; the panel may get its size only then.
    QTimer::singleShot(0, this, [this] {
        verticalScrollBar()->setValue(verticalScrollBar()->value() + cursorRect().top());
    });
}

void PastedText::forget()
{
    m_claims.clear();
    m_places.clear();
    clear();
}

const Claim* PastedText::claimAt(int position) const
{
    const auto behind
        = std::upper_bound(m_places.begin(), m_places.end(), position,
                           [](int wanted, const Place& place) { return wanted < place.begin; });
    if (behind == m_places.begin() || position > std::prev(behind)->end)
        return nullptr;
    return &m_claims[static_cast<std::size_t>(behind - m_places.begin()) - 1];
}

void PastedText::colour()
{
    const Colors colors = colorsFor(palette());
    QTextCursor whole(document());
    whole.select(QTextCursor::Document);
    QList<ExtraSelection> selections;
    ExtraSelection grey;
    grey.cursor = whole;
    grey.format.setForeground(colors.muted);
    selections.append(grey);
    for (std::size_t i = 0; i < m_claims.size(); ++i) {
        if (m_claims[i].use == Claim::Use::left)
            continue;
        ExtraSelection number;
        number.cursor = QTextCursor(document());
        number.cursor.setPosition(m_places[i].begin);
        number.cursor.setPosition(m_places[i].end, QTextCursor::KeepAnchor);
        const QColor colour = colourOf(m_claims[i], colors);
        constexpr double tint = 0.16;
        number.format.setForeground(colour);
        number.format.setBackground(blend(palette().color(QPalette::Base), colour, tint));
        selections.append(number);
    }
    setExtraSelections(selections);
}

bool PastedText::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QTextBrowser::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPoint place = viewport()->mapFrom(this, help->pos());
    const Claim* claim = claimAt(cursorForPosition(place).position());
    const QString said = claim == nullptr ? toolTip()
        : claim->use == Claim::Use::left
        ? tr("%1: not used, %2").arg(shownText(claim->text), shownText(claim->meaning))
        : tr("%1: %2. Click to correct it").arg(shownText(claim->text), shownText(claim->meaning));
    QToolTip::showText(help->globalPos(), plainToolTip(said), this);
    return true;
}

void PastedText::mouseReleaseEvent(QMouseEvent* event)
{
    QTextBrowser::mouseReleaseEvent(event);
    if (event->button() != Qt::LeftButton || textCursor().hasSelection())
        return;
    if (const Claim* claim = claimAt(cursorForPosition(event->position().toPoint()).position()))
        offerCorrections(*claim, event->globalPosition().toPoint());
}

void PastedText::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_claims.empty())
        colour();
}

void PastedText::offerCorrections(const Claim& claim, const QPoint& place)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("correctionMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addSection(tr("%1 is").arg(shownText(claim.text)));
    const std::uint32_t offset = claim.offset;
    for (const Choice& choice : choices()) {
        connect(menu->addAction(tr(choice.title)), &QAction::triggered, this,
                [this, offset, meaning = choice.meaning] {
                    emit corrected({.offset = offset, .meaning = meaning});
                });
    }
    menu->popup(place);
}

} // namespace qbn::ui

#include "moc_pasted_text.cpp"
