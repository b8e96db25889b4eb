#pragma once

#include "ui/document/document.h"

#include <QWidget>

class QAbstractItemModel;
class QLabel;
class QPushButton;

namespace qbn::ui {

class ActivationRunner;
class AgreementModel;
class ChannelActivationModel;
class DisagreementModel;
class NumberSortProxy;
class TableView;

/// Whole activations of the selected layer: each channel's saturation, unused codes and SQNR by the chosen backend, and with input and
/// output how many elements each backend gives, and where not. All of it follows each edit; a click in a table goes to the channel and
/// code, where Why explains the difference. While hidden it computes nothing.
class ActivationPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ActivationPanel(Document& document, QWidget* parent = nullptr);
    ~ActivationPanel() override;

signals:
    void loadRequested();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    TableView* addTable(const QString& name, const QString& accessibleName,
                        QAbstractItemModel* model, const QStringList& samples);
    void connectTables();
    void refresh();
    void follow();
    void goTo(int channel, std::int32_t code);
    QString summary() const;
    QString remark() const;

    Document& m_document;
    ActivationRunner* m_runner;
    ChannelActivationModel* m_channelModel;
    AgreementModel* m_agreementModel;
    DisagreementModel* m_disagreementModel;
    QLabel* m_summary;
    QLabel* m_remark;
    QPushButton *m_load, *m_clear;
    QWidget* m_tables;
    TableView *m_channels, *m_agreements, *m_disagreements;
    bool m_isRefreshing = false;
};

} // namespace qbn::ui
