#pragma once

#include <QToolButton>

namespace qbn::ui {

/// A small question mark that opens the help page of what it stands on; as high as a line of text.
class HelpButton : public QToolButton
{
    Q_OBJECT

public:
    explicit HelpButton(QWidget* parent = nullptr);

    /// What is explained: "Normalize".
    void setSubject(const QString& subject);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void initStyleOption(QStyleOptionToolButton* option) const override;
};

} // namespace qbn::ui
