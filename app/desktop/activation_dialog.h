#pragma once

#include "core/formats/dump/dump.h"
#include "core/layer/batch_norm.h"

#include <QDialog>

class QComboBox;
class QDialogButtonBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace qbn::desktop {

/// Asks which files are a layer's whole input and output, where their channels are, and the shape of raw bytes.
class ActivationDialog : public QDialog
{
    Q_OBJECT

public:
    /// `proposed` are arrays to choose from: that with "out" in its name is the output, else the second, the first other one the input.
    ActivationDialog(const BatchNormLayer& layer, const QString& folder,
                     const QStringList& proposed, QWidget* parent);

    DumpRequest request() const;

private:
    QComboBox* addFile(QFormLayout& form, const QString& name, const QString& label);
    void choose(QComboBox& file);
    void propose(const QStringList& arrays);
    void swap();
    void check();

    QString m_folder;
    QComboBox *m_input, *m_output; ///< to type in as well
    QComboBox* m_layout;
    QLineEdit* m_shape;
    QLabel* m_message;
    QDialogButtonBox* m_buttons;
};

} // namespace qbn::desktop
