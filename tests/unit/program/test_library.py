"""Rows of the model of Android are found by class, supertypes and member; the nearest class with a fitting row decides."""

from __future__ import annotations

import pytest

from mingcha.catalogue.framework import load_framework
from mingcha.errors import CatalogueError
from mingcha.formats.dex import Dex
from mingcha.model.android import Registration, Sink, Summary
from mingcha.model.sdk import Interface
from mingcha.program.code import Image, Program
from mingcha.program.library import Library, Model, Move, Slot, described, move, slot
from tests.build import dexcode as d
from tests.build.dexmaker import Class, Code, Method, dex

CODE = Code(4, [d.return_void()])
CLASSES = [
    Class("Lt/Own;", [Method("m()V", CODE)], superclass="Landroid/app/Activity;"),
    Class("Lt/List;", [], superclass="Ljava/util/ArrayList;"),
    Class("Llib/Inside;", [Method("m()V", CODE)]),
    Class("Llibrary/Near;", [Method("m()V", CODE)]),
    Class("Landroid/view/View;", [Method("m()V", CODE)]),
]
PROGRAM = Program([Image(0, Dex(dex(CLASSES)))], load_framework())


def summary(cls: str, member: str, *moves: str) -> Summary:
    return Summary(cls=cls, member=member, moves=moves)


LIBRARY = Library(
    PROGRAM,
    Model(
        summaries=[
            summary("java.util.Collection", "add", "0 -> this[+]"),
            summary("java.util.List", "get", "this[0] -> result"),
            summary("java.util.ArrayList", "get", "this[] -> result"),
            summary("java.util.List", "set*", "1 -> this[0]"),
            summary("android.content.Context", "get*"),
            summary("android.content.Context", "getString", "0 -> result"),
            summary("*", "size"),
        ],
        sinks=[Sink(cls="android.content.Context", member="send*", takes=("0",), channel="intent")],
        registrations=[Registration(cls="java.lang.Thread", member="start", on="this", runs=("run",))],
        interfaces=[Interface(id="x", cls="android.content.Context", member="getDeviceId", information="dev.imei")],
        foreign=["lib"],
    ),
)


def moves(cls: str, name: str, arity: int = 1) -> tuple[Move, ...] | None:
    return LIBRARY.moves(described(cls), name.encode(), arity)


def test_slots() -> None:
    """A slot is read into what it is of, and the way inside; a quoted word is a constant, a store has a name."""
    assert slot("this") == Slot("this")
    assert slot("12") == Slot(12)
    assert slot("result.url[0]") == Slot("result", (".url", "[0]"))
    assert slot("this[+]") == Slot("this", ("[+]",))
    assert slot("'network'") == Slot("constant", (), "network")
    assert slot("store:file/0[]") == Slot("store", ("[]",), "file", 0)
    assert slot("store:database") == Slot("store", (), "database")


@pytest.mark.parametrize("text", ["", "that", "this..x", "'open", "store:", "-1", "this[", "0 1"])
def test_no_slot(text: str) -> None:
    """What is no slot is refused."""
    with pytest.raises(CatalogueError):
        slot(text)


def test_moves() -> None:
    """A move leads from slot to slot, with what is done on the way; some words stand for something else that happens."""
    assert move("0 -> this[1]") == Move("move", Slot(0), Slot("this", ("[1]",)))
    assert move("0 -> result via base64") == Move("move", Slot(0), Slot("result"), "base64")
    assert move("clear this[0]") == Move("clear", Slot("this", ("[0]",)), Slot("result"))
    assert move("shift 0").source == Slot(0)
    assert move("intent").do == "intent"
    with pytest.raises(CatalogueError):
        move("forget this")


def test_nearest_class_decides() -> None:
    """A class of the app inherits rows from Android's classes; a nearer class's row hides a farther one's."""
    assert moves("t.List", "add") == (move("0 -> this[+]"),)
    assert moves("t.List", "get") == (move("this[] -> result"),)
    assert moves("java.util.LinkedList", "get") == (move("this[0] -> result"),)


def test_names_and_patterns() -> None:
    """A whole name goes before a pattern; a row without moves says that nothing is carried on; no row says nothing."""
    assert moves("t.Own", "getString") == (move("0 -> result"),)
    assert moves("t.Own", "getAnything") == ()
    assert moves("t.List", "setAll", 2) == (move("1 -> this[0]"),)
    assert moves("t.Own", "size") == ()
    assert moves("t.Own", "unheard") is None


def test_sinks_registrations_interfaces() -> None:
    """The other tables are asked in the same way."""
    own = described("t.Own")
    assert [row.channel for row in LIBRARY.sinks(own, b"sendBroadcast")] == ["intent"]
    assert LIBRARY.sinks(own, b"resend") == ()
    assert [row.runs for row in LIBRARY.registrations(described("android.os.HandlerThread"), b"start")] == [("run",)]
    assert [row.id for row in LIBRARY.interfaces(own, b"getDeviceId")] == ["x"]


def test_foreign() -> None:
    """Modelled instead of read is what lies outside, what is in a listed package, and Android's own classes even if the app brings them."""
    classes = ("t.Own", "lib.Inside", "library.Near", "android.view.View", "not.There")
    assert [LIBRARY.foreign(described(cls)) for cls in classes] == [False, True, False, True, True]
