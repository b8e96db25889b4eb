#pragma once

#include "core/explain/report.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace qbn::ui {

class Document;
class RegionPlot;

/// Which two parameters are sought, the region that explains the observations, and what it is.
class RegionView : public QWidget
{
    Q_OBJECT

public:
    explicit RegionView(Document& document, QWidget* parent = nullptr);

    RegionPlot* plot() const { return m_plot; }

    void setReport(const Report& report);
    /// Until the next report comes.
    void setComputing();

private:
    void fillPairs();
    QString sentence(const Report& report) const;

    Document& m_document;
    QComboBox* m_pairs;
    RegionPlot* m_plot;
    QLabel* m_sentence;
};

} // namespace qbn::ui
