"""Whose code made a call, told by its stack: frames of Android, of libraries and of the recorder say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from mingcha.collect.runtime.ground import Ground
from mingcha.model.event import Actor

SEGMENT = r"(?:[^\W\d]|\$|-\$)[\w$\-]{0,200}"
"""One part of a name in Java, Kotlin's and the compilers' own included."""
_FRAME = re.compile(
    rf"\s*(?:at\s+)?(?:[a-z]{{2,8}}-(?=[a-z]+\.))?(?:[\w.-]{{1,60}}/)?"
    rf"(?P<name>(?:{SEGMENT}\.){{1,40}}(?:<init>|<clinit>|{SEGMENT}))"
    r"(?:\((?P<where>[^()]{0,200})\))?(?:\s+(?P<line>-?[\d,]{1,9}))?(?::(?P<at>-?\d{1,7}))?\s*(?:<-)?\s*"
)
"""As Java prints a frame, as PrivacySentry and as our own agent do. A number with a point in it is no frame."""
_LONGEST = 600
_FRAMEWORK = (
    "java", "javax", "android", "androidx", "dalvik", "kotlin", "kotlinx", "com.android", "libcore", "sun", "jdk", "org.chromium.net",
    "okhttp3", "okio", "com.squareup.okhttp",
)  # fmt: skip
_RECORDERS = (
    "com.yl.lib.sentry", "com.yl.lib.plugin_proxy", "com.yl.lib.privacy_proxy", "de.robv.android.xposed", "org.lsposed", "LSPHooker_",
    "me.weishu.epic", "com.swift.sandhook", "com.saurik.substrate", "re.frida", "top.canyie.pine", "com.elderdrivers.riru",
)  # fmt: skip
"""Packages of recorders and of the frameworks they stand on; a stack begins in them."""
_PROXY = re.compile(r"(?:(?:com\.sun\.proxy|jdk\.proxy\d*)\.)?\$Proxy\d+$")
FRAMES = 100


def frames(lines: Iterable[str]) -> tuple[str, ...]:
    """Frames as "class.method:line", nearest call first; what is no frame is left out, as it could be anything."""
    return tuple(frame for line in lines if (frame := _frame(line)))[:FRAMES]


@lru_cache(8192)
def _frame(line: str) -> str | None:
    found = _FRAME.fullmatch(line) if len(line) <= _LONGEST else None
    if found is None:
        return None
    number = found["at"] or (found["line"] or "").replace(",", "") or (found["where"] or "").rpartition(":")[2]
    return f"{found['name']}:{number}" if number.isdigit() else found["name"]


def method_of(frame: str) -> tuple[str, str]:
    """Class and method of a frame."""
    cls, _, method = frame.partition(":")[0].rpartition(".")
    return cls, method


class Stacks:
    """Looks owners up: the longest known prefix that ends at a dot, or is the whole name of the class."""

    def __init__(self, ground: Ground) -> None:
        libraries = dict.fromkeys((*_FRAMEWORK, *_RECORDERS, *ground.tables.libraries), "")
        self._prefixes: dict[str, str | None] = dict(libraries)
        for sdk in ground.tables.sdks.values():
            for signature in sdk.signatures:
                counts = signature.verified or sdk.id in ground.present
                if counts and not signature.pattern and signature.form in ("package", "class"):
                    self._claim(signature.value, sdk.id)
        self._own = {prefix for prefix in (ground.package, *ground.own) if prefix}
        self._known: dict[str, str | None] = {}

    def _claim(self, prefix: str, sdk: str) -> None:
        """Two SDKs with one prefix: it is nobody's, so that none is accused of the other's reads."""
        taken = self._prefixes.get(prefix, sdk)
        self._prefixes[prefix] = sdk if taken in (sdk, "") else None

    def owner(self, cls: str) -> str | None:
        """An SDK's id, "app", "" for Android, libraries and recorders, or null for code of which nothing is known."""
        if cls not in self._known:
            self._known[cls] = self._looked_up(cls)
        return self._known[cls]

    def _looked_up(self, cls: str) -> str | None:
        if _PROXY.match(cls):
            return ""
        head, dot, last = cls.rpartition(".")
        for prefix in (cls, head + dot + last.partition("$")[0], *_parents(head)):
            if prefix in self._own:
                return "app"
            if prefix in self._prefixes:
                return self._prefixes[prefix]
        return None

    def actor(self, stack: tuple[str, ...]) -> Actor:
        """The owner of the first frame that says something, and who called that owner's code."""
        told = [(frame, owner) for frame in stack if (owner := self.owner(method_of(frame)[0])) != ""]
        if not told:
            return Actor()
        frame, owner = told[0]
        above = next((other for _, other in told[1:] if other != owner), owner)
        asked = None if above == owner else above or "unknown"
        if owner is None:
            return Actor(kind="unknown", by="stack", frame=frame, asked_by=asked)
        if owner == "app":
            return Actor(kind="app", by="stack", frame=frame, asked_by=asked)
        return Actor(kind="sdk", id=owner, by="stack", frame=frame, asked_by=asked)


def _parents(prefix: str) -> Iterable[str]:
    while prefix:
        yield prefix
        prefix = prefix.rpartition(".")[0]
