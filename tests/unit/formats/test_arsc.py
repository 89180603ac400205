"""The resource table reader on honest tables in every encoding, and on hostile ones."""

from __future__ import annotations

import random
import struct

import pytest

from mingcha.errors import FormatError
from mingcha.formats.arsc import Reference, Resources, parse
from tests.build.apkparts import Bag, Package, Ref, Typed, Variant, arsc, chunk, pool

STRING, BOOL, ARRAY = 0x7F010000, 0x7F020000, 0x7F030000


def table(*variants: Variant, utf8: bool = True) -> Resources:
    """A table whose one type is "string"."""
    return parse(arsc(Package({"string": variants}), utf8=utf8))


DEMO = (
    Variant({"app_name": "Torch", "agree": "I agree"}),
    Variant({"app_name": "手电筒", "agree": "我同意"}, "zh-CN"),
    Variant({"app_name": "手電筒"}, "zh-Hant-TW"),
    Variant({"app_name": "Sulo"}, "fil"),
)


@pytest.mark.parametrize("utf8", [False, True])
def test_values_by_language(utf8: bool) -> None:
    """Each language has its own value, in either encoding of the pools."""
    resources = table(*DEMO, utf8=utf8)
    assert [resources.value(STRING, language) for language in (None, "zh-CN", "zh-Hant-TW", "fil")] == [
        "Torch",
        "手电筒",
        "手電筒",
        "Sulo",
    ]
    assert resources.languages() == ("fil", "zh-CN", "zh-Hant-TW")


def test_names() -> None:
    """A resource is named by type and key; what is not there has no name."""
    resources = parse(arsc(Package({"string": DEMO, "bool": [Variant({"night": True})]})))
    assert resources.name(STRING) == "string/app_name"
    assert resources.name(STRING + 1) == "string/agree"
    assert resources.name(BOOL) == "bool/night"
    assert [resources.name(n) for n in (STRING + 2, 0x7F030000, 0x01010000, 0, 0xFFFFFFFF)] == [None] * 5


def test_names_of_an_entry_only_some_languages_have() -> None:
    """A name is found even if the first configurations lack the entry."""
    resources = table(Variant({"a": "1", "b": "2"}, "en"), Variant({"c": "3"}, "de"))
    assert resources.name(STRING + 2) == "string/c"
    assert resources.value(STRING + 2, "en") == "3"


def test_fallback_of_languages() -> None:
    """A language not there gives a related one, then the default."""
    resources = table(*DEMO)
    assert resources.value(STRING, "zh") == "手电筒"
    assert resources.value(STRING, "zh-SG") == "手电筒"
    assert resources.value(STRING, "zh-HK") == "手電筒"
    assert resources.value(STRING, "fr-FR") == "Torch"
    assert resources.value(STRING + 1, "fil") == "I agree"


def test_any_language_is_better_than_none() -> None:
    """A text that exists in one language only is found without asking for it."""
    assert table(Variant({"a": "只有中文"}, "zh-CN")).value(STRING) == "只有中文"


def test_least_conditions_win() -> None:
    """Among variants of one language the one for any screen is chosen."""
    assert table(Variant({"a": "sharp"}, density=480), Variant({"a": "any"})).value(STRING) == "any"


def test_references_are_followed() -> None:
    """A reference gives the value it leads to, in the language asked for."""
    types = {
        "string": [Variant({"app_name": "Torch", "label": Ref(STRING)}), Variant({"app_name": "手电筒"}, "zh")],
        "bool": [Variant({"chain": Ref(STRING + 1)})],
    }
    resources = parse(arsc(Package(types)))
    assert resources.value(BOOL) == "Torch"
    assert resources.value(BOOL, "zh") == "手电筒"


def test_references_out_of_the_table_and_in_circles() -> None:
    """A reference to the framework, to a theme attribute or in a circle is given back as it is."""
    resources = table(
        Variant({"out": Ref(0x01040000), "round": Ref(STRING + 2), "trip": Ref(STRING + 1), "theme": Ref(STRING, 0x02)})
    )
    assert resources.value(STRING) == Reference(0x01040000)
    assert isinstance(resources.value(STRING + 1), Reference)
    assert resources.value(STRING + 3) == Reference(STRING, attribute=True)


def test_reference_to_nothing() -> None:
    """A reference to an entry that does not exist leads to nothing."""
    assert table(Variant({"a": Ref(STRING + 9)})).value(STRING) is None


def test_kinds_of_values() -> None:
    """Numbers, booleans and bags come out as such; a bag has no single value."""
    resources = parse(
        arsc(Package({"string": [Variant({"a": -3, "b": True, "c": Typed(0x1C, 0xFF112233), "d": Bag(["x"])})]}))
    )
    assert [resources.value(STRING + n) for n in range(4)] == [-3, True, 0xFF112233, None]


@pytest.mark.parametrize(
    "form", [{}, {"sparse": True}, {"compact": True}, {"short": True}, {"compact": True, "short": True}]
)
def test_encodings_of_entries(form: dict[str, bool]) -> None:
    """Sparse tables, compact entries and short offsets give what the plain form gives."""
    full = {f"s{number}": f"default {number}" for number in range(40)}
    few = {"s7": "七", "s39": "三十九"}
    resources = parse(arsc(Package({"string": [Variant(full, **form), Variant(few, "zh-CN", **form)]})))
    assert [resources.value(STRING + n) for n in (0, 7, 39)] == ["default 0", "default 7", "default 39"]
    assert [resources.value(STRING + n, "zh-CN") for n in (0, 7, 39)] == ["default 0", "七", "三十九"]
    assert [resources.name(STRING + n) for n in (7, 39, 40)] == ["string/s7", "string/s39", None]
    assert [(t.name, t.text) for t in resources.strings_by_language({"zh-CN"})] == list(few.items())


def test_strings_by_language() -> None:
    """Every text comes with its id, name, language and position, and other types stay out."""
    data = arsc(Package({"string": DEMO, "bool": [Variant({"s": "not a string resource"})]}))
    texts = list(parse(data).strings_by_language())
    assert [(t.resource_id - STRING, t.name, t.language, t.text) for t in texts] == [
        (0, "app_name", None, "Torch"),
        (1, "agree", None, "I agree"),
        (0, "app_name", "zh-CN", "手电筒"),
        (1, "agree", "zh-CN", "我同意"),
        (0, "app_name", "zh-Hant-TW", "手電筒"),
        (0, "app_name", "fil", "Sulo"),
    ]
    for text in texts:
        raw = text.text.encode()
        assert data[text.offset : text.offset + 2 + len(raw)] == bytes([len(text.text), len(raw)]) + raw


def test_texts_of_bags() -> None:
    """The texts of arrays and plurals are given when asked for."""
    types = {
        "string": [Variant({"a": "one"})],
        "plurals": [Variant({"p": Bag(["%d app", "%d apps"])})],
        "array": [Variant({"l": Bag([Ref(STRING), "shown", 5])})],
    }
    resources = parse(arsc(Package(types)))
    assert [t.text for t in resources.strings_by_language()] == ["one"]
    found = resources.strings_by_language(types=("plurals", "array"))
    assert [(t.name, t.text) for t in found] == [("p", "%d app"), ("p", "%d apps"), ("l", "shown")]


def test_several_packages() -> None:
    """Resources of several packages are told apart by the first byte of their id."""
    types = {"string": [Variant({"a": "app"})]}
    resources = parse(arsc(Package(types), Package({"string": [Variant({"a": "library"})]}, id=0x02)))
    assert (resources.value(STRING), resources.value(0x02010000)) == ("app", "library")


def test_strings_are_decoded_lazily() -> None:
    """The pool is there by index, and a broken string disturbs only itself."""
    data = arsc(Package({"string": [Variant({"a": "fine"})]}), extra_strings=[b"\x05\xff\xff\xff", "last"])
    strings = parse(data).strings
    assert (len(strings), strings.get(0), strings.get(2)) == (3, "fine", "last")
    assert strings.get(1) is None
    assert [strings.get(index) for index in (3, -1, 0xFFFFFFFF)] == [None] * 3


def test_unknown_chunks_are_skipped() -> None:
    """Chunks of unknown kind in the table are skipped by size."""
    data = arsc(Package({"string": [Variant({"a": "x"})]}))
    grown = data[:12] + chunk(0x0999, b"\1\2\3\4", b"junk") + data[12:]
    grown = grown[:4] + struct.pack("<L", len(grown)) + grown[8:]
    assert parse(grown).value(STRING) == "x"


# ------------------------------------------------------------------------------------------ hostile


@pytest.mark.parametrize("data", [b"", b"\2\0\x0c\0", bytes(64), b"\2\0\x0c\0\x0c\0\0\0\0\0\0\0", b"<resources/>" * 9])
def test_no_table(data: bytes) -> None:
    """Bytes that hold no resource table are refused."""
    with pytest.raises(FormatError):
        parse(data)


def test_package_without_names() -> None:
    """A package without any string pool is refused."""
    package = chunk(0x0200, b"\x7f\0\0\0" + b"\0" * 276)
    body = pool(["a"]) + package
    with pytest.raises(FormatError, match="without names"):
        parse(chunk(0x0002, struct.pack("<L", 1), body))


def test_every_truncation() -> None:
    """A table cut anywhere is refused."""
    data = arsc(Package({"string": DEMO}))
    for length in range(len(data)):
        with pytest.raises(FormatError):
            parse(data[:length])


def test_absurd_entry_count() -> None:
    """An entry count beyond the chunk gives the entries that are there."""
    data = arsc(Package({"string": [Variant({"a": "x"})]}))
    place = data.index(b"\x01\x02\x54\0") + 12  # the type chunk: kind, size of its header; then the count
    forged = data[:place] + struct.pack("<L", 0xFFFFFFFF) + data[place + 4 :]
    resources = parse(forged)
    assert resources.value(STRING) == "x"
    assert "x" in [text.text for text in resources.strings_by_language()]


def test_overlapping_bags() -> None:
    """Thousands of entries that share one huge bag are refused instead of walked."""
    names = {f"s{n}": Bag(["text"] * 2) if n else Bag(["text"] * 5000) for n in range(2000)}
    data = bytearray(arsc(Package({"array": [Variant(names)]})))
    place = bytes(data).index(b"\x01\x02\x54\0") + 84
    data[place : place + 8000] = b"\0" * 8000  # every entry is the first
    with pytest.raises(FormatError, match="overlap beyond reason"):
        list(parse(bytes(data)).strings_by_language(types=("array",)))


def test_mutations_raise_format_error_or_succeed() -> None:
    """Of 1500 damaged tables each is read or refused, and some of each kind occur."""
    dice = random.Random(13)
    few = {"s3": "x"}
    seeds = [
        arsc(Package({"string": DEMO, "array": [Variant({"l": Bag(["a", Ref(STRING)])})]})),
        arsc(
            Package({"string": [Variant(few, sparse=True), Variant(few, "zh", compact=True, short=True)]}), utf8=False
        ),
    ]
    outcomes = {"read": 0, "refused": 0}
    for _ in range(1500):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(data) - 4)
            data[place : place + dice.choice([1, 2, 4])] = dice.choice([b"\0", b"\xff\xff", b"\0\0\0\x80", b"\1\2\3\4"])
        try:
            resources = parse(bytes(data))
            for text in resources.strings_by_language(types=("string", "array")):
                assert text.text.encode().decode() == text.text, "a text holds no stray surrogate"
                assert 0 < text.offset < len(data)
            resources.value(STRING, "zh")
            resources.name(ARRAY)
            outcomes["read"] += 1
        except FormatError:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 100
