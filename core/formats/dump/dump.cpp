#include "core/formats/dump/dump.h"

#include "core/formats/bytes/bytes_view.h"
#include "core/formats/bytes/read_file.h"
#include "core/formats/npy/npy.h"
#include "core/formats/zip/zip_archive.h"
#include "core/text/printable.h"

#include <QFileInfo>
#include <QStringList>

#include <algorithm>

namespace qbn {

namespace {

constexpr std::string_view npy_suffix = ".npy";

bool is_zip(const QByteArray& bytes)
{
    return bytes.startsWith("PK\x03\x04");
}

bool is_npy(const QByteArray& bytes)
{
    return bytes.startsWith("\x93NUMPY");
}

std::string dtype_of(bool is_signed)
{
    return is_signed ? "int8" : "uint8";
}

/// The arrays of an .npz.
QStringList array_names(const std::vector<ZipMember>& members)
{
    QStringList names;
    for (const ZipMember& member : members) {
        if (std::string_view(member.name).ends_with(npy_suffix))
            names << QString::fromStdString(member.name).chopped(npy_suffix.size());
    }
    return names;
}

/// The codes of a file, which are mapped, or held where they are inflated.
class Dump
{
public:
    static Result<Dump> open(const DumpFile& file, const DumpRequest& request, CodeType type)
    {
        auto mapped = map_file(file.path, FileSize::any);
        if (!mapped)
            return mapped.error();
        Dump dump(std::move(*mapped));
        dump.bytes_ = dump.file_.bytes();
        if (is_zip(dump.bytes_)) {
            auto member = read_member(dump.bytes_, file.member);
            if (!member)
                return member.error();
            dump.bytes_ = std::move(*member);
        } else if (!file.member.isEmpty()) {
            return Error{"it is no .npz, and has no member "
                         + in_quotes(file.member.toStdString())};
        }
        const auto error
            = is_npy(dump.bytes_) ? dump.take_array(type) : dump.take_raw(request, type);
        if (error)
            return *error;
        if (const auto misfit = dump.reshape(request.shape))
            return *misfit;
        return dump;
    }

    const std::vector<std::int64_t>& shape() const { return shape_; }
    std::span<const std::uint8_t> codes() const
    {
        return {reinterpret_cast<const std::uint8_t*>(bytes_.constData()),
                static_cast<std::size_t>(bytes_.size())};
    }

private:
    explicit Dump(MappedFile file)
        : file_(std::move(file))
    { }

    static Result<QByteArray> read_member(const QByteArray& bytes, const QString& name)
    {
        const auto archive = ZipArchive::open(bytes);
        if (!archive)
            return archive.error();
        const QStringList names = array_names(archive->members());
        if (name.isEmpty() ? names.size() != 1 : !names.contains(name)) {
            const std::string what = name.isEmpty()
                ? "choose one of its arrays, as FILE.npz:NAME"
                : "it has no array " + in_quotes(name.toStdString());
            QStringList quoted;
            for (const QString& known : names.first(std::min<qsizetype>(names.size(), 8)))
                quoted << QString::fromStdString(in_quotes(known.toStdString()));
            return Error{what + "; there are " + std::to_string(names.size())
                         + (names.isEmpty() ? ""
                                            : ": " + quoted.join(QStringLiteral(", ")).toStdString()
                                    + (names.size() > quoted.size() ? ", .." : ""))};
        }
        const std::string member = (name.isEmpty() ? names.front() : name).toStdString();
        const ZipMember* const found = archive->find(member + std::string(npy_suffix));
        return archive->read(found->name, 0, found->size);
    }

    std::optional<Error> take_array(CodeType type)
    {
        const auto array = read_npy(bytes_);
        if (!array)
            return array.error();
        if (array->holds_reals())
            return Error{"its elements are real numbers, " + array->dtype()
                         + "; codes are needed, in PyTorch those of tensor.int_repr()"};
        if (array->dtype() != dtype_of(type.is_signed))
            return Error{"its elements are " + array->dtype() + ", codes of " + name_of(type)
                         + " are " + dtype_of(type.is_signed)};
        if (array->fortran_order && array->shape.size() > 1)
            return Error{"it is in Fortran order; write it with numpy.ascontiguousarray"};
        if (array->shape.empty())
            return Error{"it is a single number, no tensor"};
        shape_ = array->shape;
        const qsizetype header = array->data.constData() - bytes_.constData();
        owner_ = bytes_; // where it was inflated
        bytes_ = QByteArray::fromRawData(owner_.constData() + header, array->data.size());
        return std::nullopt;
    }

    std::optional<Error> take_raw(const DumpRequest& request, CodeType type)
    {
        if (!request.shape)
            return Error{"it is neither .npy nor .npz, and raw bytes need a shape"};
        if (request.is_signed && *request.is_signed != type.is_signed)
            return Error{"its elements are " + dtype_of(*request.is_signed) + ", codes of "
                         + name_of(type) + " are " + dtype_of(type.is_signed)};
        shape_ = {bytes_.size()};
        return std::nullopt;
    }

    std::optional<Error> reshape(const std::optional<std::vector<std::int64_t>>& shape)
    {
        if (!shape)
            return std::nullopt;
        std::int64_t count = 1;
        for (const std::int64_t size : *shape) {
            if (__builtin_mul_overflow(count, size, &count))
                return Error{"the shape " + shape_text(*shape) + " is not possible"};
        }
        if (count != bytes_.size())
            return Error{"it has " + std::to_string(bytes_.size()) + " codes, the shape "
                         + shape_text(*shape) + " has " + std::to_string(count)};
        shape_ = *shape;
        return std::nullopt;
    }

    MappedFile file_;
    QByteArray owner_;
    QByteArray bytes_;
    std::vector<std::int64_t> shape_;
};

/// The file's name in front.
Error of_file(const DumpFile& file, const std::string& message)
{
    return {file.text().toStdString() + ": " + message};
}

/// Both are one layer's: of one shape.
Result<TensorLayout> common_layout(const std::optional<Dump>& input,
                                   const std::optional<Dump>& output, const DumpRequest& request,
                                   int channels)
{
    const Dump& dump = input ? *input : *output;
    const DumpFile& file = input ? *request.input : *request.output;
    auto layout = find_layout(dump.shape(), channels, request.order);
    if (!layout)
        return of_file(file, layout.error().message);
    if (input && output && input->shape() != output->shape())
        return of_file(*request.output,
                       "its shape " + shape_text(output->shape()) + " is not that of "
                           + request.input->text().toStdString() + ", "
                           + shape_text(input->shape()));
    if (layout->count == 0)
        return of_file(file, "its shape " + shape_text(dump.shape()) + " has no element");
    return layout;
}

} // namespace

DumpFile DumpFile::named(const QString& text)
{
    const QString mark = QStringLiteral(".npz:");
    const qsizetype at = text.indexOf(mark);
    if (at < 0 || QFileInfo::exists(text))
        return {.path = text, .member = {}};
    return {.path = text.left(at + mark.size() - 1), .member = text.mid(at + mark.size())};
}

QString DumpFile::text() const
{
    return member.isEmpty() ? path : path + QLatin1Char(':') + member;
}

Result<CodeCounts> read_dump(const DumpRequest& request, const BatchNormLayer& layer,
                             const CountRun& run)
{
    std::optional<Dump> input;
    std::optional<Dump> output;
    for (const auto& [file, dump, type] :
         {std::tuple{&request.input, &input, layer.input.type},
          std::tuple{&request.output, &output, layer.output.type}}) {
        if (!*file)
            continue;
        auto opened = Dump::open(**file, request, type);
        if (!opened)
            return of_file(**file, opened.error().message);
        dump->emplace(std::move(*opened));
    }
    const auto layout = common_layout(input, output, request, layer.channels());
    if (!layout)
        return layout.error();
    CodeTensors tensors{.layout = *layout,
                        .input_type = layer.input.type,
                        .output_type = layer.output.type,
                        .input = std::nullopt,
                        .output = std::nullopt};
    if (input)
        tensors.input = input->codes();
    if (output)
        tensors.output = output->codes();
    auto counts = count_codes(tensors, run);
    if (const auto* const error = std::get_if<CountError>(&counts))
        return of_file(error->about_output || !request.input ? *request.output : *request.input,
                       error->message);
    return std::get<CodeCounts>(std::move(counts));
}

std::optional<std::vector<std::int64_t>> parse_shape(const QString& text)
{
    std::vector<std::int64_t> shape;
    for (const QString& word : text.split(QLatin1Char(','))) {
        bool is_number = false;
        shape.push_back(word.trimmed().toLongLong(&is_number));
        if (!is_number || shape.back() < 0)
            return std::nullopt;
    }
    return shape.size() <= 32 ? std::optional(shape) : std::nullopt;
}

std::vector<DumpFile> arrays_in(const QString& path)
{
    const auto file = map_file(path, FileSize::any);
    if (!file)
        return {};
    if (is_npy(file->bytes()))
        return {{.path = path, .member = {}}};
    const auto members = is_zip(file->bytes()) ? read_zip_directory(view(file->bytes()))
                                               : Result<std::vector<ZipMember>>(Error{});
    if (!members)
        return {};
    std::vector<DumpFile> arrays;
    for (const QString& name : array_names(*members)) {
        if (name.endsWith(QStringLiteral("running_mean")))
            return {};
        arrays.push_back({.path = path, .member = name});
    }
    return arrays;
}

} // namespace qbn
