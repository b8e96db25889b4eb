#pragma once

#include "core/paste/understanding.h"

#include <QFile>
#include <QStringList>
#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

namespace qbn::test {

/// A text of tests/data, empty and a failed test if it cannot be read.
inline std::string textOf(const QString& name)
{
    QFile file(QStringLiteral(QBN_TEST_DATA "/") + name);
    if (!file.open(QIODevice::ReadOnly))
        QTest::qFail(qPrintable(file.fileName() + QStringLiteral(" cannot be read")), __FILE__,
                     __LINE__);
    return file.readAll().toStdString();
}

/// What tests/data/prints/make_prints.py wrote, prints that were changed by hand or typed from a
/// session, and what the forum thread's script prints.
inline QStringList printFiles()
{
    QStringList names{QStringLiteral("forum.print.txt")};
    for (const char* const name : {"channels_summarized",
                                   "cut_by_hand",
                                   "int_repr",
                                   "interactive",
                                   "lists",
                                   "long_mean",
                                   "module",
                                   "module_relu",
                                   "nchw",
                                   "nchw_summarized",
                                   "no_labels",
                                   "nonfinite",
                                   "numpy",
                                   "one_pixel",
                                   "parameters",
                                   "per_channel",
                                   "precise",
                                   "scientific",
                                   "state_dict",
                                   "state_dict_alone",
                                   "state_dict_float",
                                   "state_dict_precise",
                                   "tensorflow",
                                   "tuples"})
        names.append(QStringLiteral("prints/%1.txt").arg(QLatin1String(name)));
    return names;
}

inline Understanding understood(const std::string& text)
{
    return understand(read_paste(text));
}

inline bool contains(const std::vector<std::string>& sentences, const char* sentence)
{
    return std::find(sentences.begin(), sentences.end(), sentence) != sentences.end();
}

/// All sentences, to show why a test failed.
inline QString joined(const std::vector<std::string>& sentences)
{
    QStringList lines;
    for (const std::string& sentence : sentences)
        lines.append(QString::fromStdString(sentence));
    return lines.join(QLatin1Char('\n'));
}

} // namespace qbn::test
