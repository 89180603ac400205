"""camille's spreadsheet: one row for each call, the method in the first frame of its stack.

Its month is one too small (JavaScript counts months from 0), which is put right here and said so. A row is written after the
method came back, but without what it gave, except in two kinds of description. Its column 同意隐私政策前/后 is a person's timing
of another window and stays a remark; its column of owners is matched on parts of words and is not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mingcha.collect.runtime.calls import Calls, imported
from mingcha.collect.runtime.clocks import clock
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.rows import Header, again, header
from mingcha.collect.runtime.stacks import frames, method_of
from mingcha.collect.runtime.values import outcome, seen_text, written_arguments
from mingcha.errors import FormatError
from mingcha.formats.spreadsheet import Book
from mingcha.model.event import Clock, Event, Imported

TOOL = "camille"
COLUMNS = ("隐私政策状态", "时间点", "操作行为", "行为描述", "传入参数", "调用堆栈")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) ")
_GIVEN = re.compile(r"获取(?:的数据为|IP地址)：(.*)", re.DOTALL)
_IMPLIED = {
    "获取手机通信录内容": ("content://com.android.contacts",),
    "获取日历内容": ("content://com.android.calendar",),
    "获取浏览器内容": ("content://com.android.browser",),
    "获取相册内容": ("content://media",),
}
"""Descriptions that camille gives only after it found this in the first argument, which it then leaves out."""
_STATUS = {"同意隐私政策前": "tool_says: before_consent", "同意隐私政策后": "tool_says: after_consent"}
CORRECTED, CONTRARY, AS_WRITTEN = "month_corrected", "months_contradict", "month_as_written"


def is_camille(book: Book) -> bool:
    """Whether a workbook has camille's columns."""
    return any(header(sheet, COLUMNS) for sheet in book.sheets)


def import_camille(book: Book, ground: Ground) -> Imported:
    """The calls of a workbook. Raises FormatError if its columns are not camille's."""
    found = [(sheet, head) for sheet in book.sheets if (head := header(sheet, COLUMNS))]
    if not found:
        raise FormatError("no sheet with the columns of camille")
    reader = _Reader(Calls(ground, TOOL), _months(found[0][1], [row for sheet, _ in found for row in sheet.rows]))
    events = [event for sheet, head in found for event in reader.read(head, sheet.rows)]
    twice = any(head.twice for _, head in found)
    left = sum(len(sheet.rows) for sheet in book.sheets) - sum(len(sheet.rows) for sheet, _ in found)
    accounted = {**reader.accounted, "other_sheets": left}
    remarks = (reader.remark, *(("columns_twice",) if twice else ()))
    return imported(TOOL, events, accounted, partial=book.partial or twice, remarks=remarks)


def _months(head: Header, rows: Sequence[Sequence[str]]) -> str:
    """Whether months are as camille's code writes them. A 12, a padded month or a day that the next month lacks says no."""
    written = [found for row in rows if (found := _MONTH.match(head.get(row, "时间点")))]
    zero = any(int(found[2]) == 0 for found in written)
    right = any(
        (found[2].startswith("0") and len(found[2]) == 2) or int(found[2]) == 12 or _no_day(found) for found in written
    )
    if zero and right:
        return CONTRARY
    return AS_WRITTEN if right else CORRECTED


def _no_day(found: re.Match[str]) -> bool:
    return clock(f"{found[0]}0:0:0", months=1).local is None


class _Reader:
    """Rows to events, each row accounted for."""

    def __init__(self, calls: Calls, months: str) -> None:
        self._calls, self.remark = calls, months
        self.accounted: Counter[str] = Counter()
        self._entry = 0

    def read(self, head: Header, rows: Sequence[Sequence[str]]) -> Iterator[Event]:
        """The events of a sheet; entries are counted over all sheets."""
        for number, row in enumerate(rows):
            entry, self._entry = self._entry, self._entry + 1
            if number <= head.row or again(head, row):
                self.accounted["headers"] += 1
            elif not any(cell.strip() for cell in row):
                self.accounted["empty"] += 1
            else:
                yield self._event(entry, head, row)

    def _event(self, entry: int, head: Header, row: Sequence[str]) -> Event:
        stack = frames(head.get(row, "调用堆栈").splitlines())
        cls, method = method_of(stack[0]) if stack else (None, "")
        said = head.get(row, "行为描述").strip()
        given = _GIVEN.search(said)
        values = _IMPLIED.get(said) or written_arguments(head.get(row, "传入参数"))
        status = _STATUS.get(head.get(row, "隐私政策状态").strip())
        return self._calls.event(
            entry,
            cls,
            method,
            clock=self._clock(head.get(row, "时间点")),
            values=values,
            stack=stack[1:],
            outcome=outcome(given[1]) if given else "unknown",
            result=seen_text(given[1], self._calls.ground.seal) if given else None,
            remarks=(status,) if status else (),
        )

    def _clock(self, text: str) -> Clock:
        ground = self._calls.ground
        if self.remark == CONTRARY:
            return Clock(told=clock(text).told)
        return clock(text, ground.year, ground.offset, months=int(self.remark == CORRECTED))
