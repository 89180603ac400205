"""Who is to be reminded of what: one reminder a recipient, listing the numbers of the cases; nothing of a person in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from mingcha.casework.clocks import Told
from mingcha.casework.deadlines import Deadline, remaining, state
from mingcha.casework.wording import day_en, day_zh

Stage = Literal["soon", "last-day", "missed", "over"]
SOON = timedelta(days=3)
_LAST = timedelta(days=1)
_STAGES: dict[Stage, Told] = {
    "missed": Told(zh="已逾期", en="overdue"),
    "last-day": Told(zh="最后一日", en="last day"),
    "soon": Told(zh="即将届满", en="due soon"),
    "over": Told(zh="期间已满", en="waiting time is over"),
}


class Watch(Struct, frozen=True, kw_only=True):
    """A deadline of a case that somebody is to be reminded of."""

    deadline: Deadline
    case: str
    recipient: str


class Entry(Struct, frozen=True, kw_only=True):
    """One deadline in a reminder; ``key`` is the same for the same stage of the same deadline, so that each is told once."""

    case: str
    rule: str
    stage: Stage
    last_day: date
    provisional: bool
    key: str


class Reminder(Struct, frozen=True, kw_only=True):
    """All that one recipient is told at once: the late first, then by day and case."""

    recipient: str
    entries: tuple[Entry, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """The numbers of the cases, each once, in the order of the entries."""
        return tuple(dict.fromkeys(entry.case for entry in self.entries))

    @property
    def lines(self) -> tuple[Told, ...]:
        """One line an entry: case, stage, last day."""
        return tuple(map(_told, self.entries))


def group_reminders(
    deadlines: Iterable[Watch], now: datetime, ahead: timedelta = SOON, sent: Collection[str] = frozenset()
) -> tuple[Reminder, ...]:
    """What is due within ``ahead`` or over, by recipient; entries whose key was ``sent`` before are left out."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for watch in deadlines:
        for entry in _entries(watch, now, ahead):
            if entry.key not in sent:
                found[watch.recipient].append(entry)
    return tuple(
        Reminder(recipient=recipient, entries=tuple(sorted(entries, key=_order)))
        for recipient, entries in sorted(found.items())
    )


def _entries(watch: Watch, now: datetime, ahead: timedelta) -> Iterator[Entry]:
    deadline = watch.deadline
    stage, last = _stage(deadline, now, ahead), deadline.last_day
    if stage and last:
        key = f"{watch.case}/{deadline.rule}/{last.isoformat()}/{stage}/{watch.recipient}"
        yield Entry(
            case=watch.case, rule=deadline.rule, stage=stage, last_day=last, provisional=not deadline.firm, key=key
        )


def _stage(deadline: Deadline, now: datetime, ahead: timedelta) -> Stage | None:
    standing = state(deadline, now)
    if deadline.met_at or deadline.due is None or standing in {"cancelled", "suspended"}:
        return None
    if standing == "missed":
        return "missed"
    if standing == "met":
        return "over"
    left = remaining(deadline, now)
    if left is None or left > ahead or deadline.waits:
        return None
    return "last-day" if left <= _LAST else "soon"


def _order(entry: Entry) -> tuple[int, date, str, str]:
    return list(_STAGES).index(entry.stage), entry.last_day, entry.case, entry.rule


def _told(entry: Entry) -> Told:
    stage = _STAGES[entry.stage]
    open_ = Told(zh="（暂定）", en=" (provisional)") if entry.provisional else Told(zh="", en="")
    return Told(
        zh=f"{entry.case}：{stage.zh}，{day_zh(entry.last_day)}{open_.zh}",
        en=f"{entry.case}: {stage.en}, {day_en(entry.last_day)}{open_.en}",
    )
