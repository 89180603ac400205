"""No value survives an import: thirty planted ones are in no event, whatever tool wrote them and wherever."""

from __future__ import annotations

import json
import random

import msgspec
import pytest

from mingcha.catalogue.load import load
from mingcha.collect.runtime.clocks import apart, before, clock
from mingcha.collect.runtime.ground import Ground, sealing
from mingcha.collect.runtime.importing import import_runtime
from mingcha.collect.runtime.values import outcome, seen
from tests.build.workbooks import xls
from tests.unit.collect.runtime import test_camille, test_privacysentry

_dice = random.Random(5)
PLANTED = {f"tag{n}": "".join(_dice.choices("0123456789abcdef", k=15 + n % 5)) for n in range(24)} | {
    "phone": "13800138000", "name": "张三丰收", "mail": "zhang@example.cn", "place": "39.90421,116.40739", "mac": "4c:11:ae:0d:9e:71", "ssid": "家里的 Wi-Fi 5G",
}  # fmt: skip
GROUND = Ground(
    tables=load(), sha256="0" * 64, package="com.example.app", offset="+08:00", year=2024,
    seal=sealing(b"key", {value: tag for tag, value in PLANTED.items()}),
)  # fmt: skip


def agent(value: str) -> bytes:
    record = {"v": 1, "kind": "call", "t": value, "process": value, "thread": value, "class": value, "method": value, "error": value, "package": value,
              "args": [{"k": "text", "s": value, "c": value}], "result": {"k": "text", "s": value}, "stack": [value, f"a.B.c:{value}"], "hooked": [value]}  # fmt: skip
    return json.dumps(record).encode() + b"\n"


def mobsf(value: str) -> bytes:
    return json.dumps(
        {
            "name": value,
            "class": "a.B",
            "method": "c",
            "arguments": [value, [value], {"x": value}],
            "result": value,
            "calledFrom": value,
            "returnValue": value,
        }
    ).encode()


def camille(value: str) -> bytes:
    row = test_camille.row(
        "a.B.c", time=f"2024-1-1 {value}", said=f"getX获取的数据为：{value}", args=f'参数0："{value}"\r\n参数1：{value}'
    )
    return xls(("s", [test_camille.HEAD, [*row[:2], value, value, *row[4:6], row[6] + value + "\r\n"]]))


def privacysentry(value: str) -> bytes:
    row = test_privacysentry.row(
        f"ip地址-getAddress-{value} --参数: {value}", f"getAddress-\n线程名: {value}", value, time=value
    )
    return xls(("隐私合规", [test_privacysentry.HEAD, row]))


@pytest.mark.parametrize("make", [agent, mobsf, camille, privacysentry])
def test_planted_values(make: object) -> None:
    """The file holds the value, no event does; where it was an argument or a result its tag is there instead."""
    for tag, value in PLANTED.items():
        done = msgspec.json.encode(import_runtime(make(value), GROUND)).decode()  # type: ignore[operator]
        assert value not in done
        assert json.dumps(value)[1:-1] not in done
        assert f'"tag":"{tag}"' in done


def test_seals_depend_on_the_key() -> None:
    """The same value has one hash in a case and another in the next."""
    one, two = sealing(b"1", {}), sealing(b"2", {})
    assert seen("490154203237518", one) == seen("490154203237518", one) != seen("490154203237518", two)


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, "null"), ("", "empty"), (" ", "empty"), ([], "empty"), ("[]", "empty"), ("02:00:00:00:00:00", "zeroed"), ("00000000-0000-0000-0000-000000000000", "zeroed"),
     ("<unknown ssid>", "zeroed"), ("000000000000000", "zeroed"), ("0.0.0.0", "zeroed"), (0, "zeroed"), (False, "zeroed"), ("unknown", "zeroed"),
     ("2147483647", "zeroed"), ("02:00:00:00:00:01", "value"), ("460110123456789", "value"), ("10", "value"), ([1], "value"), (True, "value")],
)  # fmt: skip
def test_outcomes(value: object, told: str) -> None:
    """What Android and vendors give in place of a value is no value."""
    assert outcome(value) == told


@pytest.mark.parametrize(
    ("value", "kind", "length"),
    [(None, "null", None), ("", "empty", 0), (True, "boolean", None), (12, "integer", 2), ("12", "integer", 2), (1.5, "decimal", 3), ("abc", "text", 3),
     ([1, 2], "list", 2), ({"a": 1}, "object", 1), ("<instance: android.net.Uri>", "object", None), ("[object Object]", "object", None), ("a.B@1f2e", "object", None)],
)  # fmt: skip
def test_kinds(value: object, kind: str, length: int | None) -> None:
    """A value is told by kind and length; an object that a recorder could not write has neither hash nor length."""
    kept = seen(value, sealing(b"k", {}))
    assert (kept.kind, kept.length) == (kind, length)


@pytest.mark.parametrize(
    ("text", "local", "time", "step"),
    [("2024-03-01 10:00:05.120", "2024-03-01T10:00:05.120", "2024-03-01T10:00:05.120+08:00", 1),
     ("2024/3/1 9:03", "2024-03-01T09:03:00.000", "2024-03-01T09:03:00.000+08:00", 60000),
     ("2024-03-01T10:00:05Z", "2024-03-01T10:00:05.000", "2024-03-01T10:00:05.000+00:00", 1000),
     ("2024-03-01 10:00:05.12 -0330", "2024-03-01T10:00:05.120", "2024-03-01T10:00:05.120-03:30", 10),
     ("03-01 10:00:05", "2023-03-01T10:00:05.000", "2023-03-01T10:00:05.000+08:00", 1000),
     ("2024-02-30 10:00:05", None, None, 1000), ("yesterday", None, None, None)],
)  # fmt: skip
def test_clocks(text: str, local: str | None, time: str | None, step: int | None) -> None:
    """A time keeps its own offset before the device's; a day that never was is no time."""
    made = clock(text, 2023, "+08:00")
    assert (made.local, made.time, made.step) == (local, time, step)
    assert made.told == (text if step else "")


def test_distances() -> None:
    """Only fine clocks of one tool can be compared; a moment counted back keeps the offset of the dump."""
    fine, coarse = clock("2024-03-01 10:00:05.120"), clock("2024-03-01 10:00:05")
    assert (apart(fine, clock("2024-03-01 10:00:05.170")), apart(fine, coarse), apart(coarse, coarse)) == (
        50,
        None,
        None,
    )
    assert before("2024-03-01T00:00:00+08:00", 1).time == "2024-02-29T23:59:59.999+08:00"
    assert (before("nonsense", 1).time, before("2024-03-01T00:00:00", 1).time) == (None, None)
