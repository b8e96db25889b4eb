#pragma once

#include <QMessageBox>
#include <QString>

#include <memory>
#include <string_view>

class QLabel;

namespace qbn::ui {

// What comes from a file, a paste or a file's name is shown letter by letter. Qt takes a text for
// rich text as soon as it looks like that, and rich text opens the files that it names.

/// Text from outside in one line, with control characters and marks of direction escaped.
QString shownText(std::string_view text);
QString shownText(const QString& text);

/// A label that shows its text as it is.
QLabel* plainLabel(QWidget* parent = nullptr);
QLabel* plainLabel(const QString& text, QWidget* parent = nullptr);

/// For QWidget::setToolTip(), QToolTip, Qt::ToolTipRole and setWhatsThis(), which cannot be told
/// that a text is plain. Long lines are wrapped.
QString plainToolTip(const QString& text);

/// A box with a plain text.
std::unique_ptr<QMessageBox> plainBox(QMessageBox::Icon icon, const QString& title,
                                      const QString& text, QMessageBox::StandardButtons buttons,
                                      QWidget* parent);

/// Tells in a box ("problemBox") what went wrong, and waits until it is closed.
void showProblem(const QString& sentence, QWidget* parent);

} // namespace qbn::ui
