"""The binary XML reader on honest documents, on packers' tricks, and on hostile ones."""

from __future__ import annotations

import random
import struct

import pytest

from mingcha.errors import FormatError
from mingcha.formats.axml import ANDROID, Element, Reference, parse
from tests.build.apkparts import Attr, Ref, Tree, Typed, XmlOptions, axml, chunk, end_tag, pool, start_tag

NAME, EXPORTED, LABEL, MAX_SDK = 0x01010003, 0x01010010, 0x01010001, 0x01010271
CAMERA = "android.permission.CAMERA"


def permission(name: str = CAMERA, **more: object) -> Tree:
    """A uses-permission element."""
    return "uses-permission", [Attr("name", name, NAME, **more)], []  # type: ignore[arg-type]


MANIFEST: Tree = (
    "manifest",
    [Attr("package", "com.example.灯", namespace=None), Attr("versionCode", -7, 0x0101021B)],
    [
        ("uses-permission", [Attr("name", CAMERA, NAME), Attr("maxSdkVersion", 28, MAX_SDK)], []),
        (
            "application",
            [Attr("label", Ref(0x7F010000), LABEL)],
            [("activity", [Attr("name", ".Main", NAME), Attr("exported", True, EXPORTED)], ["文字"])],
        ),
        permission("android.permission.INTERNET"),
    ],
)


def names(root: Element) -> list[str]:
    """The names of all elements, in document order."""
    return [element.name for element in root.iter()]


@pytest.mark.parametrize("utf8", [False, True])
def test_tree(utf8: bool) -> None:
    """Elements, attributes, values and texts come out as they were put in, in either encoding."""
    root = parse(axml(MANIFEST, XmlOptions(utf8=utf8)))
    assert names(root) == ["manifest", "uses-permission", "application", "activity", "uses-permission"]
    assert root.attr("package") == "com.example.灯"
    assert root.attr("versionCode") == -7
    assert [e.attr("name") for e in root.find_all("uses-permission")] == [CAMERA, "android.permission.INTERNET"]
    (activity,) = root.find_all("activity")
    assert activity.attr("exported") is True
    assert activity.children == ("文字",)
    assert root.elements[1].attr("label") == Reference(0x7F010000)


def test_attribute_fields() -> None:
    """An attribute has its namespace, id, raw text and position."""
    data = axml(MANIFEST)
    used = parse(data).elements[0]
    name = used.attribute("name")
    assert name is not None
    assert (name.namespace, name.resource_id, name.raw, name.value) == (ANDROID, NAME, CAMERA, CAMERA)
    assert struct.unpack_from("<HBBL", data, name.offset + 12)[2] == 0x03
    assert struct.unpack_from("<H", data, used.offset) == (0x0102,)
    package = parse(data).attribute("package")
    assert package is not None
    assert (package.namespace, package.resource_id) == (None, None)


def test_absent_attribute() -> None:
    """An absent attribute gives the default."""
    root = parse(axml(MANIFEST))
    assert root.attr("sharedUserId") is None
    assert root.attr("sharedUserId", "none") == "none"
    assert root.attribute("sharedUserId") is None


def test_find_all_leaves_out_the_element_itself() -> None:
    """``find_all`` looks below an element, at any depth."""
    tree: Tree = ("layout", [], [("layout", [], [("layout", [], [])]), ("text", [], [])])
    root = parse(axml(tree))
    assert len(root.find_all("layout")) == 2
    assert len(root.elements[0].find_all("layout")) == 1


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("text", "text"),
        (5, 5),
        (-1, -1),
        (True, True),
        (False, False),
        (0.5, 0.5),
        (None, None),
        (Ref(0x01040000), Reference(0x01040000)),
        (Ref(0x00020001, 0x07), Reference(0x00020001)),
        (Ref(0x01010030, 0x02), Reference(0x01010030, attribute=True)),
        (Typed(0x11, 0xFFFFFFFF), 0xFFFFFFFF),
        (Typed(0x1C, 0xFF336699), 0xFF336699),
        (Typed(0x05, 0x00001001), "16dp"),
        (Typed(0x05, 0x00000E02), "14sp"),
        (Typed(0x05, 0xFFFFFF00), "-1px"),
        (Typed(0x05, 0x00010021), "0.0078125dp"),
        (Typed(0x06, 0x40000030), "50%"),
        (Typed(0x04, 0x7FC00000), None),
        (Typed(0x7E, 9), 9),
    ],
)
def test_typed_values(given: object, value: object) -> None:
    """Each kind of value comes out as the Python value it stands for."""
    root = parse(axml(("a", [Attr("x", given, namespace=None)], [])))  # type: ignore[arg-type]
    assert root.attr("x") == value
    assert type(root.attr("x")) is type(value)


# ------------------------------------------------------------------------------------ packers' tricks


@pytest.mark.parametrize("kind", [0x0000, 0x0001, 0x1234])
def test_wrong_kind_of_file(kind: int) -> None:
    """A wrong kind in the file header changes nothing."""
    assert parse(axml(MANIFEST, XmlOptions(kind=kind))) == parse(axml(MANIFEST))


@pytest.mark.parametrize("stated", [0, 4, 0x7FFFFFFF, 0xFFFFFFFF])
def test_wrong_size_of_file(stated: int) -> None:
    """A file size that cannot be is replaced by the true one."""
    assert parse(axml(MANIFEST, XmlOptions(stated_size=stated))) == parse(axml(MANIFEST))


@pytest.mark.parametrize("shown", ["", "fake", "xmlns:name"])
def test_names_come_from_the_resource_map(shown: str) -> None:
    """An android: attribute is known by its id, whatever the string pool calls it."""
    root = parse(axml(("manifest", [], [permission(shown=shown, namespace="http://elsewhere")])))
    attribute = root.elements[0].attribute("name")
    assert attribute is not None
    assert (attribute.name, attribute.namespace, attribute.value) == ("name", ANDROID, CAMERA)


def test_decoy_without_id_loses() -> None:
    """Of two attributes of one name the one with a resource id, which Android reads, counts."""
    decoy = Attr("name", "android.permission.DECOY")
    root = parse(axml(("manifest", [], [("uses-permission", [decoy, Attr("name", CAMERA, NAME)], [])])))
    assert root.elements[0].attr("name") == CAMERA


def test_other_namespace_does_not_answer() -> None:
    """An attribute of another namespace is not taken for an android: one."""
    root = parse(axml(("manifest", [Attr("name", "x", namespace="http://schemas.android.com/tools")], [])))
    assert root.attr("name") is None
    assert root.attributes[0].value == "x"


def test_no_resource_map() -> None:
    """Without a resource map the names in the pool count."""
    root = parse(axml(MANIFEST, XmlOptions(resource_map=False)))
    assert [e.attr("name") for e in root.find_all("uses-permission")] == [CAMERA, "android.permission.INTERNET"]


def test_unknown_id_without_name_shows_the_id() -> None:
    """A nameless attribute whose id is not in the table is called by its id."""
    root = parse(axml(("a", [Attr("", 1, 0x0101FFFF)], [])))
    assert root.attributes[0].name == "0x0101ffff"


@pytest.mark.parametrize(("size", "start"), [(24, 20), (20, 28), (40, 64)])
def test_attribute_size_and_start(size: int, start: int) -> None:
    """Attributes larger than usual, or further on, are read where they are."""
    root = parse(axml(MANIFEST, XmlOptions(attribute_size=size, attribute_start=start)))
    assert root.attr("package") == "com.example.灯"
    assert root.find_all("activity")[0].attr("exported") is True


def test_unknown_chunks_are_skipped() -> None:
    """Chunks of unknown kind are skipped by size, before the root and inside it."""
    junk = chunk(0x7777, b"\0" * 8, b"\1" * 40) + chunk(0x0150, b"\0" * 8, b"\2" * 12)
    tree: Tree = ("manifest", [], [junk, permission(), chunk(0x0000, b"", b"\3" * 8)])
    root = parse(axml(tree, XmlOptions(before_nodes=chunk(0x4242, b"", b"junk"))))
    assert root.elements[0].attr("name") == CAMERA


@pytest.mark.parametrize("rest", [b"\1\1\x10\0\0\0\0\0", b"\1\1\x10\0\xff\xff\xff\xff" + b"\0" * 8, b"\xff" * 7])
def test_broken_chunk_after_the_root(rest: bytes) -> None:
    """A chunk of size zero, or any rubbish, after the root ends is not looked at."""
    assert parse(axml(MANIFEST, XmlOptions(after_root=rest))) == parse(axml(MANIFEST))


@pytest.mark.parametrize("stated", [0xFFFFFFFF, 5000])
def test_absurd_string_count(stated: int) -> None:
    """A string count beyond the pool changes nothing for the strings that are there."""
    assert parse(axml(MANIFEST, XmlOptions(strings_stated=stated))) == parse(axml(MANIFEST))


@pytest.mark.parametrize("utf8", [False, True])
def test_strings_without_terminator(utf8: bool) -> None:
    """Strings without a final NUL are read by their length."""
    assert parse(axml(MANIFEST, XmlOptions(utf8=utf8, terminated=False))).attr("package") == "com.example.灯"


def test_end_tags_match_by_depth() -> None:
    """An end tag closes the innermost element, whatever name it bears; one too many after the root does not matter."""
    strings = pool(["outer", "inner", "other"])
    body = start_tag(0) + start_tag(1) + end_tag(2) + start_tag(2) + end_tag(0) + end_tag(1) + end_tag(1)
    root = parse(struct.pack("<HHL", 3, 8, 8 + len(strings + body)) + strings + body)
    assert names(root) == ["outer", "inner", "other"]
    assert len(root.elements) == 2


def test_document_end_closes_open_elements() -> None:
    """A document that ends before its end tags is complete, as for Android."""
    strings = pool(["outer", "inner"])
    body = start_tag(0) + start_tag(1)
    root = parse(struct.pack("<HHL", 3, 8, 8 + len(strings + body)) + strings + body)
    assert (root.name, names(root)) == ("outer", ["outer", "inner"])


def test_last_string_pool_before_the_root_counts() -> None:
    """Of two string pools the later one counts, if it stands before the first node; one inside the root does not."""
    strings, fake = pool(["true"]), pool(["fake"])
    body = fake + strings + start_tag(0) + fake + end_tag(0)
    assert parse(struct.pack("<HHL", 3, 8, 8 + len(body)) + body).name == "true"


def test_characters_beyond_the_basic_plane() -> None:
    """aapt2 writes such characters as two surrogates of three bytes each; they come out as one character."""
    surrogates = b"\xed\xa0\xbd\xed\xb8\x80"
    strings = pool([b"\x02\x06" + surrogates + b"\0", b"\x02\x03\xff\xfe\xfd\0"], utf8=True)
    body = strings + start_tag(0) + start_tag(1) + end_tag(1) + end_tag(0)
    root = parse(struct.pack("<HHL", 3, 8, 8 + len(body)) + body)
    assert root.name == "😀"
    assert root.elements[0].name == "\ufffd\ufffd\ufffd"


@pytest.mark.parametrize(("utf8", "length"), [(True, 300), (True, 0x7FFF), (False, 300), (False, 0x9000)])
def test_long_strings(utf8: bool, length: int) -> None:
    """Strings whose length takes two units are read whole."""
    assert parse(axml(("a" * length, [], []), XmlOptions(utf8=utf8))).name == "a" * length


def test_overlong_string_of_old_aapt() -> None:
    """A UTF-8 string longer than its length field can say is read up to its NUL."""
    text = "x" * 70_000
    bits = struct.pack(">H", 70_000 & 0x7FFF | 0x8000)
    strings = pool([bits + bits + text.encode() + b"\0"], utf8=True)
    body = strings + start_tag(0) + end_tag(0)
    assert parse(struct.pack("<HHL", 3, 8, 8 + len(body)) + body).name == text


# ------------------------------------------------------------------------------------------ hostile


@pytest.mark.parametrize(
    "text",
    [
        b"<?xml version='1.0'?><manifest/>",
        b"\xef\xbb\xbf<manifest/>",
        b"\n  <manifest>",
        "\ufeff<manifest/>".encode("utf-16-le"),
        "\ufeff<manifest/>".encode("utf-16-be"),
    ],
)
def test_plain_text_is_named(text: bytes) -> None:
    """Plain-text XML is refused with a sentence that says so."""
    with pytest.raises(FormatError, match="plain-text XML"):
        parse(text)


@pytest.mark.parametrize("data", [b"", b"\3\0\x08\0", b"\3\0\x08\0\x08\0\0\0", b"\0" * 400, bytes(range(256))])
def test_no_document(data: bytes) -> None:
    """Bytes that hold no document are refused."""
    with pytest.raises(FormatError):
        parse(data)


def test_no_string_pool() -> None:
    """Nodes without a string pool are refused."""
    body = start_tag(0) + end_tag(0)
    with pytest.raises(FormatError, match="without a string pool"):
        parse(struct.pack("<HHL", 3, 8, 8 + len(body)) + body)


def test_depth_is_bounded() -> None:
    """Elements nested without end are refused, a reasonable depth is not, and neither needs recursion."""
    strings = pool(["a"])

    def nested(depth: int) -> bytes:
        body = strings + start_tag(0) * depth + end_tag(0) * depth
        return struct.pack("<HHL", 3, 8, 8 + len(body)) + body

    assert len(list(parse(nested(200)).iter())) == 200
    for depth in (201, 50_000):
        with pytest.raises(FormatError, match="nested more than 200 deep"):
            parse(nested(depth))


@pytest.mark.parametrize(("size", "count"), [(20, 2), (0xFFFF, 0xFFFF), (20, 0xFFFF)])
def test_attributes_beyond_the_tag(size: int, count: int) -> None:
    """Attributes that would lie outside their start tag are refused."""
    body = pool(["a"]) + start_tag(0, [b"\xff" * 20], size=size, count=count) + end_tag(0)
    with pytest.raises(FormatError, match="attributes do not fit"):
        parse(struct.pack("<HHL", 3, 8, 8 + len(body)) + body)


def test_attributes_without_size() -> None:
    """Sixty-five thousand attributes on the same bytes are refused before they cost memory."""
    tag = start_tag(0, [b"\xff" * 12 + b"\x08\0\0\x10" + b"\0" * 4], size=0, count=0xFFFF)
    body = pool(["a"]) + tag * 500
    with pytest.raises(FormatError, match="more attributes than the file has room for"):
        parse(struct.pack("<HHL", 3, 8, 8 + len(body)) + body)


def test_overlapping_strings() -> None:
    """Thousands of strings that share one long body are refused before they cost memory."""
    long = "x" * 30_000
    body = long.encode("utf-16-le")
    entries = b"".join(struct.pack("<L", 2 * place) for place in range(4000))
    lengths = struct.pack("<H", 12_000) * 12_000
    strings = chunk(0x0001, struct.pack("<LLLLL", 4000, 0, 0, 28 + len(entries), 0), entries + lengths + body)
    tags = b"".join(start_tag(number) + end_tag(number) for number in range(4000))
    nodes = strings + start_tag(0) + tags + end_tag(0)
    with pytest.raises(FormatError, match="overlap beyond reason"):
        parse(struct.pack("<HHL", 3, 8, 8 + len(nodes)) + nodes)


def test_mutations_raise_format_error_or_succeed() -> None:
    """Of 1500 damaged documents each is read or refused, and some of each kind occur."""
    dice = random.Random(11)
    seeds = [axml(MANIFEST), axml(MANIFEST, XmlOptions(utf8=True, kind=0))]
    outcomes = {"read": 0, "refused": 0}
    for _ in range(1500):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 5)):
            place = dice.randrange(len(data) - 4)
            data[place : place + dice.choice([1, 2, 4])] = dice.choice([b"\0", b"\xff\xff", b"\0\0\0\x80", b"\1\2\3\4"])
        try:
            assert names(parse(data)), "a document has at least one element"
            outcomes["read"] += 1
        except FormatError:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 100
