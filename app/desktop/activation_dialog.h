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
    /// The first of `proposed` is the input unless a name says otherwise, the second the output.
    ActivationDialog(const BatchNormLayer& layer, const QString& folder,
                     const QStringList& proposed, QWidget* parent);

    DumpRequest request() const;

private:
    QLineEdit* addFile(QFormLayout& form, const QString& name, const QString& label);
    void swap();
    void check();

    QString m_folder;
    QLineEdit *m_input, *m_output;
    QComboBox* m_layout;
    QLineEdit* m_shape;
    QLabel* m_message;
    QDialogButtonBox* m_buttons;
};

} // namespace qbn::desktop
