#pragma once

#include <QWidget>

class QLabel;

namespace qbn::ui {

class AgreementMap;
class Document;

/// On how many codes of the layer the compared backends differ from the chosen one, whether it is
/// certified that none can, and a map of all of them.
class AgreementPanel : public QWidget
{
    Q_OBJECT

public:
    explicit AgreementPanel(Document& document, QWidget* parent = nullptr);

    AgreementMap* map() const { return m_map; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void goTo(const QString& link);
    QString differences() const;
    QString certificate() const;
    void place();

    Document& m_document;
    QLabel* m_sentence;
    AgreementMap* m_map;
};

} // namespace qbn::ui
