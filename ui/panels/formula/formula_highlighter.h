#pragma once

#include <QColor>
#include <QSyntaxHighlighter>

namespace qbn::ui {

/// Colours the text of a formula (core/formula/syntax.h) by what its words are, in the colours of the palette.
class FormulaHighlighter : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

    void setPalette(const QPalette& palette);

protected:
    void highlightBlock(const QString& line) override;

private:
    void highlightWords(const QString& line, qsizetype end);

    QColor m_comment, m_header, m_function, m_number;
};

} // namespace qbn::ui
