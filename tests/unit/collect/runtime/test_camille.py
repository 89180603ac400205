"""camille's rows become calls: method and owner from the stack, month put right, its own columns of judgement not believed."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.runtime.camille import import_camille
from mingcha.collect.runtime.ground import Ground, sealing
from mingcha.collect.runtime.importing import import_runtime
from mingcha.errors import FormatError
from mingcha.formats.spreadsheet import read_spreadsheet
from tests.build.workbooks import xls, xlsx

GROUND = Ground(
    tables=load(),
    sha256="0" * 64,
    package="com.example.app",
    offset="+08:00",
    seal=sealing(b"k", {"com.bank.app": "app.bank"}),
)
HEAD = ["隐私政策状态", "时间点", "行为主体", "操作行为", "行为描述", "传入参数", "调用堆栈"]
CALLER = (
    "com.umeng.commonsdk.statistics.a.b(SourceFile:12)",
    "com.example.app.App.onCreate(App.java:31)",
    "android.app.Instrumentation.x(I.java:9)",
)


def row(
    method: str,
    time: str = "2024-0-5 9:3:7",
    said: str = "获取",
    args: str = "无参数",
    status: str = "前",
    callers: tuple[str, ...] = CALLER,
) -> list[str]:
    stack = "".join(f"   {frame}\r\n" for frame in (f"{method}(Native Method)", *callers))
    return [f"同意隐私政策{status}", time, "APP本身", "获取信息", said, args, stack]


IMEI = "android.telephony.TelephonyManager.getDeviceId"
SETTING = "android.provider.Settings$Secure.getString"
SETTING_ARGS = '参数0："<instance: android.content.ContentResolver>"\r\n参数1："{}"\r'


def events(*rows: list[str]) -> tuple:  # type: ignore[type-arg]
    return import_camille(read_spreadsheet(xls(("App_privacy_compliance_testing", [HEAD, *rows]))), GROUND).events


def test_a_row() -> None:
    """A row tells when, what, whose and which information, and that what came back is not known."""
    (event,) = events(row(SETTING, args=SETTING_ARGS.format("android_id")))
    assert (event.clock.time, event.clock.told, event.clock.step) == (
        "2024-01-05T09:03:07.000+08:00",
        "2024-0-5 9:3:7",
        1000,
    )
    assert (event.operation.cls, event.operation.method) == ("android.provider.Settings$Secure", "getString")
    assert (event.interfaces, event.information) == (("Settings.Secure.getString/android_id",), ("dev.android_id",))
    assert [arg.kind for arg in event.operation.args] == ["object", "text"]
    assert (event.actor.kind, event.actor.id, event.actor.asked_by) == ("sdk", "umeng-analytics", "app")
    assert event.actor.frame == event.stack[0] == "com.umeng.commonsdk.statistics.a.b:12"
    assert (event.outcome, event.grade, event.place.at) == ("unknown", None, 1)
    assert event.remarks == ("tool_says: before_consent",)


def test_argument_decides() -> None:
    """Another setting is kept as other; without arguments it is said which row it may be."""
    other, untold = events(row(SETTING, args=SETTING_ARGS.format("http_proxy")), row(SETTING))
    assert (other.interfaces, other.remarks[-1]) == ((), "not_in_catalogue")
    assert untold.interfaces == ()
    assert untold.remarks[-1].startswith("arguments_not_recorded: Settings.Secure.getString/android_id")


def test_unknown_method_is_kept() -> None:
    """A method that the catalogue does not have is an event without information, and so is a row without a stack."""
    event, bare = events(row("com.zhengjim.myapplication.HookTest.getPassword"), ["", "", "", "", "x"])
    assert (event.operation.method, event.information, event.remarks[-1]) == ("getPassword", (), "not_in_catalogue")
    assert (bare.operation.cls, bare.operation.method, bare.clock.local, bare.actor.kind) == (None, "", None, "unknown")


def test_what_it_leaves_out_and_what_it_gives() -> None:
    """A description that stands for an argument is one, and the two that end with the result give its outcome, never the text."""
    contacts, address, nothing, package = events(
        row("android.app.ContextImpl$ApplicationContentResolver.query", said="获取手机通信录内容", args=""),
        row("android.net.wifi.WifiInfo.getIpAddress", said="获取IP地址：192.168.1.7", args=""),
        row("android.net.wifi.WifiInfo.getIpAddress", said="获取IP地址：0.0.0.0", args=""),
        row(
            "android.app.ApplicationPackageManager.getPackageInfo",
            said="getPackageInfo获取的数据为：com.bank.app",
            args='参数0："com.bank.app"\r\n参数1：64\r',
        ),
    )
    assert contacts.information == ("contacts.book",)
    assert (address.information, address.outcome, address.grade) == (("net.ip",), "value", "observed")
    assert (nothing.outcome, nothing.grade) == ("zeroed", "attempt")
    assert (package.information, package.result.tag, package.operation.args[0].tag) == (
        ("dev.app_presence",),
        "app.bank",
        "app.bank",
    )


@pytest.mark.parametrize(
    ("times", "remark", "first"),
    [
        (["2024-0-5 9:3:7", "2024-11-31 9:3:7"], "month_corrected", "2024-01-05T09:03:07.000"),
        (["2024-5-3 9:3:7"], "month_corrected", "2024-06-03T09:03:07.000"),
        (["2024-5-3 9:3:7", "2024-12-1 9:3:7"], "month_as_written", "2024-05-03T09:03:07.000"),
        (["2024-1-31 9:3:7"], "month_as_written", "2024-01-31T09:03:07.000"),
        (["2024-05-03 09:03:07"], "month_as_written", "2024-05-03T09:03:07.000"),
        (["2024-0-5 9:3:7", "2024-12-5 9:3:7"], "months_contradict", None),
    ],
)  # fmt: skip
def test_months(times: list[str], remark: str, first: str | None) -> None:
    """The month is put right unless the file shows that its recorder counts from 1; a file that shows both has no times."""
    done = import_camille(read_spreadsheet(xls(("s", [HEAD, *(row(IMEI, time) for time in times)]))), GROUND)
    assert (done.remarks, done.events[0].clock.local) == ((remark,), first)


def test_every_row_is_accounted_for() -> None:
    """Headers, repeated headers, empty rows and other sheets are counted beside the events; equal seconds are no repeat."""
    rows = [["测试记录"], HEAD, row(IMEI), row(IMEI), [], HEAD, row(IMEI, status="后")]
    done = import_camille(read_spreadsheet(xls(("s", rows), ("其他", [["x"]]))), GROUND)
    assert done.accounted == {"events": 3, "headers": 3, "empty": 1, "other_sheets": 1}
    assert (done.rows, sum(event.count for event in done.events), done.partial) == (8, 3, False)


def test_all_forms_are_one() -> None:
    """The same rows as xls, xlsx and as a table in GBK are the same events."""
    rows = [HEAD, row(IMEI), row(SETTING, args=SETTING_ARGS.format("android_id"))]
    quoted = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in one) for one in rows) + "\n"
    made = [
        import_runtime(data, GROUND).events for data in (xls(("s", rows)), xlsx(("s", rows)), quoted.encode("gb18030"))
    ]
    assert made[0] == made[1] == made[2]


def test_a_column_twice() -> None:
    """Of two columns with one name the first counts, and the file is not called whole."""
    rows = [[*HEAD, "时间点"], [*row(IMEI), "1999-1-1 1:1:1"]]
    done = import_camille(read_spreadsheet(xls(("s", rows))), GROUND)
    assert (done.partial, done.remarks, done.events[0].clock.local) == (
        True,
        ("month_corrected", "columns_twice"),
        "2024-01-05T09:03:07.000",
    )


def test_other_tables_are_refused() -> None:
    """A spreadsheet with other columns is nobody's."""
    with pytest.raises(FormatError):
        import_runtime(xls(("s", [["a", "b"], ["c", "d"]])), GROUND)
    with pytest.raises(FormatError):
        import_camille(read_spreadsheet(xls(("s", [["a"]]))), GROUND)
