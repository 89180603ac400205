"""DEX is read as it was made: strings, names, methods and calls; what is hostile ends in FormatError or is counted."""

from __future__ import annotations

import random
import shutil
import struct
import subprocess
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from mingcha.errors import FormatError
from mingcha.formats.dex import Dex, images, text
from tests.build import dexcode as d
from tests.build.dexmaker import (
    ABSTRACT,
    CONSTRUCTOR,
    NATIVE,
    PUBLIC,
    STATIC,
    Class,
    Code,
    Method,
    container,
    dex,
    mutf8,
)
from tests.build.slowwalk import slow_walk

LOG = "Landroid/util/Log;->d(Ljava/lang/String;)I"
IDENTIFIER = "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;"
BRAND = "Landroid/os/Build;->BRAND:Ljava/lang/String;"
VOID = Code(1, [d.return_void()])


def one(*methods: Method, **more: object) -> Dex:
    """A file of one class with these methods."""
    return Dex(dex([Class("La/A;", methods)], **more))  # type: ignore[arg-type]


def patched(data: bytes, *fields: tuple[int, int]) -> bytes:
    """The file with 32-bit numbers written over it."""
    out = bytearray(data)
    for at, number in fields:
        struct.pack_into("<L", out, at, number & 0xFFFFFFFF)
    return bytes(out)


# --- strings and names ---------------------------------------------------------------------------------------------

STRINGS = [
    "", "\0", "\0\0$\n\2", "\0z", "\1", "A", "Z", "a", "aa", "ab", "~~~", "é", "ÿ", "中", "中文", "\ud800", "\U0001f600", "\U0001f601x",
    "\uff21", "x" * 70000,
]  # fmt: skip


def test_every_string_is_found_where_it_stands() -> None:
    """Each string is found by its bytes, ASCII or not, NUL first or surrogate, and reads as it was written."""
    image = one(strings=STRINGS)
    numbers = [
        image.find_string(mutf8(string))
        for string in sorted(STRINGS, key=lambda s: s.encode("utf-16-be", "surrogatepass"))
    ]
    assert None not in numbers
    assert sorted(numbers) == numbers  # type: ignore[type-var]
    for string in STRINGS:
        number = image.find_string(mutf8(string))
        assert number is not None
        assert image.string_bytes(number) == mutf8(string)
        assert image.string(number) == ("�" if string == "\ud800" else string)
        place = image.string_place(number)
        assert image.data[place : place + len(mutf8(string)) + 1] == mutf8(string) + b"\0"


def test_strings_are_found_behind_thousands_that_begin_with_nul() -> None:
    """Kotlin's metadata begins with NUL, which sorts first and is written C0 80; names behind it are still found."""
    names = [f"name{number}" for number in range(40)]
    image = one(strings=[f"\0{number}" for number in range(3000)] + names)
    assert [image.string(image.find_string(name.encode()) or 0) for name in names] == names


def test_long_string_is_read() -> None:
    """D8 leaves marker strings longer than 256 KiB; they are read, and hide no other string."""
    image = one(strings=["y" * 300_000, "zebra"])
    assert image.find_string(b"zebra") is not None
    assert image.string(image.find_string(b"y" * 300_000) or 0) == "y" * 300_000


@pytest.mark.parametrize("absent", [b"b", b"La/B;", b"", b"\xc0\x80", b"\xff\xff", b"~~~~"])
def test_string_that_is_not_there(absent: bytes) -> None:
    """What the table does not hold is not found, before, between or behind what it holds."""
    assert one().find_string(absent) is None


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"\xc0\x80", "\0"),
        (b"\xed\xa0\xbd\xed\xb8\x80", "\U0001f600"),
        (b"\xf0\x9f\x98\x80", "\U0001f600"),  # plain UTF-8, as some tools write
        (b"a\xff", "a�"),
        (b"\xed\xa0\x80", "�"),
        (b"\xed\xa0\x80\xff", "����"),
        (b"\xed\xff", "��"),
        (b"\xe4\xb8", "�"),
    ],
)
def test_text_of_any_bytes(raw: bytes, shown: str) -> None:
    """Modified UTF-8 reads as text, and what is none is shown replaced."""
    assert text(raw) == shown


def test_types_and_classes() -> None:
    """Types are found by descriptor; classes come with their superclass, which stands before them."""
    classes = [Class("Lb/B;", superclass="Lc/C;"), Class("Lc/C;"), Class("Ljava/lang/Object;", superclass=None)]
    image = Dex(dex(classes))
    assert image.class_descriptors() == [b"Ljava/lang/Object;", b"Lc/C;", b"Lb/B;"]
    assert [image.superclass(row) for row in range(3)] == [None, b"Ljava/lang/Object;", b"Lc/C;"]
    found = image.find_type(b"Lc/C;")
    assert found is not None
    assert image.type_bytes(found) == b"Lc/C;"
    assert image.find_type(b"Lc/D;") is None


def test_string_that_is_no_type_is_not_found_as_one() -> None:
    """A descriptor that only a string constant mentions is no type."""
    image = one(Method("m()V", Code(1, [d.const_string(0, "Lx/Y;"), d.return_void()])))
    assert image.find_string(b"Lx/Y;") is not None
    assert image.find_type(b"Lx/Y;") is None


def test_names_of_methods_and_fields() -> None:
    """Members read in smali notation, and are listed by class and by name."""
    image = Dex(dex([Class("La/A;", [Method("中([[I[Lb/B;JZ)[J", VOID)], ["f:[Lb/B;", "g:I"])]))
    cls = image.find_type(b"La/A;")
    assert cls is not None
    (method,) = image.methods_of(cls)
    assert image.method_name(method) == "La/A;->中([[I[Lb/B;JZ)[J"
    assert image.method_parts(method)[2] == (b"[[I", b"[Lb/B;", b"J", b"Z")
    assert image.member_bytes(method, field=False) == "中".encode()
    assert [image.field_name(number) for number in image.fields_of(cls)] == ["La/A;->f:[Lb/B;", "La/A;->g:I"]
    assert [image.member_bytes(number, field=True) for number in image.fields_of(cls)] == [b"f", b"g"]


# --- code ----------------------------------------------------------------------------------------------------------


def test_methods_of_several_classes() -> None:
    """Class data of all classes: every method with code once, with its flags, in the order of its code."""
    classes = [
        Class("Lz/Z;", [Method("<init>()V", VOID, PUBLIC | CONSTRUCTOR)], ["f:I"]),
        Class(
            "La/A;", [Method("b()V", Code(1, [d.return_void()])), Method("a()V", Code(1, [d.return_void()]), PUBLIC)]
        ),
        Class("Lm/Empty;"),
        Class("Lm/Abstract;", [Method("x()V", None, PUBLIC | ABSTRACT), Method("y()V", None, PUBLIC | NATIVE)]),
    ]
    image = Dex(dex(classes))
    methods = image.methods
    assert [image.method_name(number) for number in methods.ids] == ["Lz/Z;-><init>()V", "La/A;->b()V", "La/A;->a()V"]
    assert methods.access.tolist() == [PUBLIC | CONSTRUCTOR, PUBLIC | STATIC, PUBLIC]
    assert (methods.end - methods.first).tolist() == [1, 1, 1]
    assert (methods.first * 2 - methods.code).tolist() == [16, 16, 16]
    assert methods.dropped == 0


def test_method_numbers_are_counted_from_the_one_before() -> None:
    """Two hundred methods of one class, direct and virtual, each read as itself."""
    named = [
        Method(f"m{n:03}()V", Code(1, [d.const16(0, n), d.return_void()]), PUBLIC | STATIC * (n % 2))
        for n in range(200)
    ]
    image = one(*named)
    found = {
        image.method_name(number): int(image.units[first + 1])
        for number, first in zip(image.methods.ids, image.methods.first, strict=True)
    }
    assert found == {f"La/A;->m{n:03}()V": n for n in range(200)}


def test_file_without_classes() -> None:
    """A file that only has strings has no methods, no instructions, no sites."""
    image = Dex(dex([], strings=["a"]))
    assert image.methods.ids.tolist() == image.instructions.tolist() == list(image.sites([0])) == []
    assert Dex(dex([])).string_span == (0, 0)


def sites(image: Dex, *names: str, fields: bool = False) -> list[tuple[str, int, int]]:
    """Caller, unit within it and opcode of all sites of these members."""
    count = len(image._fields if fields else image._methods)
    name = image.field_name if fields else image.method_name
    wanted = [number for number in range(count) if name(number) in names]
    found = image.sites((), wanted) if fields else image.sites(wanted)
    starts = image.methods.first
    return [(image.method_name(image.methods.ids[s.method]), s.unit - int(starts[s.method]), s.opcode) for s in found]


def test_sites_of_all_invokes() -> None:
    """Every form of invoke of the wanted method is a site, by address; calls of others are none."""
    code = Code(9, [
        d.invoke_virtual(IDENTIFIER, 0), d.invoke_static(LOG, 0), d.invoke_direct(IDENTIFIER, 0), d.invoke_static(IDENTIFIER),
        d.invoke_interface(IDENTIFIER, 0), d.invoke_virtual_range(IDENTIFIER, 3, 1), d.invoke_static_range(IDENTIFIER, 3, 0),
        d.return_void(),
    ])  # fmt: skip
    image = one(Method("m()V", code), Method("n()V", Code(1, [d.nop(), d.invoke_static(IDENTIFIER), d.return_void()])))
    assert sites(image, IDENTIFIER) == [
        ("La/A;->m()V", 0, 0x6E), ("La/A;->m()V", 6, 0x70), ("La/A;->m()V", 9, 0x71), ("La/A;->m()V", 12, 0x72),
        ("La/A;->m()V", 15, 0x74), ("La/A;->m()V", 18, 0x77), ("La/A;->n()V", 1, 0x71),
    ]  # fmt: skip


def test_sites_of_field_reads_are_no_writes() -> None:
    """Static and instance reads of a field are sites, writes are not."""
    ops = [d.sget_object(0, BRAND), d.raw(0x69, 0), d.iget_object(0, 1, BRAND), d.return_void()]
    image = one(Method("m()V", Code(2, ops)))
    assert sites(image, BRAND, fields=True) == [("La/A;->m()V", 0, 0x62), ("La/A;->m()V", 4, 0x54)]


def test_numbers_that_look_like_calls_are_none() -> None:
    """Inside tables of numbers, switch tables and constants, the bytes of a call are no call."""
    head = Method("a()V", Code(1, [d.invoke_static(IDENTIFIER), d.return_void()]))
    number = next(one(head, Method("b()V", VOID)).sites(range(10))).target  # of the same members as below
    fake = (0x0071, number, 0)
    raw = b"".join(struct.pack("<H", unit) for unit in fake * 3)
    key = fake[0] | fake[1] << 16
    ops = [
        d.fill_array_data(0, "array"), d.sparse_switch(0, "sparse"), d.packed_switch(0, "packed"),
        d.const_wide(0, int.from_bytes(raw[:8], "little")), d.const32(0, key), d.label("end"), d.return_void(),
        d.array_payload("array", 2, raw), d.sparse_payload("sparse", {key: "end"}), d.packed_payload("packed", key, ["end"]),
    ]  # fmt: skip
    image = one(head, Method("b()V", Code(2, ops)))
    assert image.method_name(number) == IDENTIFIER
    assert image.data.count(raw[:4]) >= 6
    assert sites(image, IDENTIFIER) == [("La/A;->a()V", 0, 0x71)]


def test_shared_code_counts_for_each_method() -> None:
    """One code item that three methods share gives each of them its sites."""
    shared = Code(1, [d.invoke_static(IDENTIFIER), d.return_void()])
    image = one(Method("a()V", VOID), Method("b()V", shared), Method("c()V", shared), Method("d()V", shared))
    assert [caller for caller, _, _ in sites(image, IDENTIFIER)] == ["La/A;->b()V", "La/A;->c()V", "La/A;->d()V"]
    assert image.instructions_of(1).tolist() == image.instructions_of(3).tolist()


def test_call_cut_off_by_the_end_of_its_method_is_none() -> None:
    """The first unit of an invoke at the very end of a method is no site, though the file goes on."""
    image = one(Method("a()V", Code(1, [d.invoke_static(IDENTIFIER), d.nop(), d.raw(0x71)])), Method("b()V", VOID))
    assert sites(image, IDENTIFIER) == [("La/A;->a()V", 0, 0x71)]
    assert (image.instructions_of(0) - image.methods.first[0]).tolist() == [0, 3]


@pytest.mark.parametrize("methods", [3, 400])
def test_instructions_are_those_of_a_slow_walker(methods: int) -> None:
    """In methods of random units, few and many, short and long, instructions start where a slow walk finds them."""
    chance = random.Random(methods)
    made = [
        Method(f"m{n}()V", Code(1, [d.raw(*(chance.randrange(0x10000) for _ in range(chance.choice((1, 9, 120)))))]))
        for n in range(methods)
    ]
    image = one(*made)
    code = image.units.tolist()
    for number in range(methods):
        first, end = int(image.methods.first[number]), int(image.methods.end[number])
        assert image.instructions_of(number).tolist() == slow_walk(code, first, end)


def test_item_end_is_where_the_next_item_starts() -> None:
    """A code item ends at the next one at the latest, the last one with the file."""
    image = one(Method("a()V", VOID), Method("b()V", VOID), Method("c()V", Code(1, [d.return_void()])))
    assert [image.item_end(number) for number in range(3)] == [int(image.methods.code[2])] * 2 + [len(image.data)]


# --- versions and containers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", range(35, 40))
def test_versions(version: int) -> None:
    """Versions 035 to 039 read alike."""
    image = one(Method("m()V", VOID), version=version)
    assert image.version == version
    assert image.method_name(int(image.methods.ids[0])) == "La/A;->m()V"


@pytest.mark.parametrize("version", [35, 37, 38, 39])
def test_the_maker_is_accepted_by_dexdump(version: int, tmp_path: Path) -> None:
    """Android's own disassembler verifies what the maker makes, of every version it knows, and shows its code."""
    if not shutil.which("dexdump"):
        pytest.skip(
            "dexdump is not on the PATH (Debian: apt install dexdump): the maker's files are not verified by Android's code"
        )
    ops = [
        d.label("try"), d.const_string(0, "中\0\U0001f600"), d.invoke_static(LOG, 0), d.label("end"), d.packed_switch(0, "table"),
        d.label("out"), d.return_void(), d.label("caught"), d.move_exception(0), d.goto("out"), d.packed_payload("table", 1, ["out"]),
    ]  # fmt: skip
    code = Code(4, ops, [d.Try("try", "end", (("Ljava/io/IOException;", "caught"),), "caught")])
    classes = [
        Class("Lb/B;", [Method("x(JI)V", code, STATIC)], superclass="La/A;", interfaces=["La/I;"]),
        Class("La/A;", [Method("x()V", None, PUBLIC | ABSTRACT)], ["f:I"], access=PUBLIC | ABSTRACT),
        Class("La/I;", access=PUBLIC | ABSTRACT | 0x200),
    ]
    path = tmp_path / "classes.dex"
    path.write_bytes(dex(classes, version=version))
    done = subprocess.run(["dexdump", "-d", path], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"invoke-static {v0}, Landroid/util/Log;.d:(Ljava/lang/String;)I" in done.stdout
    assert b"La/I;" in done.stdout
    assert b"Ljava/io/IOException; -> 0x" in done.stdout


def test_container_gives_every_image() -> None:
    """Three images of a container (041), whose offsets all count from its start, read as three files would."""
    first, second = [Class("La/A;", [Method("a()V", VOID)])], [Class("Lb/B;", [Method("b(I)V", VOID)], ["f:I"])]
    found = images(container(first, second, []))
    assert [image.class_descriptors() for image in found] == [[b"La/A;"], [b"Lb/B;"], []]
    assert [image.method_name(int(image.methods.ids[0])) for image in found[:2]] == ["La/A;->a()V", "Lb/B;->b(I)V"]
    assert {image.version for image in found} == {41}
    assert found[1].data[found[1].string_place(0) - 1] == len(found[1].string(0))


def test_one_file_has_one_image() -> None:
    """What follows an old file is no second image."""
    data = dex([Class("La/A;")])
    assert len(images(data + data)) == 1


def test_what_follows_a_container_is_no_image() -> None:
    """Bytes behind the stated size are left alone, unless they are a DEX: then they are read whatever the size says."""
    data = container([Class("La/A;")], [Class("Lb/B;")])
    assert len(images(data + b"signature" * 40)) == 2
    assert len(images(patched(data, (0x70, 0x78)))) == 2
    with pytest.raises(FormatError):
        images(patched(data + b"signature" * 40, (0x70, len(data) + 360)))


def test_container_whose_images_do_not_advance() -> None:
    """An image of zero bytes, or hundreds of images over the same bytes, are malformed."""
    data = container([Class("La/A;", [Method("a()V", VOID)])], [Class("Lb/B;")])
    second = images(data)[0].size
    with pytest.raises(FormatError):
        images(patched(data, (second + 32, 0)))
    head = patched(data[:0x78], (32, 0x78))
    with pytest.raises(FormatError):
        images(head * 500)


# --- hostile files -------------------------------------------------------------------------------------------------

WHOLE = dex(
    [
        Class(
            "La/A;",
            [Method("a()V", Code(1, [d.invoke_static(IDENTIFIER), d.return_void()])), Method("b()V", VOID)],
            ["f:I"],
        )
    ]
)
COUNTS = {
    name: 0x38 + 8 * number for number, name in enumerate(("string", "type", "proto", "field", "method", "class"))
}


def read_all(data: bytes) -> Dex:
    """Everything the collectors ask of a file."""
    image = images(data)[0]
    for number in range(len(image._methods)):
        image.method_name(number)
    for number in range(len(image._fields)):
        image.field_name(number)
    image.class_descriptors()
    list(image.sites(range(len(image._methods)), range(len(image._fields))))
    image.find_string(b"La/A;")
    return image


@pytest.mark.parametrize(
    "data",
    [b"", b"dex\n", WHOLE[:0x6F], b"dey\n" + WHOLE[4:], b"dex\n034\0" + WHOLE[8:], b"dex\n042\0" + WHOLE[8:], b"dex\n0x5\0" + WHOLE[8:],
     b"dex\n0355" + WHOLE[8:], patched(WHOLE, (40, 0x78563412))],
    ids=["empty", "short", "header", "magic", "old", "new", "letters", "unterminated", "byte order"],
)  # fmt: skip
def test_no_dex(data: bytes) -> None:
    """What does not begin as a DEX of a known version in this byte order is refused."""
    with pytest.raises(FormatError):
        Dex(data)


@pytest.mark.parametrize("table", COUNTS)
@pytest.mark.parametrize("count", [0x7FFFFFFF, 0xFFFFFFFF, len(WHOLE) // 4])
def test_table_larger_than_the_file(table: str, count: int) -> None:
    """A table that does not fit into the file is refused before anything is made room for."""
    with pytest.raises(FormatError):
        Dex(patched(WHOLE, (COUNTS[table], count)))


@pytest.mark.parametrize("table", COUNTS)
def test_table_outside_the_file(table: str) -> None:
    """A table that begins behind the end is refused."""
    with pytest.raises(FormatError):
        Dex(patched(WHOLE, (COUNTS[table] + 4, 0xFFFFFFF0)))


def test_more_classes_than_types_can_be() -> None:
    """A class table of more rows than there are type numbers is refused."""
    with pytest.raises(FormatError, match="classes"):
        Dex(patched(WHOLE + bytes(32 * 0x10001), (COUNTS["class"], 0x10001), (COUNTS["class"] + 4, len(WHOLE))))


def test_string_outside_the_file() -> None:
    """A string whose offset leads out of the file is an error of that string alone."""
    image = Dex(patched(WHOLE, (0x70, len(WHOLE) + 5)))
    with pytest.raises(FormatError):
        image.string_bytes(0)
    assert image.string(1)


def test_string_without_end() -> None:
    """A string that no NUL ends is an error, wherever it stands."""
    image = Dex(patched(WHOLE, (0x70, len(WHOLE))) + b"\5" + b"x" * 70000)
    with pytest.raises(FormatError):
        image.string_bytes(0)
    with pytest.raises(FormatError):
        image.string_bytes(image.string_count)
    with pytest.raises(FormatError):
        image.string_bytes(-1)


def test_names_longer_than_any_class_file_allows() -> None:
    """A type of a megabyte is refused as a name, and stays readable as a string."""
    image = one(strings=["L" + "a" * 1_000_000 + ";"])
    number = image.find_string(b"L" + b"a" * 1_000_000 + b";")
    assert number is not None
    at = int(image._counts["type"][1])
    broken = Dex(patched(image.data, (at, number)))
    with pytest.raises(FormatError, match="name"):
        broken.type_bytes(0)
    assert len(broken.string_bytes(number)) == 1_000_002


@pytest.mark.parametrize("call", ["type_bytes", "method_name", "field_name", "parameters", "string"])
@pytest.mark.parametrize("number", [-1, 0xFFFF, 1 << 31])
def test_numbers_that_lead_nowhere(call: str, number: int) -> None:
    """An index outside its table is a FormatError, never another row."""
    with pytest.raises(FormatError):
        getattr(Dex(WHOLE), call)(number)


def class_data_at(data: bytes, row: int = 0) -> int:
    """Where the place of a class's data stands."""
    return int(Dex(data)._counts["class"][1]) + 32 * row + 24


@pytest.mark.parametrize("offset", [len(WHOLE), len(WHOLE) - 1, 0x7FFFFFFF, 0xFFFFFFFF])
def test_class_data_outside_the_file_is_counted(offset: int) -> None:
    """Class data that is not there costs the class, which is counted, and no other."""
    data = dex([Class("La/A;", [Method("a()V", VOID)]), Class("Lb/B;", [Method("b()V", VOID)])])
    image = Dex(patched(data, (class_data_at(data), offset)))
    assert [image.method_name(number) for number in image.methods.ids] == ["Lb/B;->b()V"]
    assert image.methods.dropped == 1


@pytest.mark.parametrize("counts", [b"\xff\xff\xff\xff\x0f\0\0\0", b"\0\0\xff\xff\x03\0", b"\0\0\0\3", b"\x80" * 40])
def test_absurd_class_data_is_counted(counts: bytes) -> None:
    """More members than the file has ids for, or than the file has bytes for: the class is left out and counted."""
    data = dex([Class("La/A;", [Method("a()V", VOID)]), Class("Lb/B;", [Method("b()V", VOID)])])
    image = Dex(patched(data, (class_data_at(data), len(data))) + counts)
    assert [image.method_name(number) for number in image.methods.ids] == ["Lb/B;->b()V"]
    assert image.methods.dropped == 1


@pytest.mark.parametrize("place", [len(WHOLE) - 15, len(WHOLE) - 16, len(WHOLE) + 1000, 0x71, 0xFFFFFFF])
def test_code_outside_the_file_is_counted(place: int) -> None:
    """A method whose code is not in the file, not aligned, or longer than the file, is left out and counted."""
    row = b"\0\0\1\0" + b"\0\1" + place.to_bytes(4, "little")
    uleb = bytes(
        [
            place & 0x7F | 0x80,
            place >> 7 & 0x7F | 0x80,
            place >> 14 & 0x7F | 0x80,
            place >> 21 & 0x7F | 0x80,
            place >> 28,
        ]
    )
    data = patched(WHOLE, (class_data_at(WHOLE), len(WHOLE) + 16)) + b"\xff" * 16 + row[:6] + uleb
    image = Dex(data)
    assert image.methods.ids.tolist() == []
    assert image.methods.dropped == 1


def test_code_that_runs_into_the_next_is_counted() -> None:
    """A method longer than the room before the next one is left out and counted; the next one is read."""
    image = Dex(WHOLE)
    at = int(image.methods.code[0]) + 12
    broken = Dex(patched(WHOLE, (at, 60)))
    assert [broken.method_name(number) for number in broken.methods.ids] == ["La/A;->b()V"]
    assert broken.methods.dropped == 1


def test_method_numbers_outside_the_table_are_counted() -> None:
    """A method id that the file does not have is left out and counted."""
    data = dex([Class("Lz/Z;", [Method("a()V", Code(1, [d.invoke_static(LOG), d.return_void()]))])])
    image = Dex(patched(data, (COUNTS["method"], 1)))
    assert image.methods.ids.tolist() == []
    assert image.methods.dropped == 1


@pytest.mark.parametrize("number", range(400))
def test_any_four_bytes_overwritten(number: int) -> None:
    """Whatever four bytes of a file hold, reading all of it gives names and sites or a FormatError."""
    chance = random.Random(number)
    at = chance.randrange(0, len(WHOLE) - 4)
    value = chance.choice(
        (0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, len(WHOLE), chance.randrange(len(WHOLE)))
    )
    with suppress(FormatError):
        assert read_all(patched(WHOLE, (at, value))).version == 35


# --- bombs: small files that ask for much --------------------------------------------------------------------------


def bounded(data: bytes, seconds: float = 2.0, room: int = 100 << 20) -> Dex:
    """Read everything, within this time and this much memory."""
    tracemalloc.start()
    begin = time.process_time()
    try:
        return read_all(data)
    finally:
        spent, (_, peak) = time.process_time() - begin, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert spent < seconds
        assert peak < room


def test_many_methods_that_share_long_code() -> None:
    """Two thousand methods over one item of two thousand calls are cut where they exceed what the file has room for."""
    shared = Code(1, [d.invoke_static(IDENTIFIER)] * 2000)
    image = bounded(dex([Class("La/A;", [Method(f"m{n}()V", shared) for n in range(2000)])]))
    assert len(image.methods.ids) < 100
    assert image.methods.dropped == 2000 - len(image.methods.ids)


def test_code_items_that_overlap() -> None:
    """Five hundred methods whose code all runs to the end of the file are not walked five hundred times."""
    data = bytearray(dex([Class("La/A;", [Method(f"m{n}()V", Code(1, [d.nop()] * 200)) for n in range(500)])]))
    for at in Dex(bytes(data)).methods.code:
        struct.pack_into("<L", data, int(at) + 12, (len(data) - int(at) - 16) // 2)
    image = bounded(bytes(data))
    assert len(image.methods.ids) == 1
    assert image.methods.dropped == 499


def test_class_data_at_both_ends_of_a_large_file() -> None:
    """What lies between two pieces of class data is not read: memory follows the classes, not the file."""
    data = dex([Class("La/A;", [Method("a()V", VOID)]), Class("Lb/B;", [Method("b()V", VOID)])])
    rows = [class_data_at(data, row) for row in (0, 1)]
    tail = data[struct.unpack_from("<L", data, rows[1])[0] :][:40]
    large = data + bytes(16 << 20)
    image = bounded(patched(large, (rows[1], len(large))) + tail)
    assert len(image.methods.ids) == 2


def test_class_names_that_all_share_one_long_string() -> None:
    """A thousand classes named by overlapping pieces of one long string are refused."""
    data = dex([Class(f"La/{n};") for n in range(1000)], strings=["L" + "a" * 60_000])
    image = Dex(data)
    long = int(image._string_offsets[image.find_string(b"L" + b"a" * 60_000) or 0])
    table = int(image._counts["string"][1])
    with pytest.raises(FormatError, match="share"):
        bounded(patched(data, *((table + 4 * n, long) for n in range(image.string_count))))
