"""What a check of a package finds, in words: each thing that is wrong, where, and what it makes of the package."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

_SHOWN, _LINES = 400, 200

Verdict = Literal["genuine", "altered", "incomplete"]
VERDICTS = {
    "genuine": ("真实、完整", "genuine"),
    "altered": ("已被改动", "altered"),
    "incomplete": ("不完整，或没有可信依据", "incomplete, or not anchored"),
}

ALTERED = {
    "file-changed": ("{where}：内容与清单不符，已被改动。", "{where}: its content is not what was listed: it was changed."),
    "file-extra": ("{where}：任何清单都没有此文件，是后来放入的。", "{where}: no list names this file: it was put in later."),
    "unreadable": ("{where}：不是应有的格式，无法读取。", "{where}: it is not of the form it must have and cannot be read."),
    "line-unreadable": (
        "{where}第{seq}行：不是应有的格式，无法读取。",
        "{where}, line {seq}: it is not of the form it must have and cannot be read.",
    ),
    "event-altered": (
        "第{seq}号事件：内容与其哈希值不符，已被改动。",
        "event {seq}: its content is not what its hash is of: it was changed.",
    ),
    "event-unproven": (
        "第{seq}号事件：已签名的链在这个位置上不是此事件。",
        "event {seq}: the signed chain does not hold this event at this position.",
    ),
    "event-reordered": ("第{seq}号事件：排在后面的事件之后，顺序被改动。", "event {seq}: it stands behind a later one: the order was changed."),
    "event-inserted": ("第{seq}号事件：出现不止一次，有一条是后来放入的。", "event {seq}: it is there more than once: one was put in."),
    "event-extra": ("第{seq}号事件：封签中没有，或与封签所列的不同。", "event {seq}: the seal does not list it, or lists another one."),
    "custody-differs": ("{where}第{seq}行：与事件记录不符。", "{where}, line {seq}: it is not what the event says."),
    "signature": ("{where}：签名与内容不符，内容或签名已被改动。", "{where}: the signature is not of this content: one of them was changed."),
    "key-unsound": ("{where}：密钥{detail}的名称、签名或次序不成立。", "{where}: name, signature or place of key {detail} does not hold."),
    "case-differs": ("{where}：案件编号与封签所列的不同。", "{where}: the case number is not the one in the seal."),
    "forked": (
        "第{seq}号及以前的事件：与您所持的检查点（{detail}）不是同一条链，记录被重写过。",
        "events up to {seq}: not the chain of the checkpoint you hold ({detail}): the record was written anew.",
    ),
}  # fmt: skip
"""What nobody but one who changed the package, or made it falsely, can bring about."""

INCOMPLETE = {
    "file-missing": ("{where}：应有而没有此文件。", "{where}: this file should be there and is not."),
    "event-missing": ("第{seq}号事件：封签列有此事件，包中没有。", "event {seq}: the seal lists it and it is not there."),
    "key-unknown": (
        "{where}：签名所用的密钥{detail}不在您所信任的密钥之列，不能据此认定真实。",
        "{where}: signed by key {detail}, which is none of those you trust, so nothing vouches for it.",
    ),
    "key-out-of-time": (
        "{where}：签名时间不在密钥{detail}的使用期内。",
        "{where}: the time of signing lies outside the time of key {detail}.",
    ),
    "unanchored": ("{where}：没有事件记有此文件的哈希值。", "{where}: no event holds this file's hash."),
    "no-events": ("{where}：没有一条可以核对的事件。", "{where}: there is no event that could be checked."),
    "cut": (
        "第{seq}号至第{until}号事件：您所持的检查点（{detail}）计入了这些事件，此包依据的记录在此之前就结束了（旧备份，或尾部被截去）。",
        "events {seq} to {until}: the checkpoint you hold ({detail}) counts them, the record this package stands on ends before"
        " (an old backup, or a tail cut off).",
    ),
    "not-compared": (
        "此包没有说明它与您所持的检查点（{detail}，计入{seq}条事件）的关系，无法对照。",
        "the package does not say how it goes on from the checkpoint you hold ({detail}, counting {seq} events), so the two cannot be compared.",
    ),
}  # fmt: skip
"""What is not there, or what nothing that is trusted vouches for."""


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that is wrong: its code, the file, the event or line, and a sentence in both languages."""

    code: str
    where: str
    seq: int | None
    zh: str
    en: str

    @property
    def alters(self) -> bool:
        """Whether it shows that something was changed."""
        return self.code in ALTERED


class Findings(Struct, frozen=True, kw_only=True):
    """What a check came to, and what was checked: the case, its events and files, and the checkpoint they stand on."""

    verdict: Verdict
    case: str
    events: int
    files: int
    checkpoint: str
    count: int
    key: str
    found: tuple[Finding, ...]


def finding(code: str, where: str, seq: int | None = None, until: int | None = None, detail: str = "") -> Finding:
    """A finding with its sentences."""
    zh, en = ALTERED.get(code) or INCOMPLETE[code]
    words = {"where": shown(where), "seq": seq, "until": until, "detail": shown(detail)}
    return Finding(code=code, where=shown(where), seq=seq, zh=zh.format(**words), en=en.format(**words))


def shown(text: str) -> str:
    """A text from a package for a line of ours: short, and nothing that moves a cursor or turns the line round."""
    return "".join(one if one.isprintable() else "·" for one in text[:_SHOWN])


def verdict_of(found: tuple[Finding, ...]) -> Verdict:
    """What the findings make of the package."""
    if any(one.alters for one in found):
        return "altered"
    return "incomplete" if found else "genuine"


def sentences(findings: Findings, lang: str) -> list[str]:
    """The result for a reader, first the verdict, then one line for each finding."""
    chinese = lang == "zh"
    word = VERDICTS[findings.verdict][0 if chinese else 1]
    lines = [f"结论：{word}。" if chinese else f"Result: {word}."]
    lines += [one.zh if chinese else one.en for one in findings.found[:_LINES]]
    if len(findings.found) > _LINES:  # a hostile package can have millions
        more = len(findings.found) - _LINES
        lines.append(f"另有{more}处。" if chinese else f"And {more} more.")
    if findings.verdict == "genuine":
        lines.append(_stands_on(findings, chinese=chinese))
    return lines


def _stands_on(findings: Findings, *, chinese: bool) -> str:
    case, events, files = findings.case, findings.events, findings.files
    moment, count, key = findings.checkpoint, findings.count, findings.key
    if chinese:
        return (
            f"案件{case}：{events}条事件、{files}个文件，与密钥{key}于{moment}签名的检查点（计入{count}条事件）一致。"
            "此后是否更正、撤回，以公开页面为准。"
        )
    return (
        f"Case {case}: {events} events and {files} files agree with the checkpoint over {count} events that key {key} signed"
        f" at {moment}. Whether anything was corrected or withdrawn since, the public page says."
    )
