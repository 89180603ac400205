"""The agent's messages become lines that hold no value; whatever an app in the way of the agent says, they do not break."""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec
import pytest

from mingcha.capture.runtime.hooks import hooks
from mingcha.capture.runtime.messages import Calls, Fault, Moment, Value, checked
from mingcha.capture.runtime.sealed import Telling, outcome_of, stack
from mingcha.catalogue.load import load
from mingcha.collect.runtime.ground import sealing
from mingcha.collect.runtime.values import seen_text
from mingcha.formats.hooklog import read_agent

TABLE = hooks(load())
NUMBER = {hook.name: hook.id for hook in TABLE}
SEAL = sealing(b"k", {"490154203237518": "dev.imei", "0a:1b:2c:3d:4e:5f": "dev.mac", "secret-thread": "basic.name"})
TELLING = Telling(TABLE, SEAL, {"process": "com.example.app", "pid": 7}, 480)
SECURE = "android.provider.Settings$Secure.getString"


def line(name: str = SECURE, **more: Any) -> dict[str, Any]:
    call = {"t": 1767232800120, "m": 12, "seq": 1, "hook": NUMBER[name], "descriptor": "()V", "tid": 3, "thread": "main",
            "stack": "[]", "args": [], **more}  # fmt: skip
    (checked,) = msgspec.convert({"kind": "calls", "calls": [call]}, Calls).calls
    return TELLING.call(checked)


def value(**told: Any) -> dict[str, Any]:
    found: dict[str, Any] = line(result=told)["result"]
    return found


def test_a_line_is_what_the_format_reads() -> None:
    """Time in the device's zone, both clocks, process, thread, class, method, outcome: read back field by field."""
    data = json.dumps(
        line(result={"k": "text", "n": 1, "s": "v"}, stack="[a.B.getString(Native Method), x.Y.z(Y.java:3)]")
    )
    ((_, record),) = read_agent(data.encode()).records
    assert (record.t, record.m, record.pid, record.tid, record.thread) == (
        "2026-01-01T10:00:00.120+08:00",
        12,
        7,
        3,
        "main",
    )
    assert (f"{record.cls}.{record.method}", record.outcome, record.stack) == (SECURE, "value", ("x.Y.z:3",))


@pytest.mark.parametrize("text", ["490154203237518", "3f1c9b2a7d604e85", "13800138000", "张三", "-1.5", "1"])
def test_texts_are_sealed_as_importers_seal_them(text: str) -> None:
    """Kind, length, hash and tag of a text are those that an importer would give it; the text is gone."""
    seen = seen_text(text, SEAL)
    told = value(k="text", n=len(text), s=text)
    assert (told["k"], told["n"], told["h"], told.get("p")) == (seen.kind, len(text), seen.hash, seen.tag)
    assert text not in [told[key] for key in told if key != "n"]


def test_bytes_are_known_as_an_address() -> None:
    """Six bytes that are a planted MAC address are told by its tag, in either case of its letters."""
    assert value(k="bytes", n=6, s="0a1b2c3d4e5f")["p"] == "dev.mac"
    assert "p" not in value(k="bytes", n=6, s="0a1b2c3d4e60")
    assert set(value(k="bytes", n=8, s="0102030405060708")) == {"k", "n", "h"}


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (None, "unknown"), ({"k": "null"}, "null"), ({"k": "object"}, "value"), ({"k": "text", "n": 0, "s": ""}, "empty"),
        ({"k": "text", "n": 17, "s": "02:00:00:00:00:00"}, "zeroed"), ({"k": "text", "n": 70000}, "value"),
        ({"k": "integer", "s": "0"}, "zeroed"), ({"k": "integer", "s": "7"}, "value"), ({"k": "list", "n": 0}, "empty"),
        ({"k": "list", "n": 3}, "value"), ({"k": "list"}, "value"), ({"k": "bytes", "n": 6, "s": "020000000000"}, "zeroed"),
        ({"k": "bytes", "n": 2, "s": "0000"}, "zeroed"), ({"k": "bytes", "n": 2, "s": "0001"}, "value"),
        ({"k": "boolean", "s": "0"}, "zeroed"), ({"k": "boolean", "s": "1"}, "value"),
    ],
)  # fmt: skip
def test_outcomes(result: dict[str, Any] | None, outcome: str) -> None:
    """A value, nothing, a placeholder: as the importers of other tools' logs would say."""
    assert outcome_of(msgspec.convert(result, Value) if result else None) == outcome


def test_a_throwing_call() -> None:
    """A refusal by the system is told apart from other exceptions; an exception whose class is not known is one still."""
    assert line(error="java.lang.SecurityException")["outcome"] == "denied"
    told = line(error="java.lang.IllegalStateException")
    assert (told["outcome"], told["error"]) == ("exception", "java.lang.IllegalStateException")
    assert (line(error=None)["outcome"], "error" in line(error=None)) == ("exception", False)
    assert "error" not in line(error="no class: 490154203237518")


def test_only_constants_of_the_catalogue_are_written() -> None:
    """What an argument passed is written if the catalogue has it; anything else that is said to have passed is not."""
    args = [{"k": "null"}, {"k": "text", "n": 10, "s": "android_id", "c": "android_id"}]
    assert [arg.get("c") for arg in line(args=args)["args"]] == [None, "android_id"]
    args[1]["c"] = "490154203237518"
    assert [arg.get("c") for arg in line(args=args)["args"]] == [None, None]


@pytest.mark.parametrize("name", ["OkHttp https://x.cn/?imei=1", "secret-thread", "", "pool 1", "t-13800138000"])
def test_names_of_threads_can_carry_values(name: str) -> None:
    """A thread's name that is more than a name, or a planted value, is not written."""
    assert "thread" not in line(thread=name)


def test_stacks() -> None:
    """Frames as Java prints them, modules and loaders cut off, the hooked method left out, a frame that was cut left out."""
    text = "[a.B.m(Native Method), java.base/java.lang.Thread.run(Thread.java:840), app//x.Y$1.<init>(Unknown Source), k.L.lambda$m$0(L.java:7), z.Z.cut(Z.ja"
    assert stack(text, "m") == ("java.lang.Thread.run:840", "x.Y$1.<init>", "k.L.lambda$m$0:7")
    assert stack("[a.B.<init>(B.java:1), c.D.e(D.java:2)]", "<init>") == ("c.D.e:2",)
    assert stack("", "m") == stack("null", "m") == ()


def test_hostile_messages() -> None:
    """Whatever 5,000 changed messages say, each is refused by its check or becomes a line that can be read."""
    draw = random.Random(7)
    good = {"t": 1, "m": 1, "seq": 1, "hook": 0, "descriptor": "()V", "tid": 1, "thread": "t", "stack": "[a.B.c(D.java:1)]",
            "args": [{"k": "text", "n": 1, "s": "x"}], "result": {"k": "list", "n": 1, "s": "["}}  # fmt: skip
    bad: list[Any] = [
        None,
        -1,
        1 << 60,
        1e300,
        float("nan"),
        "",
        "x" * 70000,
        [],
        {},
        [[[]]],
        {"k": "list", "s": "\ud800"},
        True,
        "\ud800",
        "[a.B\ud800.c(D.java:1)]",
    ]
    lines = 0
    for _ in range(5000):
        call = {**good, draw.choice(sorted(good)): draw.choice(bad)}
        said = checked({"kind": "calls", "calls": [call]})
        if isinstance(said, Calls):
            read_agent(msgspec.json.encode(TELLING.call(said.calls[0])))
            lines += 1
        else:
            assert said == Fault()
    assert lines > 100


def test_a_moment_of_the_device() -> None:
    """Half hours of zones are kept."""
    telling = Telling(TABLE, SEAL, {}, -210)
    assert telling.line("alive", Moment(t=0, m=0))["t"] == "1969-12-31T20:30:00.000-03:30"
