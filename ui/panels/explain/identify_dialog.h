#pragma once

#include "core/identify/test_layer.h"

#include <QDialog>

#include <memory>
#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace qbn::ui {

class Document;
template <typename T> class Task;

/// Who rounded this? Searches which formula gives the codes that were observed of the selected layer, ranks what it finds and
/// makes one of them a backend of the experiment. A layer that was made to tell apart what is left goes into a file. The layer is the one that was selected when the dialog was made.
class IdentifyDialog : public QDialog
{
    Q_OBJECT

public:
    explicit IdentifyDialog(Document& document, QWidget* parent = nullptr);
    ~IdentifyDialog() override;

private:
    struct Answer
    {
        std::optional<Identification> found; ///< nothing: it was stopped
        std::optional<TestLayer> test; ///< nothing: there are no two to tell apart
    };

    void start();
    void showAnswer();
    void showTelling(const Identification& found);
    void use();
    void saveTestLayer();

    Document& m_document;
    std::shared_ptr<const BatchNormLayer> m_layer;
    QLabel* m_verdict;
    QProgressBar* m_progress;
    QTreeWidget* m_list;
    QLabel* m_telling;
    QPushButton* m_save;
    QPushButton* m_use;
    QPushButton* m_close;
    std::vector<Candidate> m_candidates; ///< of the rows
    std::optional<TestLayer> m_test;
    std::unique_ptr<Task<Answer>> m_task;
};

} // namespace qbn::ui
