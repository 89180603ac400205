"""Which classes load a string and which name a class is read off the instructions, and hostile numbers are passed over."""

from __future__ import annotations

import random

import pytest

from mingcha.errors import FormatError
from mingcha.formats.dex import Dex
from mingcha.program.likeness import loaders, users, written
from tests.build import dexcode as op
from tests.build.dexmaker import Class, Code, Method, dex


def cls(name: str, *ops: op.Op, **more: object) -> Class:
    return Class(f"L{name};", [Method("go()V", Code(2, [*ops, op.return_void()]))], **more)  # type: ignore[arg-type]


def test_written() -> None:
    """Strings of the table are found whole, whatever their script and length; parts and longer ones are not."""
    long = "x" * 300
    image = Dex(dex([cls("a/A", op.const_string(0, "key_one"))], strings=["开屏广告", long, "", "y" * 127, "z" * 128]))
    wanted = ["key_one", "key_on", "key_one2", "开屏广告", "开屏", long, long + "x", "y" * 127, "z" * 128, "z" * 127]
    found = written(image, [text.encode() for text in wanted])
    assert found == {text.encode() for text in ("key_one", "开屏广告", long, "y" * 127, "z" * 128)}


def test_loaders() -> None:
    """Every class that loads a string is given with it, long form and repeats included; a number alike is no load."""
    image = Dex(
        dex(
            [
                cls("a/A", op.const_string(0, "one"), op.const_string(0, "one"), op.const_string(0, "two")),
                cls("a/B", op.const_string_jumbo(0, "one")),
                cls("a/C", op.const16(0, 0), op.const16(0, 1), op.const16(0, 2), op.const16(0, 3)),
                cls("a/D", op.const_string(0, "three")),
            ]
        )
    )
    found = list(loaders(image, [b"one", b"two", b"none"]))
    assert sorted(found) == [(b"La/A;", b"one"), (b"La/A;", b"two"), (b"La/B;", b"one")]
    assert list(loaders(image, [])) == []


def test_users() -> None:
    """A class's users are those that call it, touch its fields, make, name or extend it, in any image; never itself."""
    first = Dex(
        dex(
            [
                cls("a/Call", op.invoke_static("La/Target;->go()V")),
                cls("a/Field", op.sget_object(0, "La/Target;->f:I")),
                cls("a/Make", op.new_instance(0, "La/Target;")),
                cls("a/Name", op.const_class(0, "La/Target;")),
                cls("a/Extend", superclass="La/Target;"),
                cls("a/Implement", interfaces=["La/Target;"]),
                cls("a/Target", op.invoke_static("La/Target;->go()V"), op.invoke_static("Landroid/util/Log;->w()V")),
            ]
        )
    )
    second = Dex(dex([cls("b/Far", op.invoke_static("La/Target;->go()V"))]))
    found = users([first, second])
    assert found[b"La/Target;"] == {
        b"La/Call;", b"La/Field;", b"La/Make;", b"La/Name;", b"La/Extend;", b"La/Implement;", b"Lb/Far;",
    }  # fmt: skip
    assert found[b"La/Call;"] == set()
    assert b"Landroid/util/Log;" not in found


@pytest.mark.parametrize("seed", range(3))
def test_any_bytes(seed: int) -> None:
    """A damaged DEX gives an answer or a FormatError, nothing else."""
    chance = random.Random(seed)
    good = dex(
        [cls(f"a/C{n}", op.const_string(0, f"s{n}"), op.invoke_static(f"La/C{n // 2};->go()V")) for n in range(20)]
    )
    answers = 0
    for _ in range(150):
        data = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(0x70, len(data))] = chance.randrange(256)
        try:
            image = Dex(bytes(data))
            image.class_descriptors()
            written(image, [b"s1"])
            list(loaders(image, [b"s1", b"s2"]))
            users([image])
            answers += 1
        except FormatError:
            pass
    assert answers > 10
