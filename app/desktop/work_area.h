#pragma once

#include <QHash>
#include <QSet>
#include <QWidget>

#include <functional>

class QTabWidget;
class QToolButton;

namespace qbn::ui {
class Document;
class PipelinePanel;
class PlotPanel;
class VerdictBar;
class WhyPanel;
} // namespace qbn::ui

namespace qbn::desktop {

class ShareSplitter;

/// All that the window shows below its bars: the verdict, the cards, the plot with Why beside it,
/// and tabs below; but for the verdict they scroll where the window is too low for them. What is in a tab is made when the tab is shown first; before, it costs nothing.
class WorkArea : public QWidget
{
    Q_OBJECT

public:
    explicit WorkArea(ui::Document& document, QWidget* parent = nullptr);

    ui::PipelinePanel* pipeline() const { return m_pipeline; }
    ui::PlotPanel* plots() const { return m_plots; }
    ui::VerdictBar* verdict() const { return m_verdict; }

    /// At the end. `make` gets its parent.
    void addPage(const QString& name, const QString& title, const QString& helpPage,
                 std::function<QWidget*(QWidget*)> make);
    QStringList pageNames() const;
    QString pageTitle(const QString& name) const;
    QString currentPage() const;
    void showPage(const QString& name);
    /// What is in the tab, made now if it was not yet.
    QWidget* page(const QString& name);
    /// A page that is not has no tab.
    void setPageAvailable(const QString& name, bool available);
    bool isPageAvailable(const QString& name) const;
    /// A number behind the title; nothing for 0.
    void setBadge(const QString& name, int count);

    /// Gives a page all the room below the cards, or gives it back; so it is whenever that page is
    /// in front.
    void setExpanded(const QString& name, bool expanded);

    /// Panels that can take the focus, from top to bottom.
    QList<QWidget*> panels() const;

    /// Lower than what is in it, which scrolls then.
    QSize minimumSizeHint() const override;

    void resetLayout();
    QByteArray layoutState() const;
    void restoreLayout(const QByteArray& state);

signals:
    void pageChanged(const QString& name);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int indexOf(const QString& name) const;
    void onCurrentChanged();
    void addExpandButton();
    void layOut();
    void setLeastHeights();

    QWidget* m_content;
    ui::VerdictBar* m_verdict;
    ui::PipelinePanel* m_pipeline;
    ShareSplitter* m_lower; ///< m_upper and m_tabs
    ShareSplitter* m_upper; ///< m_plots and m_why
    ui::PlotPanel* m_plots;
    ui::WhyPanel* m_why;
    QTabWidget* m_tabs;
    QToolButton* m_expand = nullptr;
    QHash<QString, QString> m_titles;
    QSet<QString> m_expanded;
};

} // namespace qbn::desktop
