"""How a reckoning is told, in Chinese and English: one line a step, dates as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from mingcha.casework.clocks import Clock, Told
from mingcha.casework.shanghai import in_shanghai
from mingcha.casework.working import WorkCalendar

_DAYS_ZH, _DAYS_EN = "一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS_ZH = {"working": "个工作日", "calendar": "日", "months": "个月", "hours": "小时"}
_UNITS_EN = {"working": "working day", "calendar": "day", "months": "month", "hours": "hour"}


def day_zh(day: date, near: date | None = None, *, weekday: bool = False) -> str:
    """A day as 2026年10月23日; the year is left out where it is that of ``near``."""
    year = "" if near and near.year == day.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日" + (f"（星期{_DAYS_ZH[day.weekday()]}）" if weekday else "")


def day_en(day: date, near: date | None = None, *, weekday: bool = False) -> str:
    """A day as 23 Oct 2026; the year is left out where it is that of ``near``."""
    year = "" if near and near.year == day.year else f" {day.year}"
    return (f"{_DAYS_EN[day.weekday()]} " if weekday else "") + f"{day.day} {_MONTHS[day.month - 1]}{year}"


def span_zh(first: date, last: date, near: date) -> str:
    """A run of days as 10月1日至7日."""
    if first == last:
        return day_zh(first, near)
    end = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else day_zh(last, near)
    return f"{day_zh(first, near)}至{end}"


def span_en(first: date, last: date, near: date) -> str:
    """A run of days as 1–7 Oct."""
    if first == last:
        return day_en(first, near)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_en(last, near)}"
    return f"{day_en(first, near)} – {day_en(last, near)}"


def length(number: int, unit: str) -> Told:
    """So many of a unit."""
    return Told(zh=f"{number}{_UNITS_ZH[unit]}", en=f"{number} {_UNITS_EN[unit]}{'' if number == 1 else 's'}")


def begins(rule: Clock, start: date, at: datetime | None) -> Told:
    """From when how long is counted."""
    if rule.length is None:
        return Told(
            zh=f"法律只要求及时，未定天数；自{day_zh(start)}起只计已过天数",
            en=f"the law says “timely” and sets no number; only the days since {day_en(start)} are told",
        )
    much = length(rule.length, rule.unit)
    if at is not None:
        return Told(zh=f"自{day_zh(start)}{at:%H:%M}起{much.zh}", en=f"{much.en} from {at:%H:%M} on {day_en(start)}")
    return Told(zh=f"自{day_zh(start)}的次日起算{much.zh}", en=f"{much.en} after {day_en(start)}")


def days_between(calendar: WorkCalendar, start: date, last: date) -> Iterator[Told]:
    """The holidays and the made-up days that a count of working days met."""
    first, end = start.toordinal() + 1, last.toordinal()
    for run in calendar.holidays(first, end):
        off, upto = date.fromordinal(run[0]), date.fromordinal(run[1])
        one = off == upto
        yield Told(
            zh=f"{span_zh(off, upto, start)}放假",
            en=f"{span_en(off, upto, start)} {'is a holiday' if one else 'are holidays'}",
        )
    for number in calendar.make_up(first, end):
        day = date.fromordinal(number)
        yield Told(
            zh=f"{day_zh(day, start, weekday=True)}上班", en=f"{day_en(day, start, weekday=True)} is a working day"
        )


def rolled(nominal: date, last: date) -> Told:
    """That the last day was a day of rest and gave way."""
    return Told(
        zh=f"末日{day_zh(nominal, weekday=True)}是休息日，顺延至{day_zh(last, nominal, weekday=True)}",
        en=f"the last day, {day_en(nominal, weekday=True)}, is a day of rest: it moves to {day_en(last, nominal, weekday=True)}",
    )


def suspended(first: date, last: date | None, near: date, reason: Told) -> Told:
    """Which days are not counted, and why."""
    if last is None:
        return Told(
            zh=f"自{day_zh(first, near)}起中止：{reason.zh}", en=f"suspended from {day_en(first, near)} on: {reason.en}"
        )
    return Told(
        zh=f"{span_zh(first, last, near)}中止，不计入：{reason.zh}",
        en=f"{span_en(first, last, near)} not counted: {reason.en}",
    )


def extended(number: int, unit: str, reason: Told) -> Told:
    """By how much it was made longer, and why."""
    much = length(number, unit)
    return Told(zh=f"延长{much.zh}：{reason.zh}", en=f"extended by {much.en}: {reason.en}")


def provisional(year: int) -> Told:
    """That the calendar the reckoning needs has not been published."""
    return Told(
        zh=f"{year}年放假安排尚未公布，暂按周六、周日和固定日期的法定节日休息推算，届满日可能变动",
        en=f"the holidays of {year} are not yet published: reckoned with weekends and fixed public holidays as days of rest; may change",
    )


def ends(due: datetime) -> Told:
    """When it is over: a whole day is said as 24:00 of that day."""
    local = in_shanghai(due)
    if local.hour == local.minute == local.second == 0:
        day = local.date() - timedelta(days=1)
        return Told(zh=f"{day_zh(day)}24时届满", en=f"due {day_en(day)}, 24:00 Beijing time")
    return Told(
        zh=f"{day_zh(local.date())}{local:%H:%M}届满", en=f"due {day_en(local.date())}, {local:%H:%M} Beijing time"
    )


def text(lines: tuple[Told, ...], language: str) -> str:
    """A reckoning as one sentence."""
    return "；".join(line.zh for line in lines) + "。" if language == "zh" else "; ".join(line.en for line in lines)
