"""The nodes of a rendered page, written as ``uiautomator dump`` writes a window."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
_ENTITIES = {'"': "&quot;", "\n": "&#10;"}
_FLAGS = ("checkable", "checked", "clickable", "enabled", "focusable", "focused", "scrollable")
_NEVER_NAF = ("GridView", "GridLayout", "TableLayout", "ScrollView", "ListView")

Node = dict[str, Any]


def written(root: Node) -> str:
    """One line, like the tool: header, hierarchy, nodes."""
    return f'{HEAD}<hierarchy rotation="0">{_node(root, 0)}</hierarchy>'


def _node(node: Node, index: int) -> str:
    said = [("NAF", "true")] if _naf(node) else []
    said += [("index", str(index)), ("text", node["text"]), ("resource-id", node["rid"]), ("class", node["class"])]
    said += [("package", node["package"]), ("content-desc", node["desc"])]
    said += [(flag, _truth(node[flag])) for flag in _FLAGS]
    said += [("long-clickable", _truth(node["long"])), ("password", _truth(node["password"]))]
    said += [("selected", _truth(node["selected"])), ("bounds", _bounds(node["bounds"]))]
    opened = "<node " + " ".join(f'{name}="{escape(value, _ENTITIES)}"' for name, value in said)
    if not node["children"]:
        return opened + " />"
    return opened + ">" + "".join(_node(child, i) for i, child in enumerate(node["children"])) + "</node>"


def _naf(node: Node) -> bool:
    """The tool's mark for a control without any words ("not accessibility friendly")."""
    if node["class"].endswith(_NEVER_NAF) or not (node["clickable"] and node["enabled"]):
        return False
    return not _worded(node)


def _worded(node: Node) -> bool:
    return bool(node["text"] or node["desc"]) or any(_worded(child) for child in node["children"])


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _bounds(bounds: list[int]) -> str:
    left, top, right, bottom = bounds
    return f"[{left},{top}][{right},{bottom}]"
