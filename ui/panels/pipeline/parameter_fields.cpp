#include "ui/panels/pipeline/parameter_fields.h"

#include "ui/look/glossary.h"
#include "ui/look/table_style.h"

#include <QCoreApplication>

namespace qbn::ui {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("Parameters", text);
}

} // namespace

QString editorName(Field field)
{
    QString name;
    bool upper = false;
    for (const QChar letter : textOf(name_of(field))) {
        if (letter == QLatin1Char('_')) {
            upper = true;
            continue;
        }
        name += upper ? letter.toUpper() : letter;
        upper = false;
    }
    return name;
}

std::vector<Field> fieldsOf(Stage stage)
{
    std::vector<Field> fields;
    for (const Field field :
         {Field::input_type, Field::input_scale, Field::input_zero_point, Field::mean, Field::var,
          Field::eps, Field::gamma, Field::beta, Field::output_scale, Field::output_zero_point,
          Field::output_type, Field::relu})
        if (stage_of(field) == stage)
            fields.push_back(field);
    return fields;
}

// L, C and B are left to the layer, channel and backend of the toolbar: the output's scale and type
// have no letter.
QString fieldLabel(Field field)
{
    switch (field) {
    case Field::input_type:
        return translated("t&ype");
    case Field::output_type:
        return translated("type");
    case Field::input_scale:
        return translated("&scale");
    case Field::output_scale:
        return translated("scale");
    case Field::input_zero_point:
        return translated("&zero pt");
    case Field::output_zero_point:
        return translated("zer&o pt");
    case Field::mean:
        return translated("mea&n");
    case Field::var:
        return translated("va&r");
    case Field::eps:
        return translated("e&ps, all");
    case Field::gamma:
        return translated("ga&mma");
    case Field::beta:
        return translated("bet&a");
    case Field::relu:
        return translated("f&used ReLU");
    }
    return {};
}

QString fieldHelp(Field field)
{
    switch (field) {
    case Field::input_type:
    case Field::output_type:
        return definitionOf(QStringLiteral("type"));
    case Field::input_scale:
    case Field::output_scale:
        return definitionOf(QStringLiteral("scale"));
    case Field::input_zero_point:
    case Field::output_zero_point:
        return definitionOf(QStringLiteral("zero point"));
    case Field::relu:
        return definitionOf(QStringLiteral("fused relu"));
    default:
        return definitionOf(textOf(name_of(field)));
    }
}

QString helpPageOf(Field field)
{
    switch (field) {
    case Field::input_type:
        return QStringLiteral("input-code");
    case Field::input_scale:
    case Field::input_zero_point:
        return QStringLiteral("dequantize");
    case Field::mean:
    case Field::var:
        return QStringLiteral("normalize");
    case Field::eps:
        return QStringLiteral("eps");
    case Field::gamma:
    case Field::beta:
        return QStringLiteral("affine");
    case Field::output_scale:
    case Field::output_zero_point:
        return QStringLiteral("requantize");
    case Field::output_type:
        return QStringLiteral("output-code");
    case Field::relu:
        return QStringLiteral("relu-fused");
    }
    return {};
}

double zeroStepOf(Field field)
{
    switch (field) {
    case Field::eps:
        return 1e-5;
    case Field::input_scale:
    case Field::output_scale:
        return 1e-3;
    default:
        return 0.01;
    }
}

std::vector<CodeType> offeredTypes()
{
    std::vector<CodeType> types;
    for (std::uint8_t bits = 8; bits >= 2; --bits)
        for (const bool isSigned : {false, true})
            types.push_back({.is_signed = isSigned, .bits = bits});
    return types;
}

} // namespace qbn::ui
