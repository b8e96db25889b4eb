#include "core/backends/backend.h"
#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/cancelled.h"
#include "core/formats/json/json_document.h"
#include "core/formats/session/session_json.h"
#include "core/text/integer.h"
#include "core/text/sentence.h"

#include <QFileInfo>

#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

namespace qbn {

namespace {

constexpr int supported_version = 1;

// Reads what the document holds, place by place. The first failure is kept; what is read after it
// does not count.
class SessionReader
{
public:
    SessionReader(const QString& file, const std::stop_token& stop)
        : stop_(stop)
        , file_(file.toStdString())
        , base_name_(QFileInfo(file).completeBaseName().toStdString())
    { }

    Result<Model> read(const JsonValue& session)
    {
        check_header(session);
        Model model;
        model.name = session.find("name") ? text(session, "name", {}) : base_name_;
        if (session.find("backend"))
            model.backend = text(session, "backend", {});
        if (const auto source = member(session, "view", {}, JsonType::object, false))
            model.view = view(*source);
        read_formulas(session, model);
        const auto layers = member(session, "layers", {}, JsonType::array);
        if (layers && layers->size() == 0)
            fail({}, "\"layers\" is empty, at least one layer is needed");
        int index = 0;
        for (auto source = first(layers); source && !error_; source = source->next()) {
            const std::string place = "layers[" + std::to_string(index++) + "]";
            if (is(JsonType::object, *source, place))
                model.layers.push_back(
                    std::make_shared<const BatchNormLayer>(layer(*source, place)));
        }
        if (error_)
            return *std::move(error_);
        return model;
    }

private:
    /// Each is found from now on (core/backends/backend.h).
    void read_formulas(const JsonValue& session, Model& model)
    {
        const auto formulas = member(session, "formulas", {}, JsonType::array, false);
        int index = 0;
        for (auto source = first(formulas); source && !error_; source = source->next()) {
            const std::string place = "formulas[" + std::to_string(index++) + "]";
            if (!is(JsonType::object, *source, place))
                return;
            UserFormula formula{.id = text(*source, "id", place),
                                .text = text(*source, "text", place)};
            if (error_)
                return;
            const auto backend = add_backend(formula.id, formula.text);
            if (!backend)
                return fail(place, backend.error().message);
            model.formulas.push_back(std::move(formula));
        }
    }

    void fail(const std::string& place, const std::string& what)
    {
        if (!error_)
            error_ = Error{file_ + ": " + place + (place.empty() ? "" : ": ") + what};
    }

    void check_stop()
    {
        if (stop_.stop_requested())
            fail({}, reading_cancelled().message);
    }

    void fail_type(const std::string& place, const std::string& needed, const JsonValue& found)
    {
        fail(place, needed + " is needed, found " + found.description());
    }

    static std::string inside(const std::string& place, const char* key)
    {
        return place.empty() ? key : place + ": " + key;
    }

    static std::optional<JsonValue> first(const std::optional<JsonValue>& container)
    {
        return container ? container->first() : std::nullopt;
    }

    std::optional<JsonValue> required(const JsonValue& parent, const char* key,
                                      const std::string& place)
    {
        auto value = parent.find(key);
        if (!value)
            fail(place, "the key \"" + std::string(key) + "\" is missing");
        return value;
    }

    bool is(JsonType type, const JsonValue& value, const std::string& place)
    {
        const bool fits = value.type() == type;
        if (!fits)
            fail_type(place,
                      type == JsonType::object      ? "an object"
                          : type == JsonType::array ? "an array"
                                                    : "text",
                      value);
        return fits;
    }

    /// A member of that type: object, array or text.
    std::optional<JsonValue> member(const JsonValue& parent, const char* key,
                                    const std::string& place, JsonType type, bool needed = true)
    {
        const auto value = needed ? required(parent, key, place) : parent.find(key);
        return value && is(type, *value, inside(place, key)) ? value : std::nullopt;
    }

    std::string text(const JsonValue& parent, const char* key, const std::string& place)
    {
        const auto value = member(parent, key, place, JsonType::text);
        return value ? value->text() : std::string();
    }

    bool boolean(const JsonValue& parent, const char* key, const std::string& place)
    {
        const auto value = required(parent, key, place);
        const bool is_yes = value && value->type() == JsonType::yes;
        if (value && !is_yes && value->type() != JsonType::no)
            fail_type(inside(place, key), "true or false", *value);
        return is_yes;
    }

    double number(const JsonValue& parent, const char* key, const std::string& place)
    {
        const auto value = required(parent, key, place);
        const auto result = value ? value->number() : std::nullopt;
        if (value && !result)
            fail_type(inside(place, key), "a number", *value);
        return result.value_or(0);
    }

    std::int32_t whole_number(const JsonValue& parent, const char* key, const std::string& place)
    {
        const auto result = checked_integer<std::int32_t>(number(parent, key, place));
        if (!result)
            fail_type(inside(place, key), "a whole number of 32 bits", *parent.find(key));
        return result.value_or(0);
    }

    void check_header(const JsonValue& session)
    {
        const std::string format = text(session, "format", {});
        if (!error_ && format != "qbn-session")
            fail({},
                 "\"format\" is " + session.find("format")->description()
                     + ", a session has \"qbn-session\"");
        const std::int32_t version = whole_number(session, "version", {});
        if (version > supported_version)
            fail({},
                 "it is a session of version " + std::to_string(version)
                     + ", newer than this program, which reads version "
                     + std::to_string(supported_version));
        else if (version < 1)
            fail({}, "there is no session version " + std::to_string(version));
    }

    SavedView view(const JsonValue& source)
    {
        const std::string place = "view";
        SavedView view{.layer = whole_number(source, "layer", place),
                       .channel = whole_number(source, "channel", place),
                       .input_code = whole_number(source, "input_code", place),
                       .unknowns = {}};
        const auto names = member(source, "unknowns", place, JsonType::array, false);
        if (!names)
            return view;
        const auto first_name = names->first();
        const auto second_name = first_name ? first_name->next() : std::nullopt;
        const auto pair = parse_unknown_pair(first_name ? first_name->text() : "",
                                             second_name ? second_name->text() : "");
        if (pair && names->size() == 2)
            view.unknowns = *pair;
        else
            fail(inside(place, "unknowns"),
                 "two parameters are needed"
                     + (pair ? std::string() : ": " + pair.error().message));
        return view;
    }

    BatchNormLayer layer(const JsonValue& source, const std::string& place_without_name)
    {
        BatchNormLayer layer;
        layer.name = text(source, "name", place_without_name);
        if (error_)
            return layer;
        const std::string place = place_without_name + ' ' + source.find("name")->description();
        layer.input = quantization(source, "input", place);
        layer.output = quantization(source, "output", place);
        if (const auto between = member(source, "intermediate", place, JsonType::object, false)) {
            const std::string here = inside(place, "intermediate");
            layer.intermediate = {.gain = quantization(*between, "gain", here),
                                  .offset = quantization(*between, "offset", here),
                                  .product = quantization(*between, "product", here)};
        }
        layer.eps = number(source, "eps", place);
        layer.relu = boolean(source, "relu", place);
        layer.mean = numbers(source, "mean", place);
        layer.var = numbers(source, "var", place);
        layer.gamma = numbers(source, "gamma", place);
        layer.beta = numbers(source, "beta", place);
        check_lengths(layer, place);
        layer.provenance.set_all({.origin = Origin::file, .note = {}});
        read_provenance(source, place, layer);
        if (const auto seen = member(source, "observations", place, JsonType::array, false))
            layer.observations = observations(*seen, place);
        return layer;
    }

    std::vector<Observation> observations(const JsonValue& source, const std::string& place)
    {
        std::vector<Observation> result;
        result.reserve(source.size());
        for (auto seen = source.first(); seen && !error_; seen = seen->next()) {
            const auto here
                = [&] { return place + ": observations[" + std::to_string(result.size()) + "]"; };
            if (seen->type() != JsonType::array || seen->size() != 3) {
                fail_type(here(), "[channel, input_code, output_code]", *seen);
                break;
            }
            auto at = seen->first();
            const auto whole = [&](const char* name) {
                const auto number = at->number();
                const auto value = number ? checked_integer<std::int32_t>(*number) : std::nullopt;
                if (!value)
                    fail_type(inside(here(), name), "a whole number of 32 bits", *at);
                at = at->next();
                return value.value_or(0);
            };
            const int channel = whole("channel");
            const std::int32_t input_code = whole("input_code");
            result.push_back({.channel = channel,
                              .input_code = input_code,
                              .output_code = whole("output_code")});
        }
        return result;
    }

    QuantizationParameters quantization(const JsonValue& parent, const char* key,
                                        const std::string& place)
    {
        const auto source = member(parent, key, place, JsonType::object);
        if (!source)
            return {};
        const std::string here = inside(place, key);
        const auto type = parse_code_type(text(*source, "type", here));
        if (!error_ && !type)
            fail(here,
                 source->find("type")->description()
                     + " is not a type, quint2 to quint8 and qint2 to qint8 are");
        return {.type = type.value_or(quint8_type),
                .scale = number(*source, "scale", here),
                .zero_point = whole_number(*source, "zero_point", here)};
    }

    std::vector<double> numbers(const JsonValue& parent, const char* key, const std::string& place)
    {
        const auto source = member(parent, key, place, JsonType::array);
        std::vector<double> result;
        result.reserve(source ? source->size() : 0);
        for (auto item = first(source); item && !error_; item = item->next()) {
            check_stop();
            const auto value = item->number();
            if (!value) {
                fail_type(inside(place, key) + "[" + std::to_string(result.size()) + "]",
                          "a number", *item);
                break;
            }
            result.push_back(*value);
        }
        return result;
    }

    void check_lengths(const BatchNormLayer& layer, const std::string& place)
    {
        if (layer.mean.empty())
            return fail(place, "mean has no values, at least one is needed");
        using Named = std::pair<const char*, const std::vector<double>*>;
        for (const auto& [name, values] :
             {Named("var", &layer.var), Named("gamma", &layer.gamma), Named("beta", &layer.beta)}) {
            if (values->size() != layer.mean.size())
                fail(place,
                     std::string(name) + " has " + counted(values->size(), "value") + ", mean has "
                         + std::to_string(layer.mean.size()));
        }
    }

    void read_provenance(const JsonValue& source, const std::string& place, BatchNormLayer& layer)
    {
        const auto fields = member(source, "provenance", place, JsonType::object, false);
        for (const Field field : all_fields) {
            const std::string here = place + ": provenance of " + std::string(name_of(field));
            const auto entry = fields ? fields->find(name_of(field)) : std::nullopt;
            if (!entry || !is(JsonType::object, *entry, here))
                continue;
            layer.provenance.set(field, provenance(*entry, here));
            if (const auto channels = member(*entry, "channels", here, JsonType::object, false))
                read_channels(*channels, field, here, layer);
        }
    }

    Provenance provenance(const JsonValue& entry, const std::string& place)
    {
        const auto origin = parse_origin(text(entry, "origin", place));
        if (!error_ && !origin)
            fail(place, entry.find("origin")->description() + " is not an origin");
        Provenance result{.origin = origin.value_or(Origin::unknown), .note = {}};
        if (entry.find("note"))
            result.note = text(entry, "note", place);
        if (entry.find("rounding"))
            result.rounding = number(entry, "rounding", place);
        if (!(result.rounding >= 0))
            fail(place, "\"rounding\" is below 0");
        return result;
    }

    void read_channels(const JsonValue& channels, Field field, const std::string& place,
                       BatchNormLayer& layer)
    {
        for (auto key = channels.first(); key && !error_; key = key->next()->next()) {
            const std::string name = key->text();
            int channel = -1;
            const char* const end = name.data() + name.size();
            const bool is_number = std::from_chars(name.data(), end, channel).ptr == end;
            if (!is_number || channel < 0 || channel >= layer.channels() || !is_per_channel(field))
                return fail(place, "there is no channel " + key->description());
            const std::string here = place + ", channel " + std::to_string(channel);
            const JsonValue entry = *key->next();
            if (is(JsonType::object, entry, here))
                layer.provenance.set_channel(field, channel, provenance(entry, here));
        }
    }

    const std::stop_token& stop_;
    std::string file_;
    std::string base_name_;
    std::optional<Error> error_;
};

} // namespace

Result<Model> read_session(const QByteArray& json, const QString& name_for_errors,
                           const std::stop_token& stop)
{
    const auto document = JsonDocument::parse(view(json), stop);
    if (!document)
        return Error{name_for_errors.toStdString() + ": " + document.error().message};
    if (document->root().type() != JsonType::object)
        return Error{name_for_errors.toStdString()
                     + ": it is JSON, but not a session, which is an object"};
    return SessionReader(name_for_errors, stop).read(document->root());
}

} // namespace qbn
