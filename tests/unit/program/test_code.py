"""All images are one program: classes, what they extend, which methods they define, and whom a call reaches."""

from __future__ import annotations

import struct

from mingcha.catalogue.framework import load_framework
from mingcha.formats.dex import Dex
from mingcha.program.code import OBJECT, Image, Program
from tests.build import dexcode as d
from tests.build.dexmaker import PUBLIC, Class, Code, Method, dex

INTERFACE = 0x600


def method(name: str) -> Method:
    return Method(name, Code(8, [d.return_void()]), PUBLIC)


BASE = Class("La/Base;", [method("run()V"), method("stop()V")], superclass="Landroid/app/Activity;")
SUB = Class(
    "La/Sub;",
    [method("run()V"), method("onCreate(Landroid/os/Bundle;)V")],
    superclass="La/Base;",
    interfaces=["La/Does;"],
)
DOES = Class("La/Does;", [method("byDefault()V")], access=PUBLIC | INTERFACE)
LEAF = Class("La/Leaf;", [method("stop()V")], superclass="La/Sub;")


def program(*images: list[Class]) -> Program:
    return Program([Image(n, Dex(dex(classes))) for n, classes in enumerate(images)], load_framework())


def full(found: Program, number: int | None) -> str | None:
    return None if number is None else found.method(number).full


def test_hierarchy_over_images_and_into_android() -> None:
    """A superclass may lie in another image, or outside the app where Android's table knows it."""
    found = program([LEAF], [BASE, SUB, DOES])
    assert found.superclass(b"La/Leaf;") == b"La/Sub;"
    assert found.ancestors(b"La/Leaf;")[:4] == [b"La/Leaf;", b"La/Sub;", b"La/Base;", b"La/Does;"]
    assert found.is_a(b"La/Leaf;", b"Landroid/content/Context;")
    assert found.is_a(b"La/Does;", OBJECT)
    assert not found.is_a(b"La/Base;", b"La/Does;")
    assert found.is_interface(b"La/Does;")
    assert set(found.below(b"La/Base;")) == {b"La/Base;", b"La/Sub;", b"La/Leaf;"}


def test_the_first_image_defines_a_class() -> None:
    """Of two classes of one name the first counts, as on Android."""
    other = Class("La/Base;", [method("other()V")])
    found = program([other], [BASE])
    assert set(found.members(b"La/Base;")) == {b"other()V"}


def test_finding_a_method() -> None:
    """A method is looked for upwards, then among the default methods of interfaces; outside the app there is none."""
    found = program([BASE, SUB, DOES, LEAF])
    assert full(found, found.find(b"La/Leaf;", b"run()V")) == "La/Sub;->run()V"
    assert full(found, found.find(b"La/Leaf;", b"byDefault()V")) == "La/Does;->byDefault()V"
    assert found.find(b"La/Leaf;", b"finish()V") is None


def test_targets_of_a_virtual_call() -> None:
    """A call on a type enters what the type inherits, and what those below it define."""
    found = program([BASE, SUB], [DOES, LEAF])
    names = {full(found, number) for number in found.targets(b"La/Base;", b"stop()V")}
    assert names == {"La/Base;->stop()V", "La/Leaf;->stop()V"}


def test_overriding_what_lies_outside() -> None:
    """A method that overrides one of Android's is told with the class that declares it."""
    found = program([BASE, SUB, DOES])
    assert found.external_origin(b"La/Sub;", b"onCreate(Landroid/os/Bundle;)V") == b"Landroid/app/Activity;"
    assert found.external_origin(b"La/Sub;", b"run()V") is None


def test_numbers_lead_back() -> None:
    """A method's number leads to its image, its row there, and its parts."""
    found = program([LEAF], [BASE])
    number = found.members(b"La/Base;")[b"run()V"]
    one = found.method(number)
    assert (one.image, one.cls, one.name, one.parameters, one.result) == (1, b"La/Base;", b"run", (), b"V")
    assert found.images[1].dex.method_name(int(found.images[1].dex.methods.ids[one.row])) == "La/Base;->run()V"


def circular(*classes: Class) -> bytes:
    """A DEX in which the first class extends the last of these, which extends it."""
    data = bytearray(dex(list(classes)))
    count, offset = struct.unpack_from("<LL", data, 0x60)
    first, last = (struct.unpack_from("<L", data, offset + 32 * row)[0] for row in (0, count - 1))
    assert first != last
    struct.pack_into("<L", data, offset + 8, last)
    return bytes(data)


def test_a_hierarchy_in_circles_ends() -> None:
    """Two classes that extend each other do not keep anybody busy."""
    found = Program(
        [Image(0, Dex(circular(Class("La/A;", [method("run()V")]), Class("La/B;", superclass="La/A;"))))],
        load_framework(),
    )
    assert found.superclass(b"La/A;") == b"La/B;"
    assert found.ancestors(b"La/A;") == [b"La/A;", b"La/B;"]
    assert full(found, found.find(b"La/B;", b"run()V")) == "La/A;->run()V"
    assert found.find(b"La/B;", b"stop()V") is None
    assert set(found.below(b"La/A;")) == {b"La/A;", b"La/B;"}
