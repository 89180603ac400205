"""PrivacySentry's three generations become the same calls; what it adds up itself is not counted again."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.runtime.ground import Ground, sealing
from mingcha.collect.runtime.importing import import_runtime
from mingcha.collect.runtime.privacysentry import import_privacysentry
from mingcha.errors import FormatError
from mingcha.formats.spreadsheet import read_spreadsheet
from mingcha.model.event import Imported
from tests.build.workbooks import xls

GROUND = Ground(
    tables=load(), sha256="0" * 64, package="com.example.app", offset="+08:00", year=2024, seal=sealing(b"k", {})
)
HEAD, SUMMARY = ["调用时间(倒序排序)", "别名", "函数名", "调用堆栈"], ["别名", "函数名", "调用堆栈", "调用次数"]
RECORDER = (
    "dalvik.system.VMStack.getThreadStackTrace() -2",
    "java.lang.Thread.getStackTrace() 1,536",
    "com.yl.lib.sentry.hook.util.PrivacyUtil$Util.getStackTrace() 14",
)
BUILT = "com.yl.lib.plugin_proxy.PrivacyProxyCall.getImei() 91"
PROXY = ("com.yl.lib.sentry.hook.hook.HookProxyHandler.invoke() 36", "java.lang.reflect.Proxy.invoke() 1,006", "$Proxy3.getImeiForSlot() -1",
         "android.telephony.TelephonyManager.getImei() 1,730", "android.telephony.TelephonyManager.getImei() 1,691")  # fmt: skip
APP = ("com.example.app.Main.run() 52", "android.view.View.performClick() 6,897")


def stack(*frames: str) -> str:
    return " <- \n".join(frames)


def read(*rows: list[str], summary: list[list[str]] | None = None, ground: Ground = GROUND) -> Imported:
    sheets = [("隐私合规", [HEAD, *rows]), ("调用次数", [SUMMARY, *(summary or [])])]
    return import_privacysentry(read_spreadsheet(xls(*sheets)), ground)


def row(alias: str, name: str, *frames: str, time: str = "03-01 10:00:05.120") -> list[str]:
    return [time, alias, name, stack(*(frames or (*RECORDER, BUILT, *APP)))]


@pytest.mark.parametrize(
    ("alias", "name", "frames"),
    [
        ("获取IMEI-getImei", "getImeiForSlot", ("tms-" + RECORDER[0], *RECORDER[1:], *PROXY, *APP)),
        ("获取设备id-getImei", "getImei", (*RECORDER, BUILT, *APP)),
        ("IMEI-getImei()", "getImei-\n线程名: main", (RECORDER[2], *APP)),
        ("getImei-\n线程名: main", "IMEI-getImei()", (RECORDER[2], *APP)),
    ],
)
def test_generations(alias: str, name: str, frames: tuple[str, ...]) -> None:
    """Proxied, built-in, present and early calls are one method with one owner, whatever stands in which column."""
    (event,) = read(row(alias, name, *frames)).events
    assert (event.operation.cls, event.operation.method) == ("android.telephony.TelephonyManager", "getImei")
    assert (event.interfaces, event.information) == (("TelephonyManager.getImei",), ("dev.imei",))
    assert (event.actor.kind, event.actor.frame) == ("app", "com.example.app.Main.run:52")
    assert (event.clock.time, event.thread) == (
        "2024-03-01T10:00:05.120+08:00",
        "main" if "线程名" in alias + name else None,
    )
    assert (event.outcome, event.grade) == ("unknown", None)


def test_descriptions_that_decide() -> None:
    """The name of a setting, a missing permission and an answer from its cache are read from the description."""
    setting, denied, cached, mac = read(
        row("系统设置-Settings$Secure--参数: android_id", "getString"),
        row("IMEI-getImei()-无权限", "getImei"),
        row("命中缓存--IMEI-getImei()", "getImei", time="03-01 11:00:05.120"),
        row("获取蓝牙-getAddress", "getAddress"),
    ).events
    assert (setting.interfaces, setting.operation.cls) == (
        ("Settings.Secure.getString/android_id",),
        "android.provider.Settings$Secure",
    )
    assert (denied.outcome, denied.grade) == ("denied", "attempt")
    assert cached.remarks == ("given_from_cache",)
    assert mac.information == ("dev.bluetooth_mac",)


def test_rows_accounted_for() -> None:
    """The sheet that adds up is told and not counted; if it adds up to another number that is said."""
    rows = [
        row("点击隐私协议确认", "点击隐私协议确认"),
        row("x-getImei", "getImei"),
        row("x-getImei", "getImei", time="03-01 10:00:06.120"),
    ]
    agrees = read(*rows, summary=[["x-getImei", "getImei", "", "2"]])
    differs = read(*rows, summary=[["x-getImei", "getImei", "", "4"]])
    assert agrees.accounted == {"events": 3, "headers": 2, "summary": 1}
    assert (agrees.rows, agrees.remarks, differs.remarks) == (6, (), ("sheets_disagree",))
    assert (agrees.events[0].kind, agrees.events[0].remarks) == ("mark", ("consent_button_by_recorder",))


def test_nested_methods_within_50_ms_are_one() -> None:
    """A method that calls its own other form from the same line is one call of two rows; 70 ms after the first is another."""
    rows = [row("x", "getImei", time=f"03-01 10:00:05.{part}") for part in ("120", "150", "190", "700")]
    done = read(*rows)
    assert [(event.count, event.last and event.last.told) for event in done.events] == [
        (2, "03-01 10:00:05.150"),
        (1, None),
        (1, None),
    ]
    assert done.accounted == {"events": 3, "repeats": 1, "headers": 2}


def test_without_a_year() -> None:
    """Without the year the times stay as told; nothing is guessed."""
    done = read(row("x", "getImei"), ground=Ground(tables=GROUND.tables, sha256="0" * 64))
    assert (done.events[0].clock.time, done.events[0].clock.local, done.events[0].clock.told) == (
        None,
        None,
        "03-01 10:00:05.120",
    )
    assert done.remarks == ("year_not_told",)


def test_first_generation_counts_in_both_sheets() -> None:
    """Its sheet of calls has a number in each row and no times; a row that says 3 is three calls."""
    rows = [["getImei", "getImeiForSlot", stack(*PROXY, *APP), "3"]]
    done = import_runtime(xls(("隐私合规", [SUMMARY, *rows]), ("调用次数", [SUMMARY, *rows])), GROUND)
    assert [(event.count, event.information) for event in done.events] == [(3, ("dev.imei",))]
    assert (done.accounted, done.remarks) == ({"events": 1, "headers": 2, "summary": 1}, ())


def test_other_columns_are_refused() -> None:
    """A workbook with other columns is not PrivacySentry's."""
    with pytest.raises(FormatError):
        import_privacysentry(read_spreadsheet(xls(("s", [["a"]]))), GROUND)
