"""The truth of a test screen: what its designer wrote in the HTML, with bounds, sizes and contrasts measured in the page."""

from __future__ import annotations

from typing import Any

Mark = dict[str, Any]

KINDS = (
    "consent_dialog", "permission_dialog", "permission_purpose", "policy", "settings", "main", "login", "cancellation",
    "complaint", "personalised_push_switch", "other",
)  # fmt: skip
FLAGS = (
    "no_refuse", "preticked_consent", "consent_by_continuing", "bundled_consent", "exit_on_refusal", "asks_again",
    "reward_for_data",
)  # fmt: skip
TARGETS = (
    "policy", "settings", "privacy", "cancellation", "complaint", "personalised_push_switch", "account", "function",
)  # fmt: skip
"""Where an entry leads; the last two are stages of a walk and no rule asks for them."""

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
_BUTTONS = ("agree", "refuse", "skip")


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two #rrggbb colours."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 2)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4


def screen_truth(name: str, half: str, design: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
    """Everything true of one screen. ``design`` is the designer's; ``page`` is what walk.js measured."""
    marks: list[Mark] = page["marks"]
    blind = page["root"]["class"] != "android.widget.FrameLayout"
    return {
        "screen": name, "half": half, "about": design["about"], "kind": design["kind"],
        "language": design.get("language", "zh-Hans"),
        "density": page["density"], "font_scale": 1.0, "size": page["size"],
        "tree": "blind" if blind else "partial" if any(m["node"] == "none" for m in marks) else "full",
        "tree_blind_to": sorted(design.get("tree_blind_to", [])),
        "flags": _flags(design, marks),
        "refusal_says": design.get("refusal_says"),
        "buttons": {kind: [_button(m) for m in marks if m["is"] == kind] for kind in _BUTTONS},
        "boxes": [_box(m, marks) for m in marks if m["is"] == "box"],
        "has_policy_link": any(m["is"] == "policy-link" or m["to"] == "policy" for m in marks),
        "policy_links": [_styled(m) for m in marks if m["is"] == "policy-link"],
        "permission": _permission(design, marks),
        "personalised_switch": next((_switch(m, marks) for m in marks if m["is"] == "push-switch"), None),
        "entries": [{"to": m["to"], **_placed(m)} for m in marks if m["is"] == "entry"],
        "body": next((_body(m) for m in marks if m["is"] == "body"), None),
        "neighbour_of": sorted(design.get("neighbour_of", [])),
        "doubt": sorted(design.get("doubt", [])),
    }  # fmt: skip


def _flags(design: dict[str, Any], marks: list[Mark]) -> dict[str, bool | None]:
    """What the designer says, else no; whether a way to refuse is missing is asked of consent dialogs only."""
    said = design.get("flags", [])
    flags: dict[str, bool | None] = {flag: flag in said for flag in FLAGS}
    if design["kind"] != "consent_dialog":
        flags["no_refuse"] = None
    ticked = any(m["is"] == "box" and m["on"] and m["means"] == "consent" for m in marks)
    if ticked != flags["preticked_consent"]:
        raise ValueError("preticked_consent: the design and the drawn boxes differ")
    way_out = any(m["is"] in {"refuse", "skip"} for m in marks)
    if flags["no_refuse"] is way_out:
        raise ValueError("no_refuse: the design and the drawn buttons differ")
    return flags


def _placed(mark: Mark) -> dict[str, Any]:
    """Text and place; ``node`` says whether the dump has a node of its own for it, a part of one's text, or none."""
    placed = {"text": mark["text"], "bounds": mark["bounds"], "node": mark["node"]}
    return placed | ({"lines": mark["lines"]} if mark["lines"] else {})


def _styled(mark: Mark) -> dict[str, Any]:
    return _placed(mark) | {
        "sp": round(mark["sp"], 2), "colour": mark["colour"], "background": mark["background"],
        "contrast": contrast(mark["colour"], mark["background"]),
    }  # fmt: skip


def _button(mark: Mark) -> dict[str, Any]:
    return _styled(mark) | ({"icon": True} if mark["means"] == "icon" else {})


def _label(mark: Mark, marks: list[Mark]) -> str:
    """The words beside a box or switch: the mark that names it by ``data-ref``."""
    return str(next((m["text"] for m in marks if m["is"] == "label" and m["ref"] == mark["ref"]), mark["text"]))


def _box(mark: Mark, marks: list[Mark]) -> dict[str, Any]:
    return {
        "means": mark["means"], "checked": mark["on"], "text": _label(mark, marks), "bounds": mark["bounds"],
        "node": "drawn" if mark["drawn"] and mark["node"] == "own" else mark["node"],
    }  # fmt: skip


def _switch(mark: Mark, marks: list[Mark]) -> dict[str, Any]:
    return {"on": mark["on"], "text": _label(mark, marks), "bounds": mark["bounds"], "node": mark["node"]}


def _permission(design: dict[str, Any], marks: list[Mark]) -> dict[str, Any] | None:
    if "permission" not in design:
        return None
    said = design["permission"]
    purpose = next((m for m in marks if m["is"] == "purpose"), None)
    if (purpose is None) != (said["purpose"] == "none"):
        raise ValueError("permission: the design and the drawn purpose differ")
    return {
        "asks": said["asks"], "purpose": said["purpose"], "purpose_text": _placed(purpose) if purpose else None,
        "number": said.get("number"),
    }  # fmt: skip


def _body(mark: Mark) -> dict[str, Any]:
    """The running text of a policy: size in sp (pixels over density), contrast, line height over size."""
    return {
        "bounds": mark["bounds"], "sp": round(mark["sp"], 2), "colour": mark["colour"], "background": mark["background"],
        "contrast": contrast(mark["colour"], mark["background"]), "line_spacing": round(mark["line"], 2),
    }  # fmt: skip
