"""Many names at once are those that single lookups give, and what is broken is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mingcha.errors import FormatError
from mingcha.formats.dex import Dex
from mingcha.formats.dexbulk import names, static_numbers, type_lists
from tests.build.dexmaker import Class, Code, Method, dex

REACH = Path(__file__).parents[2] / "data" / "reach" / "reach.dex"


def image(*strings: str) -> Dex:
    return Dex(dex([Class("La/A;", [Method("m(ILjava/lang/String;)V", Code(4, []))])], strings=strings))


def test_names_are_what_single_lookups_give() -> None:
    """Short, long, empty and Chinese strings, in any order."""
    made = image("", "x" * 300, "同意", "a" * 20000)
    numbers = np.arange(made.string_count)[::-1]
    assert names(made, numbers) == [made.string_bytes(int(number)) for number in numbers]
    assert names(made, np.empty(0, np.int64)) == []


def test_names_that_do_not_exist() -> None:
    """A number past the table is refused."""
    with pytest.raises(FormatError, match="do not exist"):
        names(image(), np.array([10_000]))


def test_names_that_share_their_bytes_beyond_reason() -> None:
    """A table whose strings are all one long string is not cut into gigabytes."""
    data = bytearray(dex([], strings=["a" * 50_000, *(f"b{n:04}" for n in range(100))]))
    made = Dex(bytes(data))
    table = int.from_bytes(data[0x3C:0x40], "little")
    data[table : table + 4 * made.string_count] = data[table : table + 4] * made.string_count
    with pytest.raises(FormatError, match="beyond reason"):
        names(Dex(bytes(data)), np.arange(made.string_count))


def test_type_lists() -> None:
    """Parameters of all prototypes in one row; offset 0 is an empty list, one outside is refused."""
    made = image()
    offsets = made.tables.protos["params"]
    counts, flat = type_lists(made, offsets)
    assert counts.tolist() == [len(made.parameters(number)) for number in range(len(offsets))]
    assert [made.type_bytes(n) for n in flat.tolist()] == [b"I", b"Ljava/lang/String;"]
    with pytest.raises(FormatError, match="outside"):
        type_lists(made, np.array([len(made.data)]))


def test_first_values_of_static_fields() -> None:
    """Constants that a compiler left in fields, by field; a class without them has none."""
    made = Dex(REACH.read_bytes())
    rows = made.class_descriptors()
    found = static_numbers(made, rows.index(b"Lt/Agree;"))
    told = {made.field_name(field): value for field, value in found.items()}
    assert told["Lt/Agree;->AGREE:I"] == 0x7F010001
    assert told["Lt/Agree;->TEXT_REFUSE:I"] == 0x7F020002
    assert static_numbers(made, rows.index(b"Lt/Secret;")) == {}
