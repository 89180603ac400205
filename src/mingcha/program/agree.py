"""Which controls of an app's screens say "agree": by their name, by their text, and by what the code gives them.

A control counts where its id or its text says so and nothing says the contrary. A box that is ticked is no agreement yet,
and a link to an agreement is none at all.
"""

from __future__ import annotations

import re

from mingcha.program.surroundings import Surroundings, View

_YES = re.compile(r"同意|接受|\bagree\b|\baccept\b|\bI consent\b", re.IGNORECASE)
_NO = re.compile(r"[不未勿拒]|取消|disagree|n[o']t |decline|refuse|cancel", re.IGNORECASE)
_LONGEST = 30
"""Characters of a text on a button."""
LIKE = tuple(word.encode() for word in ("同意", "接受", "agree", "accept", "consent"))
"""Strings of the code worth a look."""
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_YES_TOKENS = frozenset({"agree", "agreed", "accept", "consent", "tongyi"})
_NO_TOKENS = frozenset({
    "disagree", "no", "not", "non", "un", "dis", "bu", "refuse", "reject", "decline", "cancel", "deny", "agreement", "checkbox",
    "check", "cb", "chk", "ck", "box", "switch", "radio", "link", "title", "content", "dialog", "layout", "hint",
})  # fmt: skip
_TICKED = (
    "CheckBox",
    "Switch",
    "SwitchCompat",
    "RadioButton",
    "ToggleButton",
    "CheckedTextView",
    "RadioGroup",
    "Layout",
)


def text_agrees(text: str) -> bool:
    """Whether a text on a control says agree and nothing else."""
    return len(text) <= _LONGEST and bool(_YES.search(text)) and not _NO.search(text)


def name_agrees(name: str) -> bool:
    """Whether the name of a view or field says agree: ``btn_agree``, ``agreeButton``."""
    tokens = {token.lower() for token in _TOKEN.findall(name)}
    return not tokens.isdisjoint(_YES_TOKENS) and tokens.isdisjoint(_NO_TOKENS)


def controls(around: Surroundings) -> frozenset[int]:
    """Resource ids of controls and texts that say agree."""
    ids = {number for number, name in around.names.items() if name.startswith("id/") and name_agrees(name[3:])}
    ids |= {view.id for view in around.views if view.id and text_agrees(view.text)}
    ids -= {view.id for view in around.views if view.cls.endswith(_TICKED) or _refuses(view)}
    texts = {number for number, text in around.texts.items() if text_agrees(text)}
    return frozenset(ids | texts)


def handlers(around: Surroundings) -> frozenset[str]:
    """Methods that layouts give by ``android:onClick`` to controls that say agree, and to no others."""
    agreeing = controls(around)
    by_name: dict[str, list[bool]] = {}
    for view in around.views:
        if view.on_click:
            says = view.id in agreeing if view.id else text_agrees(view.text) and not view.cls.endswith(_TICKED)
            by_name.setdefault(view.on_click, []).append(says)
    return frozenset(name for name, all_ in by_name.items() if all(all_))


def _refuses(view: View) -> bool:
    return bool(view.text) and bool(_NO.search(view.text))
