"""Screens of made-up walks, told by what stands on them, as trees in uiautomator's form.

A page is a mapping: ``texts``, ``fields`` to fill in, ``boxes`` and ``switches`` (words and their state), ``buttons``, ``tabs`` at
the foot, and the ``package`` whose window it is; ``rolls`` where more may lie below, ``icons`` without words, a ``corner`` to touch
at the left of the head by its id, ``rows`` of a name and an explanation, ``drawn`` views and other ``nodes`` without words by
class, height and states, the ``frame`` around all by its class. Every node is laid out from top to bottom, as an app would show it. ``beside``
is what another window shows at the same time: it is in the picture of the screen, and not in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from tests.build.runs import PACKAGE

Box = tuple[int, int, int, int]
SYSTEM, LAUNCHER = "com.android.permissioncontroller", "com.android.launcher3"
_WIDE, _HIGH = 540, 1170
_FONT = Path(__file__).parent.parent.parent / "src/mingcha/render/fonts/MingchaSansSC-Regular.otf"
_POLICY = "欢迎使用。请您阅读并同意《用户协议》和《隐私政策》后再使用我们的服务。"


def asking(what: str, *more: str) -> dict[str, Any]:
    """The system's own question for a permission."""
    return {"texts": [f"要允许“天气”{what}吗？", *more], "buttons": ["允许", "拒绝"], "package": SYSTEM}


PAGES: dict[str, dict[str, Any]] = {
    "launcher": {"texts": ["日历"], "package": LAUNCHER},
    "splash": {"texts": ["天气，出门前看一看"]},
    "consent": {"texts": ["个人信息保护提示", _POLICY], "buttons": ["不同意", "同意"]},
    "consent again": {
        "texts": ["再次提示", "您刚才选择了不同意。请您阅读并同意《隐私政策》。"], "buttons": ["不同意", "同意"],
    },
    "updated policy": {
        "texts": ["隐私政策更新提示", "我们更新了《隐私政策》，请您阅读并同意更新后的内容。"], "buttons": ["不同意", "同意"],
    },
    "main": {"texts": ["今天 晴"], "tabs": ["首页", "我的"]},
    "browse": {"texts": ["仅浏览模式", "热门内容"], "tabs": ["首页", "我的"]},
    "me": {"texts": ["我的天气"], "buttons": ["设置", "帮助中心"]},
    "settings": {"texts": ["设置"], "buttons": ["通用", "关于我们", "账号与安全"]},
    "about": {"texts": ["关于我们"], "buttons": ["版本信息", "法律信息"]},
    "legal": {"texts": ["法律信息"], "buttons": ["许可证", "协议与规则"]},
    "rules": {"texts": ["协议与规则"], "buttons": ["《用户协议》", "《隐私政策》"]},
    "policy": {"texts": ["隐私政策", "本政策说明我们如何收集和使用您的个人信息，以及您的权利。我们会收集设备信息用于统计。"]},
    "policy in English": {
        "texts": ["Privacy Policy", "We collect personal information such as your device identifiers. This policy tells you how we"
                  " use it, for how long we keep it and which rights you have."],
    },
    "safety": {"texts": ["账号与安全"], "buttons": ["修改密码", "注销账号"]},
    "cancellation": {"texts": ["注销账号", "注销后账号内的信息将被删除，且不能恢复。"], "buttons": ["申请注销"]},
    "switches": {"texts": ["个性化推荐"], "switches": [["个性化内容推荐", True]]},
    "login": {"texts": ["手机号登录"], "fields": ["请输入手机号", "请输入验证码"], "buttons": ["登录"]},
    "login with policy": {
        "texts": ["手机号登录"], "fields": ["请输入手机号", "请输入验证码"],
        "boxes": [["我已阅读并同意《用户协议》和《隐私政策》", False]], "buttons": ["登录"],
    },
    "ask contacts": asking("访问您的通讯录"),
    "ask location": asking("获取此设备的位置信息"),
    "ask calendar": asking("访问您的日历"),
    "ask notifications": asking("向您发送通知"),
    "purpose of contacts": {
        "texts": ["通讯录权限", "我们需要访问您的通讯录，用于查找正在使用天气的好友。"], "buttons": ["暂不", "去开启"],
    },
    "coupons": {"texts": ["领券中心", "满减优惠"], "package": "com.example.coupons"},
    "leads out": {
        "texts": ["即将打开第三方应用", "将把您的手机号提供给领券中心。"], "buttons": ["取消", "同意"],
    },
}  # fmt: skip


class Shown(NamedTuple):
    """A screen as a file, and where each of its labels can be tapped."""

    package: str
    dump: bytes
    targets: dict[str, Box]


def page_of(see: str | dict[str, Any]) -> dict[str, Any]:
    """A page by its name, or one told in place, alone or as another page ``like`` with something else."""
    if isinstance(see, str):
        return PAGES[see]
    return {**(PAGES[see["like"]] if "like" in see else {}), **see}


def shown(page: dict[str, Any], own: str = PACKAGE) -> Shown:
    """The page as a dump; ``own`` is whose window it is where the page does not say."""
    package = str(page.get("package", own))
    nodes, targets = [], {}
    for cls, words, box, more in _laid_out(page):
        nodes.append(_node(cls, words, box, package, **more))
        if more.get("clickable"):
            targets[str(more.get("label", words))] = box
    cls, rolls = ("ScrollView", True) if page.get("rolls") else (str(page.get("frame", "FrameLayout")), False)
    root = _node(cls, "", (0, 0, _WIDE, _HIGH), package, inside="".join(nodes), scrollable=rolls)
    dump = f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">{root}</hierarchy>"
    return Shown(package, dump.encode(), targets)


def picture_of(page: dict[str, Any]) -> bytes:
    """The page as a picture."""
    from PIL import Image, ImageDraw, ImageFont  # only where a story wants one

    image = Image.new("RGB", (_WIDE, _HIGH), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(_FONT), 24)
    for cls, words, box, _ in _laid_out(page):
        at = box[:2]
        if cls == "Button":
            draw.rounded_rectangle(box, 12, fill="#dde6f5")
            at = ((box[0] + box[2]) // 2 - 12 * len(words), box[1] + 16)
        draw.multiline_text(at, _broken(words), font=font, fill="#111111", spacing=8)
    for number, words in enumerate(page.get("beside", ())):
        draw.multiline_text((30, 900 + 80 * number), _broken(words), font=font, fill="#111111", spacing=8)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _broken(words: str) -> str:
    return "\n".join(words[at : at + 19] for at in range(0, len(words), 19))


def _laid_out(page: dict[str, Any]) -> Iterator[tuple[str, str, Box, dict[str, Any]]]:
    """Class, words, box and states of every node, from top to bottom."""
    top = 60
    for words in page.get("texts", ()):
        high = 40 + 30 * (len(words) // 24)
        yield "TextView", words, (30, top, 510, top + high), {}
        top += high + 20
    for words in page.get("fields", ()):
        yield "EditText", words, (30, top, 510, top + 50), {"clickable": True, "focused": page.get("keyboard", False)}
        top += 70
    for words, ticked in page.get("boxes", ()):
        state = {"clickable": True, "checkable": True, "checked": ticked, "label": f"box of {words}"}
        yield "CheckBox", "", (30, top, 57, top + 27), state
        yield "TextView", words, (66, top, 510, top + 27), {}
        top += 50
    for words, on in page.get("switches", ()):
        yield "TextView", words, (30, top, 300, top + 30), {}
        state = {"clickable": True, "checkable": True, "checked": on, "label": f"switch of {words}"}
        yield "Switch", "", (450, top, 510, top + 30), state
        top += 60
    for name, more in page.get("rows", ()):
        held = _node("TextView", name, (40, top, 300, top + 30), str(page.get("package", PACKAGE)))
        held += _node("TextView", more, (40, top + 32, 500, top + 58), str(page.get("package", PACKAGE)))
        yield "LinearLayout", "", (30, top, 510, top + 60), {"clickable": True, "label": name, "inside": held}
        top += 70
    for cls, high, state in page.get("nodes", ()):
        yield cls, "", (30, top, 510, top + high), state
        top += high + 10
    if "corner" in page:
        yield "ImageView", "", (0, 20, 60, 80), {"clickable": True, "label": "corner", "id": page["corner"]}
    for words in page.get("buttons", ()):
        yield "Button", words, (75, top, 465, top + 60), {"clickable": True}
        top += 80
    for number, words in enumerate(page.get("icons", ())):
        yield "ImageView", "", (480 - 60 * number, 10, 530 - 60 * number, 55), {"clickable": True, "label": words}
    tabs = page.get("tabs", ())
    for number, words in enumerate(tabs):
        wide = _WIDE // len(tabs)
        yield "TextView", words, (number * wide, 1090, (number + 1) * wide, _HIGH), {"clickable": True}


def _node(cls: str, words: str, box: Box, package: str, *, inside: str = "", **state: Any) -> str:
    full = cls if "." in cls else f"android.widget.{cls}"
    told = {
        "index": "0", "text": words, "resource-id": state.get("id", ""), "class": full, "package": package, "content-desc": state.get("spoken", ""),
        "checkable": state.get("checkable", False), "checked": state.get("checked", False),
        "clickable": state.get("clickable", False), "enabled": True, "focusable": False, "focused": state.get("focused", False),
        "scrollable": state.get("scrollable", False), "long-clickable": False, "password": False, "selected": False,
        "bounds": "[{},{}][{},{}]".format(*box),
    }  # fmt: skip
    fields = " ".join(f"{name}={quoteattr(_attribute(value))}" for name, value in told.items())
    return f"<node {fields}>{inside}</node>"


def _attribute(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
