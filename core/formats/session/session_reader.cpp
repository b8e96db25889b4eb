#include "core/formats/session/json_numbers.h"
#include "core/formats/session/session_json.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace qbn {

namespace {

constexpr int supported_version = 1;

QString utf16(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

// Reads what the document holds, place by place. The first failure is kept; what is read after it
// does not count.
class SessionReader
{
public:
    explicit SessionReader(QString file)
        : file_(std::move(file))
    { }

    Result<Model> read(const QJsonObject& session)
    {
        check_header(session);
        Model model;
        model.name = session.contains(QLatin1String("name"))
            ? text(session, "name", {})
            : QFileInfo(file_).completeBaseName().toStdString();
        if (session.contains(QLatin1String("backend")))
            model.backend = text(session, "backend", {});
        if (session.contains(QLatin1String("view")))
            model.view = view(object(session, "view", {}));
        const QJsonArray layers = array(session, "layers", {});
        if (layers.isEmpty())
            fail({}, QStringLiteral("\"layers\" is empty, at least one layer is needed"));
        for (qsizetype i = 0; i < layers.size() && !error_; ++i) {
            const QString place = QStringLiteral("layers[%1]").arg(i);
            model.layers.push_back(
                std::make_shared<const BatchNormLayer>(layer(object(layers[i], place), place)));
        }
        if (error_)
            return *std::move(error_);
        return model;
    }

private:
    void fail(const QString& place, const QString& what)
    {
        if (!error_)
            error_ = Error{(file_ + QStringLiteral(": ") + place
                            + (place.isEmpty() ? QString() : QStringLiteral(": ")) + what)
                               .toStdString()};
    }

    void fail_type(const QString& place, const char* needed, const QJsonValue& found)
    {
        fail(place,
             QStringLiteral("%1 is needed, found %2").arg(QLatin1String(needed), describe(found)));
    }

    static QString inside(const QString& place, const char* key)
    {
        return place.isEmpty() ? QString::fromLatin1(key)
                               : place + QStringLiteral(": ") + QLatin1String(key);
    }

    QJsonValue required(const QJsonObject& parent, const char* key, const QString& place)
    {
        QJsonValue value = parent.value(QLatin1String(key));
        if (value.isUndefined())
            fail(place, QStringLiteral("the key \"%1\" is missing").arg(QLatin1String(key)));
        return value;
    }

    std::string text(const QJsonObject& parent, const char* key, const QString& place)
    {
        const QJsonValue value = required(parent, key, place);
        if (!value.isString())
            fail_type(inside(place, key), "text", value);
        return value.toString().toStdString();
    }

    bool boolean(const QJsonObject& parent, const char* key, const QString& place)
    {
        const QJsonValue value = required(parent, key, place);
        if (!value.isBool())
            fail_type(inside(place, key), "true or false", value);
        return value.toBool();
    }

    double number(const QJsonObject& parent, const char* key, const QString& place)
    {
        const QJsonValue value = required(parent, key, place);
        const auto result = json_number(value);
        if (!result)
            fail_type(inside(place, key), "a number", value);
        return result.value_or(0);
    }

    std::int32_t whole_number(const QJsonObject& parent, const char* key, const QString& place)
    {
        const double value = number(parent, key, place);
        constexpr double low = std::numeric_limits<std::int32_t>::min();
        constexpr double high = std::numeric_limits<std::int32_t>::max();
        if (value >= low && value <= high && std::nearbyint(value) == value)
            return static_cast<std::int32_t>(value);
        fail_type(inside(place, key), "a whole number of 32 bits",
                  parent.value(QLatin1String(key)));
        return 0;
    }

    QJsonArray array(const QJsonObject& parent, const char* key, const QString& place)
    {
        const QJsonValue value = required(parent, key, place);
        if (!value.isArray())
            fail_type(inside(place, key), "an array", value);
        return value.toArray();
    }

    QJsonObject object(const QJsonValue& value, const QString& place)
    {
        if (!value.isObject())
            fail_type(place, "an object", value);
        return value.toObject();
    }

    QJsonObject object(const QJsonObject& parent, const char* key, const QString& place)
    {
        return object(required(parent, key, place), inside(place, key));
    }

    void check_header(const QJsonObject& session)
    {
        const std::string format = text(session, "format", {});
        if (format != "qbn-session")
            fail({},
                 QStringLiteral("\"format\" is %1, a session has \"qbn-session\"")
                     .arg(describe(session.value(QLatin1String("format")))));
        const std::int32_t version = whole_number(session, "version", {});
        if (version > supported_version)
            fail({},
                 QStringLiteral("it is a session of version %1, newer than this program, which "
                                "reads version %2")
                     .arg(version)
                     .arg(supported_version));
        else if (version < 1)
            fail({}, QStringLiteral("there is no session version %1").arg(version));
    }

    SavedView view(const QJsonObject& source)
    {
        const QString place = QStringLiteral("view");
        SavedView view{.layer = whole_number(source, "layer", place),
                       .channel = whole_number(source, "channel", place),
                       .input_code = whole_number(source, "input_code", place),
                       .unknowns = {}};
        if (!source.contains(QLatin1String("unknowns")))
            return view;
        const QJsonArray names = array(source, "unknowns", place);
        const auto pair = parse_unknown_pair(names.at(0).toString().toStdString(),
                                             names.at(1).toString().toStdString());
        if (pair && names.size() == 2)
            view.unknowns = *pair;
        else
            fail(inside(place, "unknowns"),
                 QStringLiteral("two parameters are needed")
                     + (pair
                            ? QString()
                            : QStringLiteral(": ") + QString::fromStdString(pair.error().message)));
        return view;
    }

    BatchNormLayer layer(const QJsonObject& source, const QString& place_without_name)
    {
        BatchNormLayer layer;
        layer.name = text(source, "name", place_without_name);
        const QString place
            = place_without_name + QLatin1Char(' ') + describe(source.value(QLatin1String("name")));
        layer.input = quantization(source, "input", place);
        layer.output = quantization(source, "output", place);
        layer.eps = number(source, "eps", place);
        layer.relu = boolean(source, "relu", place);
        layer.mean = numbers(source, "mean", place);
        layer.var = numbers(source, "var", place);
        layer.gamma = numbers(source, "gamma", place);
        layer.beta = numbers(source, "beta", place);
        check_lengths(layer, place);
        layer.provenance.set_all({.origin = Origin::file, .note = {}});
        read_provenance(source, place, layer);
        if (source.contains(QLatin1String("observations")))
            layer.observations = observations(array(source, "observations", place), place);
        return layer;
    }

    std::vector<Observation> observations(const QJsonArray& source, const QString& place)
    {
        std::vector<Observation> result;
        for (qsizetype i = 0; i < source.size() && !error_; ++i) {
            const QString here = place + QStringLiteral(": observations[%1]").arg(i);
            const QJsonArray seen = source[i].toArray();
            if (seen.size() != 3) {
                fail_type(here, "[channel, input_code, output_code]", source[i]);
                break;
            }
            const auto whole = [&](qsizetype at, const char* name) {
                const double value = json_number(seen[at]).value_or(HUGE_VAL);
                if (!(std::abs(value) < 0x1p31) || std::nearbyint(value) != value) {
                    fail_type(inside(here, name), "a whole number of 32 bits", seen[at]);
                    return 0;
                }
                return static_cast<int>(value);
            };
            result.push_back({.channel = whole(0, "channel"),
                              .input_code = whole(1, "input_code"),
                              .output_code = whole(2, "output_code")});
        }
        return result;
    }

    QuantizationParameters quantization(const QJsonObject& parent, const char* key,
                                        const QString& place)
    {
        const QJsonObject source = object(parent, key, place);
        const QString here = inside(place, key);
        const std::string name = text(source, "type", here);
        const auto type = parse_code_type(name);
        if (!type)
            fail(here,
                 QStringLiteral("%1 is not a type, quint2 to quint8 and qint2 to qint8 are")
                     .arg(describe(source.value(QLatin1String("type")))));
        return {.type = type.value_or(quint8_type),
                .scale = number(source, "scale", here),
                .zero_point = whole_number(source, "zero_point", here)};
    }

    std::vector<double> numbers(const QJsonObject& parent, const char* key, const QString& place)
    {
        const QJsonArray source = array(parent, key, place);
        std::vector<double> result;
        result.reserve(static_cast<std::size_t>(source.size()));
        for (qsizetype i = 0; i < source.size() && !error_; ++i) {
            const auto value = json_number(source[i]);
            if (!value)
                fail_type(inside(place, key) + QStringLiteral("[%1]").arg(i), "a number",
                          source[i]);
            result.push_back(value.value_or(0));
        }
        return result;
    }

    void check_lengths(const BatchNormLayer& layer, const QString& place)
    {
        const auto count = [](const std::vector<double>& values) {
            return QStringLiteral("%1 value%2")
                .arg(values.size())
                .arg(values.size() == 1 ? QString() : QStringLiteral("s"));
        };
        if (layer.mean.size() == 0)
            return fail(place, QStringLiteral("mean has no values, at least one is needed"));
        using Named = std::pair<const char*, const std::vector<double>*>;
        for (const auto& [name, values] :
             {Named("var", &layer.var), Named("gamma", &layer.gamma), Named("beta", &layer.beta)}) {
            if (values->size() != layer.mean.size())
                fail(place,
                     QStringLiteral("%1 has %2, mean has %3")
                         .arg(QLatin1String(name), count(*values),
                              QString::number(layer.mean.size())));
        }
    }

    void read_provenance(const QJsonObject& source, const QString& place, BatchNormLayer& layer)
    {
        if (!source.contains(QLatin1String("provenance")))
            return;
        const QJsonObject fields = object(source, "provenance", place);
        for (const Field field : all_fields) {
            const QString key = utf16(name_of(field));
            if (!fields.contains(key))
                continue;
            const QString here = place + QStringLiteral(": provenance of ") + key;
            const QJsonObject entry = object(fields.value(key), here);
            layer.provenance.set(field, provenance(entry, here));
            if (entry.contains(QLatin1String("channels")))
                read_channels(object(entry, "channels", here), field, here, layer);
        }
    }

    Provenance provenance(const QJsonObject& entry, const QString& place)
    {
        const auto origin = parse_origin(text(entry, "origin", place));
        if (!origin)
            fail(place,
                 QStringLiteral("%1 is not an origin")
                     .arg(describe(entry.value(QLatin1String("origin")))));
        Provenance result{.origin = origin.value_or(Origin::unknown), .note = {}};
        if (entry.contains(QLatin1String("note")))
            result.note = text(entry, "note", place);
        if (entry.contains(QLatin1String("rounding")))
            result.rounding = number(entry, "rounding", place);
        if (!(result.rounding >= 0))
            fail(place, QStringLiteral("\"rounding\" is below 0"));
        return result;
    }

    void read_channels(const QJsonObject& channels, Field field, const QString& place,
                       BatchNormLayer& layer)
    {
        for (auto entry = channels.begin(); entry != channels.end() && !error_; ++entry) {
            bool is_number = false;
            const int channel = entry.key().toInt(&is_number);
            if (!is_number || channel < 0 || channel >= layer.channels() || !is_per_channel(field))
                return fail(place,
                            QStringLiteral("there is no channel %1").arg(describe(entry.key())));
            const QString here = place + QStringLiteral(", channel %1").arg(channel);
            layer.provenance.set_channel(field, channel,
                                         provenance(object(entry.value(), here), here));
        }
    }

    QString file_;
    std::optional<Error> error_;
};

} // namespace

Result<Model> read_session(const QByteArray& json, const QString& name_for_errors)
{
    const auto document = parse_json(json);
    if (!document)
        return Error{name_for_errors.toStdString() + ": " + document.error().message};
    if (!document->isObject())
        return Error{name_for_errors.toStdString()
                     + ": it is JSON, but not a session, which is an object"};
    return SessionReader(name_for_errors).read(document->object());
}

} // namespace qbn
