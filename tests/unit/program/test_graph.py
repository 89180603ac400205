"""What methods use is told in numbers that hold over all images, and absurd tables end in an error, not in time."""

from __future__ import annotations

import time

import pytest

from mingcha.catalogue.framework import load_framework
from mingcha.errors import FormatError, LimitError
from mingcha.formats.dex import Dex
from mingcha.program.code import Image, Program
from mingcha.program.graph import CLASS, EXACT, NEW, NUMBER, STATIC_CALL, STRING, SUPER, TOUCH, VIRTUAL, Graph
from mingcha.program.reach import Reach
from mingcha.program.surroundings import Component, Surroundings
from tests.build import dexcode as d
from tests.build.dexmaker import PUBLIC, STATIC, Class, Code, Method, dex
from tests.unit.program.test_code import circular

RUN = "La/B;->run()V"


def graph(*images: bytes, **wanted: object) -> Graph:
    program = Program([Image(n, Dex(data)) for n, data in enumerate(images)], load_framework())
    return Graph(program, **wanted)  # type: ignore[arg-type]


def one(*ops: d.Op, registers: int = 4) -> bytes:
    """An image of ``La/A;->m()V`` with these instructions."""
    code = Code(registers, [*ops, d.return_void()])
    return dex([Class("La/A;", [Method("m()V", code, PUBLIC | STATIC)])])


def used(found: Graph, method: int = 0) -> list[tuple[int, str]]:
    """Kind and meaning of each item of a method."""
    return [(item & 15, said(found, item)) for item in found.items(method)]


def said(found: Graph, item: int) -> str:
    kind, value = item & 15, item >> 4
    if kind in (VIRTUAL, SUPER, EXACT, STATIC_CALL):
        index = found.index
        return (found.descriptor(index.ref_class[value]) + b"->" + index.signature(index.ref_signature[value])).decode()
    if kind == STRING:
        return found.strings[value].decode()
    return str(value) if kind == NUMBER else found.descriptor(value).decode()


def test_what_a_method_uses() -> None:
    """Calls of each sort, objects made, classes and static fields touched, in the order of the instructions."""
    ops = [
        d.invoke_virtual(RUN, 0), d.invoke_direct(RUN, 0), d.invoke_static(RUN),
        d.new_instance(0, "La/C;"), d.const_class(0, "La/D;"), d.sget_object(0, "La/E;->f:I"),
    ]  # fmt: skip
    assert used(graph(one(*ops))) == [
        (VIRTUAL, RUN), (EXACT, RUN), (STATIC_CALL, RUN), (NEW, "La/C;"), (CLASS, "La/D;"), (TOUCH, "La/E;"),
    ]  # fmt: skip


def test_only_texts_and_numbers_that_are_asked_for() -> None:
    """A string counts if it is wanted, holds what is looked for, or names a class of the app; a number if it is wanted."""
    ops = [d.const_string(0, text) for text in ("wanted", "a.A", "La/A;", "I agree", "else")]
    ops += [d.const32(0, number) for number in (0x7F010001, 0x7F010002)]
    found = graph(one(*ops), strings=[b"wanted"], numbers=[0x7F010002], like=[b"agree"])
    assert used(found) == [
        (STRING, "wanted"),
        (STRING, "a.A"),
        (STRING, "La/A;"),
        (STRING, "I agree"),
        (NUMBER, str(0x7F010002)),
    ]


def test_one_number_for_one_method_in_all_images() -> None:
    """Two images that call the same method use the same item."""
    found = graph(
        one(d.invoke_static(RUN)),
        dex([Class("La/Z;", [Method("z()V", Code(1, [d.nop(), d.invoke_static(RUN), d.return_void()]))])]),
    )
    assert found.items(0) == found.items(1)
    assert [method for method, _ in found.users(found.items(0))] == [0, 1]


def test_sites_stand_where_the_instructions_do() -> None:
    """Each item comes with the unit of its instruction."""
    found = graph(one(d.nop(), d.invoke_static(RUN)))
    first = int(found.program.images[0].dex.methods.first[0])
    assert found.sites(0) == [(first + 1, found.items(0)[0])]


def test_signatures_by_text() -> None:
    """A signature is found by name and types, also with arrays; one that no image names is none."""
    found = graph(one(d.invoke_static("La/B;->x([[Ljava/lang/String;IJ)[B")))
    number = found.index.find_signature(b"x([[Ljava/lang/String;IJ)[B")
    assert number is not None
    assert found.index.signature(number) == b"x([[Ljava/lang/String;IJ)[B"
    assert found.index.find_signature(b"x()V") is None
    assert found.index.find_signature(b"x(nonsense") is None


def test_a_call_enters_the_nearest_definition() -> None:
    """An inherited method is found upwards, over images."""
    base = dex([Class("La/Base;", [Method("run()V", Code(1, [d.return_void()]), PUBLIC)])])
    sub = dex([Class("La/Sub;", superclass="La/Base;")])
    found = graph(sub, base)
    cls, signature = found.number(b"La/Sub;"), found.index.find_signature(b"run()V")
    assert cls is not None
    assert signature is not None
    assert found.program.method(found.resolve(cls, signature)).full == "La/Base;->run()V"


# --- hostile -------------------------------------------------------------------------------------------------------


def reach(data: bytes, cls: bytes) -> Reach:
    program = Program([Image(0, Dex(data))], load_framework())
    around = Surroundings(package="a", components=(Component("activity", cls, exported=True, launcher=True),))
    return Reach(program, around, (), opaque=False)


def test_a_hierarchy_in_circles_ends() -> None:
    """Classes that extend each other are followed once."""
    data = circular(
        Class("La/A;", [Method("run()V", Code(1, [d.return_void()]), PUBLIC)]), Class("La/B;", superclass="La/A;")
    )
    assert reach(data, b"La/A;").at(0, 0, "").reach in ("unreached", "unknown", "startup")


def test_too_many_supertypes_are_a_limit() -> None:
    """A class above which hundreds of others lie is no app's."""
    classes = [Class(f"La/C{n:04};", superclass=f"La/C{n - 1:04};" if n else "Ljava/lang/Object;") for n in range(600)]
    found = graph(dex(classes))
    last = found.number(b"La/C0599;")
    assert last is not None
    with pytest.raises(LimitError, match="supertypes"):
        found.ancestors(last)


def test_many_classes_of_one_interface_and_many_calls_take_no_square_of_time() -> None:
    """A thousand classes that answer, and a thousand methods that call, are a matter of a second."""
    call = Code(1, [d.invoke_interface("La/I;->go()V", 0), d.return_void()])
    makes = [d.new_instance(0, f"La/C{n:04};") for n in range(1000)]
    callers = [Method(f"call{n}()V", call) for n in range(1000)]
    calls = [d.invoke_static(f"La/Main;->call{n}()V") for n in range(1000)]
    main = Class(
        "La/Main;",
        [*callers, Method("onCreate(Landroid/os/Bundle;)V", Code(3, [*makes, *calls, d.return_void()]), PUBLIC)],
        superclass="Landroid/app/Activity;",
    )
    answers = [
        Class(f"La/C{n:04};", [Method("go()V", Code(1, [d.return_void()]), PUBLIC)], interfaces=["La/I;"])
        for n in range(1000)
    ]
    data = dex([main, *answers, Class("La/I;", access=PUBLIC | 0x600)])
    start = time.process_time()
    found = reach(data, b"La/Main;")
    assert time.process_time() - start < 2
    number = found.graph.program.find(b"La/C0999;", b"go()V")
    assert number is not None
    assert found.at(number, 0, "").reach == "startup"


def test_broken_tables_are_a_format_error() -> None:
    """A method of a class that does not exist is refused."""
    data = bytearray(one(d.invoke_static(RUN)))
    offset = int.from_bytes(data[0x5C:0x60], "little")
    data[offset : offset + 2] = b"\xff\xff"
    with pytest.raises(FormatError):
        graph(bytes(data))
