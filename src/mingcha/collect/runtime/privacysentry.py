"""PrivacySentry's spreadsheet: a sheet of calls and a sheet that adds them up, which is not counted again.

Three generations: calls caught by a proxy of the system's services (the method stands in the stack), calls exchanged when the app
was built (only the method's name), and the present one, which adds the thread. Times have no year. What it wrote down before
it was set up has name and description exchanged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from mingcha.collect.runtime.calls import Calls, imported
from mingcha.collect.runtime.clocks import clock
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.rows import Header, again, header
from mingcha.collect.runtime.stacks import frames, method_of
from mingcha.errors import FormatError
from mingcha.formats.spreadsheet import Book, Sheet
from mingcha.model.event import Event, Imported, Outcome

TOOL = "PrivacySentry"
COLUMNS = ("别名", "函数名", "调用堆栈")
SUMMARY = "调用次数"
CONSENT = "点击隐私协议确认"
_THREAD = re.compile(r"\s*-?\s*线程名: ?(.*)", re.DOTALL)
_ARGUMENTS = re.compile(r"--参数: ?(.*)", re.DOTALL)
_SETTINGS = re.compile(r"Settings\$?\.?(Secure|System|Global)")
_CLASSES = {
    "getString": "android.provider.Settings$Secure", "getMacAddress": "android.net.wifi.WifiInfo", "getSSID": "android.net.wifi.WifiInfo",
    "getBSSID": "android.net.wifi.WifiInfo", "getIpAddress": "android.net.wifi.WifiInfo", "getScanResults": "android.net.wifi.WifiManager",
    "getDhcpInfo": "android.net.wifi.WifiManager", "getConfiguredNetworks": "android.net.wifi.WifiManager",
    "getHardwareAddress": "java.net.NetworkInterface", "getHostAddress": "java.net.InetAddress",
    "getText": "android.content.ClipboardManager", "setText": "android.content.ClipboardManager",
    "getPrimaryClip": "android.content.ClipboardManager", "setPrimaryClip": "android.content.ClipboardManager",
    "getPrimaryClipDescription": "android.content.ClipboardManager", "getSerial": "android.os.Build",
    "getDeviceId": "android.telephony.TelephonyManager", "getImei": "android.telephony.TelephonyManager",
    "getMeid": "android.telephony.TelephonyManager", "getSubscriberId": "android.telephony.TelephonyManager",
    "getSimSerialNumber": "android.telephony.TelephonyManager", "getLine1Number": "android.telephony.TelephonyManager",
    "getAllCellInfo": "android.telephony.TelephonyManager", "getSimOperator": "android.telephony.TelephonyManager",
    "getNetworkOperator": "android.telephony.TelephonyManager", "getSimState": "android.telephony.TelephonyManager",
    "getInstalledPackages": "android.content.pm.PackageManager", "getInstalledApplications": "android.content.pm.PackageManager",
    "getPackageInfo": "android.content.pm.PackageManager", "queryIntentActivities": "android.content.pm.PackageManager",
    "queryIntentActivityOptions": "android.content.pm.PackageManager", "getRunningTasks": "android.app.ActivityManager",
    "getRecentTasks": "android.app.ActivityManager", "getRunningAppProcesses": "android.app.ActivityManager",
    "getLastKnownLocation": "android.location.LocationManager", "requestLocationUpdates": "android.location.LocationManager",
    "registerListener": "android.hardware.SensorManager", "requestPermissions": "android.app.Activity",
}  # fmt: skip
"""The class whose method the recorder exchanges, where it writes down the method alone."""
_ADDRESSES = {"蓝牙": "android.bluetooth.BluetoothAdapter", "ip": "java.net.InetAddress"}
"""Two classes have a getAddress; the description begins with the one or the other word."""
CACHED, NO_YEAR, COUNTS_DIFFER, PRESSED = (
    "given_from_cache",
    "year_not_told",
    "sheets_disagree",
    "consent_button_by_recorder",
)


def is_privacysentry(book: Book) -> bool:
    """Whether a workbook has PrivacySentry's columns."""
    return any(header(sheet, COLUMNS) for sheet in book.sheets)


def import_privacysentry(book: Book, ground: Ground) -> Imported:
    """The calls of a workbook. Raises FormatError if its columns are not PrivacySentry's."""
    found = [(sheet, head) for sheet in book.sheets if (head := header(sheet, COLUMNS))]
    if not found:
        raise FormatError("no sheet with the columns of PrivacySentry")
    reader = _Reader(Calls(ground, TOOL))
    events = [event for sheet, head in found for event in reader.read(sheet, head)]
    twice = any(head.twice for _, head in found)
    left = sum(len(sheet.rows) for sheet in book.sheets) - sum(len(sheet.rows) for sheet, _ in found)
    remarks = [COUNTS_DIFFER] if reader.differs else []
    remarks += [NO_YEAR] if any(event.clock.told and not event.clock.local for event in events) else []
    remarks += ["columns_twice"] if twice else []
    accounted = {**reader.accounted, "other_sheets": left}
    return imported(TOOL, events, accounted, partial=book.partial or twice, remarks=tuple(remarks))


class _Reader:
    """Rows to events, each row accounted for."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.accounted: Counter[str] = Counter()
        self._entry = 0
        self._told, self._added = 0, 0

    @property
    def differs(self) -> bool:
        """Whether the sheet that adds up has another number of calls than the sheet of calls."""
        return self._added not in (0, self._told)

    def read(self, sheet: Sheet, head: Header) -> Iterator[Event]:
        """The events of a sheet; entries are counted over all sheets."""
        summary = sheet.name == SUMMARY
        for number, row in enumerate(sheet.rows):
            entry, self._entry = self._entry, self._entry + 1
            if number <= head.row or again(head, row):
                self.accounted["headers"] += 1
            elif not any(cell.strip() for cell in row):
                self.accounted["empty"] += 1
            elif summary:
                self.accounted["summary"] += 1
                self._added += _number(head.get(row, SUMMARY))
            else:
                yield self._event(entry, head, row)

    def _event(self, entry: int, head: Header, row: Sequence[str]) -> Event:
        alias, name = head.get(row, "别名"), head.get(row, "函数名")
        if _THREAD.search(alias) and not _THREAD.search(name):
            alias, name = name, alias
        time = clock(head.get(row, "调用时间"), self._calls.ground.year, self._calls.ground.offset)
        if CONSENT in (alias.strip(), name.strip()):
            place = self._calls.ground.place(entry, CONSENT)
            return Event(
                kind="mark", place=place, tool=TOOL, clock=time, package=self._calls.ground.package, remarks=(PRESSED,)
            )
        count = max(_number(head.get(row, SUMMARY)), 1)
        self._told += count
        thread = _THREAD.search(name)
        stack = frames(head.get(row, "调用堆栈").splitlines())
        cls, method = self._method(_THREAD.sub("", name).strip(), alias, stack)
        event = self._calls.event(
            entry,
            cls,
            method,
            clock=time,
            values=_values(alias, method),
            stack=stack,
            outcome=_outcome(alias),
            thread=thread[1].strip() if thread else None,
            count=count,
            remarks=(CACHED,) if "命中缓存" in alias else (),
        )
        return event if _values(alias, method) else _without_arguments(event)

    def _method(self, name: str, alias: str, stack: tuple[str, ...]) -> tuple[str | None, str]:
        """The last frame of Android before the app's own code; where there is none, the class that the recorder exchanges."""
        last: str | None = None
        for frame in stack:
            cls, _ = method_of(frame)
            if self._calls.stacks.owner(cls) != "":
                break
            last = frame if cls.startswith("android.") else last
        if last is not None:
            return method_of(last)
        settings = _SETTINGS.search(alias)
        if settings and name == "getString":
            return f"android.provider.Settings${settings[1]}", name
        if name == "getAddress":
            return next((cls for word, cls in _ADDRESSES.items() if word in alias[:20].lower()), None), name
        return _CLASSES.get(name), name


def _values(alias: str, method: str) -> tuple[Any, ...] | None:
    """The one argument that it writes behind the description: of a setting its name."""
    found = _ARGUMENTS.search(alias)
    if found is None:
        return None
    return (None, found[1].strip()) if method == "getString" else (found[1].strip(),)


def _without_arguments(event: Event) -> Event:
    return msgspec.structs.replace(event, operation=msgspec.structs.replace(event.operation, args=()))


def _outcome(alias: str) -> Outcome:
    """It notes where the permission was missing or it gave nothing itself; otherwise not what came back."""
    return "denied" if "无权限" in alias else "unknown"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
