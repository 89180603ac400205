"""How an app stands, in one sentence and with a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mingcha.service.clock import SHANGHAI
from mingcha.service.pages.public import showing

Values = dict[str, Any]

_BY_STATE = {
    "rectification": ("bad", "存在已确认的问题，已被责令改正，正在整改期内。", "Confirmed findings: ordered to rectify, the time to do so is running."),
    "re-inspection": ("wait", "运营者已提交整改，正在复测。", "The operator filed its rectification; it is being inspected again."),
    "notice-proposed": ("bad", "期限内没有整改到位，拟向社会通报。", "Not rectified in time: a public warning is proposed."),
    "publicly-warned": ("bad", "因问题未整改到位，已被公开通报。", "Publicly warned, because it was not rectified."),
    "removed": ("bad", "因问题未整改到位，已通知应用商店下架。", "Not rectified: app stores were told to remove it."),
    "disconnected": ("bad", "因问题未整改到位，已停止接入服务。", "Not rectified: network access was ended."),
    "closed-rectified": ("good", "曾确认的问题已整改，复测通过。", "What was confirmed has been rectified; the re-inspection passed."),
    "closed-restored": ("good", "整改到位，已恢复上架。", "Rectified, and restored to the stores."),
}  # fmt: skip
_ENDED = ("closed-rectified", "closed-restored")


@dataclass(frozen=True)
class Standing:
    """What the sentence is made of: public cases, findings that are shown, the inspection the page rests on, the history."""

    cases: list[Values]
    findings: list[Any]
    chief: Any
    history: list[Values]


def status(standing: Standing) -> Values:
    """Mood (bad, wait, good or none), the sentence in both languages, and the day since which it holds."""
    case = _case(standing.cases)
    if case is not None and case["state"] in _BY_STATE:
        mood, zh, en = _BY_STATE[case["state"]]
        return _told(mood, zh, en, since=_last(standing.history, case), inspected=_made(standing.chief))
    if standing.findings:
        return _reviewed(standing)
    if standing.chief is not None:
        return _told(
            "",
            "系统检测过这个应用，结果没有经任何人核实。",
            "The machine inspected this app; nobody has confirmed the result.",
            inspected=_made(standing.chief),
        )
    return _told("", "还没有可以公开的检测结果。", "There is no result of an inspection to be shown yet.")


def _reviewed(standing: Standing) -> Values:
    """Findings are shown and nothing was ordered yet."""
    confirmed = sum(one.state in showing.CONFIRMED for one in standing.findings)
    waiting = len(standing.findings) - confirmed
    if confirmed:
        return _told(
            "bad",
            f"已确认{confirmed}项问题，正在处理。",
            f"{confirmed} confirmed finding{'s' * (confirmed > 1)}; being dealt with.",
            inspected=_made(standing.chief),
        )
    return _told(
        "wait", f"有{waiting}项疑似问题，尚未核实；运营者的答复列在每一项旁边。",
        f"{waiting} suspected finding{'s' * (waiting > 1)}, not confirmed; the operator's answer stands beside each.", since=_heard(standing),
    )  # fmt: skip


def _case(cases: list[Values]) -> Values | None:
    """The case that speaks for the app: one that goes on before one that ended, then the newest."""
    return max(cases, key=lambda case: (case["state"] not in _ENDED, case["id"]), default=None)


def _last(history: list[Values], case: Values) -> str:
    return next((str(row["day"]) for row in history if row["case"] == case["number"] and row["act"] != "withdraw"), "")


def _made(task: Any) -> str:
    return "" if task is None else task.report__made.astimezone(SHANGHAI).date().isoformat()


def _told(mood: str, zh: str, en: str, *, since: str = "", inspected: str = "") -> Values:
    """One of the two days: since when it stands so, or when it was looked at."""
    return {"mood": mood, "text": {"zh": zh, "en": en}, "since": since, "inspected": inspected if not since else ""}


def _heard(standing: Standing) -> str:
    """The day on which the last operator's time to answer ended."""
    told = [one.notified for one in standing.findings if one.state in showing.WAITING]
    return max((end.date().isoformat() for one in told if (end := showing.answer_ends(one)) is not None), default="")
