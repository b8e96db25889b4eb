#!/usr/bin/python3
"""Writes the broken and hostile files of this folder. Made with Python 3.11, PyTorch 1.13.1 and NumPy 1.24.2 (Debian 12).

Run in this folder: /usr/bin/python3 make_broken.py
Nothing here is ever to be opened with torch.load: foreign_global.pt would run a command.
"""
import collections
import io
import json
import pickle
import struct
import tarfile
import zipfile

import numpy
import torch

CANARY = "touch qbn-canary"


def batch_norm(channels=3, prefix="bn."):
    values = torch.arange(1, channels + 1, dtype=torch.float32)
    return collections.OrderedDict(
        [
            ("quant.scale", torch.tensor([0.0078125])),
            ("quant.zero_point", torch.tensor([0])),
            (prefix + "weight", values * 2),
            (prefix + "bias", values - 2),
            (prefix + "running_mean", values / 8),
            (prefix + "running_var", values / 16),
            (prefix + "num_batches_tracked", torch.tensor(0)),
            (prefix + "scale", torch.tensor([0.5])),
            (prefix + "zero_point", torch.tensor([64], dtype=torch.int32)),
        ]
    )


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def put(name, content):
    with open(name, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def members_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def zipped(members, method=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def with_pickle(content):
    return zipped([("x/data.pkl", content), ("x/version", b"3\n")], zipfile.ZIP_DEFLATED)


def central_entry(content, name):
    """Where the directory's entry for a member begins."""
    start = 0
    while True:
        start = content.index(b"PK\x01\x02", start)
        length = struct.unpack_from("<H", content, start + 28)[0]
        if content[start + 46 : start + 46 + length] == name:
            return start
        start += 4


def patched(content, offset, form, value):
    content = bytearray(content)
    struct.pack_into(form, content, offset, value)
    return bytes(content)


# State dicts that lack something.
def without(key, **options):
    state = batch_norm()
    del state[key]
    return saved(state, **options)


put("missing_var.pt", without("bn.running_var"))
put("missing_mean.pt", without("bn.running_mean"))
put("missing_bias.pt", without("bn.bias"))
put("missing_zero_point.pt", without("bn.zero_point"))
put("three_means_two_vars.pt", saved({**batch_norm(), "bn.running_var": torch.ones(2)}))
put("scale_per_channel.pt", saved({**batch_norm(), "bn.scale": torch.ones(3)}))
put("zero_point_not_whole.pt", saved({**batch_norm(), "bn.zero_point": torch.tensor([0.5])}))
put("no_channels.pt", saved(batch_norm(0)))
put("no_batch_norm.pt", saved(torch.nn.Linear(2, 1).state_dict()))
put("one_tensor.pt", saved(torch.ones(3)))
put("complex_mean.pt", saved({**batch_norm(), "bn.running_mean": torch.ones(3, dtype=torch.complex64)}))

# Not a state_dict.
put("plain.zip", zipped([("readme.txt", b"hello")]))
put("two_pickles.zip", zipped([("a/data.pkl", b"\x80\x02N."), ("b/data.pkl", b"\x80\x02N.")]))
put("plain_pickle.pkl", pickle.dumps({"mean": [1.0]}, protocol=2))
put("protocol_4.pt", saved(batch_norm(), pickle_protocol=4))
numpy.save("array.npy", numpy.ones(3, dtype=numpy.float32))
numpy.savez("arrays.npz", mean=numpy.ones(3))
header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
put("weights.safetensors", struct.pack("<Q", len(header)) + header + b"\0\0\0\0")
tar = io.BytesIO()
with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
    archive.addfile(tarfile.TarInfo("storages"))
put("old.tar", tar.getvalue()[:1024])
put("empty.pt", b"")
put("text.txt", "BatchNorm2d(3, eps=1e-05)\n")

# Pickles.
def call(module, name, text):
    return f"\x80\x02c{module}\n{name}\nX".encode("latin1") + struct.pack("<I", len(text)) + text.encode() + b"\x85R."


put("foreign_global.pt", with_pickle(call("os", "system", CANARY)))
put("foreign_global_legacy.pt", saved(1, _use_new_zipfile_serialization=False)[:137] + call("os", "system", CANARY))
put("foreign_builtin.pt", with_pickle(call("builtins", "eval", "1")))
put("name_with_line_break.pt", with_pickle(call("a\tb", "c\x1b[31m" + "d" * 200, "1")))
put("newobj.pt", with_pickle(b"\x80\x02ctorch\nFloatStorage\n)\x81."))
put("empty_stack.pt", with_pickle(b"\x80\x02\x85."))
put("no_mark.pt", with_pickle(b"\x80\x02Nt."))
put("missing_memo.pt", with_pickle(b"\x80\x02h\x07."))
put("cut_pickle.pt", with_pickle(b"\x80\x02X\xff\xff\xff\x7fabc"))
put("huge_integer.pt", with_pickle(b"\x80\x02\x8a\x09" + b"\1" * 9 + b"."))
put("deep_tuple.pt", with_pickle(b"\x80\x02)" + b"\x85" * 100000 + b"."))
put("deep_list.pt", with_pickle(b"\x80\x02" + b"]" * 100000 + b"a" * 99999 + b"."))
# Dicts that are put into each other first and filled afterwards, so that no node knows how deep it is.
key = b"X\1\0\0\0k"
chain = b"".join(b"h\0" + key + b"}q\0s" for _ in range(5000))
put("deep_dict.pt", with_pickle(b"\x80\x02}q\0(" + chain + b"tNs."))
put("cycle.pt", with_pickle(b"\x80\x02}q\0" + key + b"h\0s."))
laughs = b"\x80\x02}(}q\0"
for level in range(1, 60):
    fill = b"".join(b"X\2\0\0\0" + f"{i:02d}".encode() + b"h" + bytes([level - 1]) for i in range(10))
    laughs += b"}q" + bytes([level]) + b"(" + fill + b"u"
put("memo_bomb.pt", with_pickle(laughs + b"tNs" + key + b"h" + bytes([level]) + b"s."))
# A list of 2,000 pairs that is made into a dict again and again.
pairs = b"](" + b"".join(b"K\1K\2\x86" for _ in range(2000)) + b"e\x85q\0"
again = b"".join(b"(ccollections\nOrderedDict\nh\0Rt" for _ in range(3000))
put("copy_bomb.pt", with_pickle(b"\x80\x02" + b"(" + pairs + again + b"t."))


# Tensors that do not fit their storages.
def tensor_file(offset, shape, stride, storage=b"\0" * 12, numel=3, kind="FloatStorage", key="0", extra=()):
    class Storage:
        pass

    class Tensor:
        def __reduce__(self):
            arguments = (Storage(), offset, shape, stride, False, collections.OrderedDict())
            return torch._utils._rebuild_tensor_v2, arguments

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            if isinstance(value, Storage):
                return ("storage", getattr(torch, kind), key, "cpu", numel)
            return None

    content = io.BytesIO()
    Pickler(content, protocol=2).dump({"bn.running_mean": Tensor()})
    return zipped([("x/data.pkl", content.getvalue()), ("x/data/0", storage), *extra])


put("beyond_storage.pt", tensor_file(1, (3,), (1,)))
put("negative_stride.pt", tensor_file(2, (3,), (-1,)))
put("negative_size.pt", tensor_file(0, (-3,), (1,)))
put("overflowing_stride.pt", tensor_file(1, (3,), (2**62,)))
put("huge_shape.pt", tensor_file(0, (2**62, 2**62), (0, 0)))
put("many_repeated.pt", tensor_file(0, (2**40,), (0,)))
put("storage_too_short.pt", tensor_file(0, (3,), (1,), b"\0" * 11))
put("storage_missing.pt", tensor_file(0, (3,), (1,), key="7"))
put("storage_path.pt", tensor_file(0, (3,), (1,), key="../../etc/passwd"))
put("packed_storage.pt", tensor_file(0, (3,), (1,), kind="QUInt4x2Storage"))
put("big_endian.pt", tensor_file(0, (3,), (1,), extra=[("x/byteorder", b"big")]))

# Archives.
good = saved(batch_norm())
put("truncated.pt", good[:1500])
put("bad_checksum.pt", good.replace(struct.pack("<3f", 1 / 8, 2 / 8, 3 / 8), struct.pack("<3f", 1 / 8, 2 / 8, 9)))
entry = central_entry(good, b"archive/data/4")
put("encrypted_flag.pt", patched(good, entry + 8, "<H", 0x809))
put("unknown_method.pt", patched(good, entry + 10, "<H", 12))
put("size_beyond_file.pt", patched(patched(good, entry + 20, "<I", 0x7FFFFFFF), entry + 24, "<I", 0x7FFFFFFF))
put("two_sizes.pt", patched(good, entry + 24, "<I", 99))
deflated = zipped(members_of(good), zipfile.ZIP_DEFLATED)
put("zip_bomb.pt", patched(deflated, central_entry(deflated, b"archive/data.pkl") + 24, "<I", 1 << 30))
put("too_short_inflated.pt", patched(deflated, central_entry(deflated, b"archive/data.pkl") + 24, "<I", 100))
put("too_long_inflated.pt", patched(deflated, central_entry(deflated, b"archive/data.pkl") + 24, "<I", 100000))
with zipfile.ZipFile("duplicate_member.pt", "w") as archive:
    for name, content in [*members_of(good), ("archive/version", b"4\n")]:
        archive.writestr(zipfile.ZipInfo(name), content)
# The inner member's header and content are the outer one's content.
inner = zipped([("x/data/0", b"\0" * 12)])
inner = inner[: inner.index(b"PK\x01\x02")]
outer = zipped([("x/data.pkl", inner), ("x/data/0", b"\0" * 12)])
put("overlapping.pt", patched(outer, central_entry(outer, b"x/data/0") + 42, "<I", outer.index(inner)))
put("wrong_local_name.pt", good.replace(b"archive/version", b"archive/VERSION", 1))

# The old form.
legacy = saved(batch_norm(), _use_new_zipfile_serialization=False)
put("legacy_truncated.pt", legacy[:-5])
put("legacy_big_endian.pt", legacy.replace(b"little_endianq\2\x88", b"little_endianq\2\x89"))
put("legacy_protocol.pt", legacy.replace(b"\x80\x02M\xe9\x03.", b"\x80\x02M\xea\x03.", 1))

# Sessions.
layer = {
    "name": "bn",
    "input": {"type": "quint8", "scale": 0.5, "zero_point": 0},
    "output": {"type": "quint8", "scale": 0.25, "zero_point": 128},
    "eps": 1e-5,
    "relu": False,
    "mean": [1.0, 2.0, 3.0],
    "var": [1.0, 2.0, 3.0],
    "gamma": [1.0, 2.0, 3.0],
    "beta": [1.0, 2.0, 3.0],
}
session = {"format": "qbn-session", "version": 1, "name": "broken", "layers": [{**layer, "name": "conv1.0"}, layer]}


def put_session(name, changes=None, **second_layer):
    broken = {**session, **(changes or {})}
    if "layers" not in (changes or {}):
        broken["layers"] = [session["layers"][0], {**layer, **second_layer}]
    put(name, json.dumps({k: v for k, v in broken.items() if v is not None}, indent=1))


put_session("three_means_two_vars.json", var=[1.0, 2.0])
put_session("text_for_number.json", eps="abc")
put_session("text_in_array.json", mean=[1.0, 2.0, "three"])
put_session("null_scale.json", input={"type": "quint8", "scale": None, "zero_point": 0})
put_session("zero_point_half.json", output={"type": "quint8", "scale": 1.0, "zero_point": 0.5})
put_session("zero_point_huge.json", output={"type": "quint8", "scale": 1.0, "zero_point": 2**31})
put_session("unknown_type.json", input={"type": "quint9", "scale": 1.0, "zero_point": 0})
put_session("no_values.json", mean=[], var=[], gamma=[], beta=[])
put_session("relu_number.json", relu=1)
put_session("origin.json", provenance={"eps": {"origin": "guessed"}})
put_session("channel.json", provenance={"mean": {"origin": "file", "channels": {"3": {"origin": "typed"}}}})
put_session("missing_eps.json", {"layers": [{k: v for k, v in layer.items() if k != "eps"}]})
put_session("nameless.json", {"layers": [{k: v for k, v in layer.items() if k != "name"}]})
put_session("layer_is_text.json", {"layers": ["bn"]})
put_session("no_layers.json", {"layers": []})
put_session("newer_version.json", {"version": 2})
put_session("version_zero.json", {"version": 0})
put_session("version_text.json", {"version": "1"})
put_session("wrong_format.json", {"format": "other-session"})
put_session("no_format.json", {"format": None})
put("array.json", "[1, 2]")
put_session("nan_word.json", eps=float("nan"))
put_session("infinity_word.json", eps=float("-inf"))
put("cut.json", json.dumps(session, indent=1)[:200])
put("comma.json", '{\n "format": "qbn-session",\n "name": "\u00e9\u00e8", ,\n}')
put("not_utf8.json", b'{"format": "\xff"}')
put("deep.json", '{"format": ' + "[" * 20000 + "]" * 20000 + "}")
