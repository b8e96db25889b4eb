#include "core/formats/torch/unpickler.h"

#include "core/formats/bytes/cancelled.h"
#include "core/formats/torch/foreign_names.h"
#include "core/formats/torch/pickle_stack.h"
#include "core/formats/torch/pickle_symbols.h"
#include "core/text/printable.h"

#include <QUtf8StringView>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qbn {

namespace {

// What each opcode does. After a failure every later step does nothing.
class Machine : private PickleStack
{
public:
    Machine(ByteReader& reader, const PickleLimits& limits)
        : PickleStack(limits)
        , reader_(reader)
        , stop_(limits.stop)
    { }

    Result<Pickle> run()
    {
        while (!failed()) {
            start_operation(reader_.position());
            const auto opcode = reader_.little<std::uint8_t>();
            if (stop_.stop_requested())
                fail(reading_cancelled().message);
            else if (!opcode)
                fail_at_end();
            else if (Opcode{*opcode} == Opcode::stop)
                break;
            else
                step(Opcode{*opcode});
        }
        refuse_foreign();
        return take();
    }

private:
    void step(Opcode opcode)
    {
        switch (opcode) {
        case Opcode::proto:
            return protocol();
        case Opcode::mark:
            return mark();
        case Opcode::pop_one:
            return drop(is_mark_on_top() ? above_mark() : 1); // as Python has it
        case Opcode::pop_mark:
            return drop(above_mark());
        case Opcode::none:
            return push(PickleNone{});
        case Opcode::newtrue:
            return push(true);
        case Opcode::newfalse:
            return push(false);
        case Opcode::binint:
            return integer<std::int32_t>();
        case Opcode::binint1:
            return integer<std::uint8_t>();
        case Opcode::binint2:
            return integer<std::uint16_t>();
        case Opcode::long1:
            return long_integer();
        case Opcode::binfloat:
            return real();
        case Opcode::binunicode:
            return text();
        case Opcode::empty_dict:
            return push(PickleDict{});
        case Opcode::empty_list:
            return push(PickleList{});
        case Opcode::empty_tuple:
            return push(PickleTuple{});
        case Opcode::tuple1:
            return tuple(1);
        case Opcode::tuple2:
            return tuple(2);
        case Opcode::tuple3:
            return tuple(3);
        case Opcode::tuple:
            return tuple(above_mark());
        case Opcode::append:
            return append(1);
        case Opcode::appends:
            return append(above_mark());
        case Opcode::setitem:
            return set_items(2);
        case Opcode::setitems:
            return set_items(above_mark());
        case Opcode::binput:
            return put<std::uint8_t>();
        case Opcode::long_binput:
            return put<std::uint32_t>();
        case Opcode::binget:
            return get<std::uint8_t>();
        case Opcode::long_binget:
            return get<std::uint32_t>();
        case Opcode::global:
            return global();
        case Opcode::binpersid:
            return persistent_id();
        case Opcode::reduce:
            return reduce();
        case Opcode::newobj:
            return new_object();
        case Opcode::build:
            return build();
        case Opcode::stop:
            break;
        }
        unknown(static_cast<unsigned char>(opcode));
    }

    void unknown(unsigned char opcode)
    {
        std::array<char, 8> hex{};
        std::snprintf(hex.data(), hex.size(), "0x%02x", static_cast<unsigned>(opcode));
        const std::string_view name = opcode_name(opcode);
        fail(name.empty() ? std::string(hex.data()) + " is not a pickle opcode"
                          : "the pickle opcode " + std::string(name) + " (" + hex.data()
                     + ") does not occur in a state_dict that torch.save wrote");
    }

    void protocol()
    {
        const auto version = reader_.little<std::uint8_t>();
        if (!version)
            fail_at_end();
        else if (*version != 2)
            fail("pickle protocol " + std::to_string(*version)
                 + " is not supported; torch.save writes protocol 2 unless told otherwise");
    }

    template <typename T> void integer()
    {
        if (const auto value = reader_.little<T>())
            push(std::int64_t{*value});
        else
            fail_at_end();
    }

    // Little endian, two's complement, as many bytes as needed. Nothing in a state_dict needs more
    // than eight; the magic number of the old file form has ten and is compared as bytes.
    void long_integer()
    {
        const auto length = reader_.little<std::uint8_t>();
        const auto digits = length ? reader_.bytes(*length) : std::nullopt;
        if (!digits)
            return fail_at_end();
        if (digits->size() > 8)
            return fail("an integer has more than 64 bits");
        const bool negative = !digits->empty() && (digits->back() & 0x80) != 0;
        std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
        for (std::size_t i = digits->size(); i-- > 0;)
            value = value << 8U | static_cast<unsigned char>((*digits)[i]);
        push(static_cast<std::int64_t>(value));
    }

    void real()
    {
        if (const auto value = reader_.big<double>())
            push(*value);
        else
            fail_at_end();
    }

    void text()
    {
        const auto length = reader_.little<std::uint32_t>();
        const auto bytes = length ? reader_.bytes(*length) : std::nullopt;
        if (!bytes)
            return fail_at_end();
        if (!QUtf8StringView(bytes->data(), static_cast<qsizetype>(bytes->size())).isValidUtf8())
            return fail("text is not UTF-8");
        push(std::string(*bytes));
    }

    void tuple(std::size_t count)
    {
        const auto values = pop(count);
        if (!values)
            return;
        int depth = 0;
        for (const PickleNode* value : *values)
            depth = std::max(depth, value->depth);
        push(PickleTuple{.items = {values->begin(), values->end()}}, depth + 1);
    }

    void append(std::size_t count)
    {
        const auto values = pop(count);
        PickleNode* const target = top();
        if (!values || target == nullptr)
            return;
        auto* const list = std::get_if<PickleList>(&target->value);
        if (list == nullptr)
            return fail("the pickle appends to something that is not a list");
        for (const PickleNode* value : *values) {
            list->items.push_back(value);
            deepen(*target, value->depth + 1);
        }
    }

    void set_items(std::size_t count)
    {
        const auto values = pop(count);
        PickleNode* const target = top();
        if (!values || target == nullptr)
            return;
        auto* const dict = std::get_if<PickleDict>(&target->value);
        if (dict == nullptr || count % 2 != 0)
            return fail(
                "the pickle sets items of something that is not a dict, or a key has no value");
        for (std::size_t i = 0; i < count; i += 2) {
            dict->items.emplace_back((*values)[i], (*values)[i + 1]);
            deepen(*target, std::max((*values)[i]->depth, (*values)[i + 1]->depth) + 1);
        }
    }

    template <typename T> void put()
    {
        const auto index = reader_.little<T>();
        if (!index)
            return fail_at_end();
        memorize(*index);
    }

    template <typename T> void get()
    {
        const auto index = reader_.little<T>();
        if (!index)
            return fail_at_end();
        recall(*index);
    }

    void global()
    {
        const auto module = reader_.line();
        const auto name = module ? reader_.line() : std::nullopt;
        if (!name)
            return fail_at_end();
        std::string full = std::string(*module) + '.' + std::string(*name);
        const std::size_t offset = start();
        const bool is_foreign = !is_known_global(full) && !is_inert_function(full);
        push(PickleGlobal{.name = std::move(full)});
        if (is_foreign && !failed())
            foreign_.add(top(), offset);
    }

    void refuse(const ForeignNames::Place& name)
    {
        start_operation(name.second);
        fail(refuse_global(name.first->as<PickleGlobal>()->name));
    }

    void refuse_foreign()
    {
        const ForeignNames::Place* const first = failed() ? nullptr : foreign_.first_refused();
        if (first != nullptr)
            refuse(*first);
    }

    void drop(std::size_t count) { pop(count); }

    void new_object()
    {
        const auto values = pop(2);
        if (!values)
            return;
        const auto* const type = (*values)[0]->as<PickleGlobal>();
        const auto* const arguments = (*values)[1]->as<PickleTuple>();
        if (type == nullptr || arguments == nullptr)
            return fail("the pickle makes an object of something that is not a class");
        if (!arguments->items.empty())
            return fail("the pickle gives " + in_quotes(type->name)
                        + " arguments as it makes one, which a module has no need of");
        foreign_.use_as_class((*values)[0]);
        push(PickleObject{.type = (*values)[0]});
    }

    void persistent_id()
    {
        const auto id = pop(1);
        if (!id)
            return;
        if (const PickleRef type = module_class_of(*id->front()))
            return push_copy(type);
        auto storage = storage_of(*id->front());
        if (!storage)
            return fail(storage.error().message);
        push(*std::move(storage));
    }

    // The copy costs as much as its name is long, and may be no more than what it copies.
    void push_copy(PickleRef global)
    {
        const auto name = global->as<PickleGlobal>()->name;
        spend(name.size() / 16);
        push(PickleGlobal{.name = name});
        if (!failed())
            foreign_.move(global, top());
    }

    void reduce()
    {
        const auto values = pop(2);
        if (!values)
            return;
        const auto* const function = (*values)[0]->as<PickleGlobal>();
        const auto* const arguments = (*values)[1]->as<PickleTuple>();
        if (function == nullptr || arguments == nullptr)
            return fail("the pickle calls something that is not a function");
        if (is_graph_module(function->name) && !arguments->items.empty()) {
            foreign_.use_as_class((*values)[0]);
            return push(PickleObject{.type = (*values)[0], .state = arguments->items[0]},
                        (*values)[1]->depth);
        }
        if (const auto* const foreign = foreign_.find((*values)[0]))
            return refuse(*foreign);
        if (is_inert_function(function->name))
            return push(PickleObject{.type = (*values)[0]});
        // A list can be shared at the cost of two bytes, so copying it is counted.
        if (const auto* const list
            = arguments->items.empty() ? nullptr : arguments->items[0]->as<PickleList>())
            spend(list->items.size());
        if (failed())
            return;
        auto result = call_global(function->name, *arguments);
        if (!result)
            return fail("the arguments of " + in_quotes(function->name)
                        + " are not those that torch.save writes");
        push(*std::move(result), (*values)[1]->depth);
    }

    // The attributes of an OrderedDict, _metadata for one, say nothing about a batch norm.
    void build()
    {
        const auto state = pop(1);
        PickleNode* const target = top();
        if (!state || target == nullptr)
            return;
        if (auto* const object = std::get_if<PickleObject>(&target->value)) {
            object->state = state->front();
            deepen(*target, state->front()->depth + 1);
        } else if (target->as<PickleDict>() == nullptr)
            fail("the pickle sets the state of something that is neither a dict nor an object");
    }

    ByteReader& reader_;
    const std::stop_token& stop_;
    ForeignNames foreign_;
};

} // namespace

Result<Pickle> read_pickle(ByteReader& reader, const PickleLimits& limits)
{
    return Machine(reader, limits).run();
}

} // namespace qbn
