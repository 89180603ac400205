"""robots.txt (RFC 9309): what a site asks robots to leave alone, and how long to wait."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

SIZE_LIMIT = 500 * 1024
RULE_LIMIT = 5000
LONGEST_DELAY = 20.0
_PRODUCT = re.compile(r"[a-z_-]+|\*")


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one agent: (allowed?, pattern) each, and the seconds to wait between requests."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether a path (with its query) may be asked: the longest pattern decides, and *allow* on a tie."""
        path = unquote(path)
        fitting = [(len(pattern), allowed) for allowed, pattern in self.rules if _fits(pattern, path)]
        return max(fitting)[1] if fitting else True


def read(data: bytes, agent: str) -> Robots:
    """The rules of the groups that name ``agent``, or else of those for everybody."""
    groups = _groups(data[:SIZE_LIMIT].decode("utf-8", "replace"))
    return _robots(groups.get(agent.lower()) or groups.get("*") or [])


def _groups(text: str) -> dict[str, list[tuple[str, str]]]:
    """Agent → its lines; several agents may head one group, and one agent several groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    agents: list[str] = []
    heading = False
    for line in text.removeprefix("\ufeff").splitlines():
        name, _, rest = line[:2000].partition("#")[0].partition(":")
        key, value = name.strip().lower(), rest.strip()
        if key == "user-agent":
            product = _PRODUCT.match(value.lower())
            agents = [*(agents if heading else ()), product[0] if product else ""]
            heading = True
            groups.setdefault(agents[-1], [("", "")])  # a group without rules is a group: it allows all
        elif key in ("allow", "disallow", "crawl-delay"):
            heading = False
            for agent in agents[:50]:
                groups[agent].append((key, value))
    return groups


def _robots(lines: list[tuple[str, str]]) -> Robots:
    rules = [(key == "allow", unquote(value)) for key, value in lines if key in ("allow", "disallow") and value]
    delays = [
        float(value) for key, value in lines if key == "crawl-delay" and re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value)
    ]
    return Robots(tuple(rules[:RULE_LIMIT]), min(max(delays, default=0.0), LONGEST_DELAY))


def _fits(pattern: str, path: str) -> bool:
    """``*`` is any run of characters, ``$`` at the end is the end; no regular expression, so no pattern can be slow."""
    ends = pattern.endswith("$")
    first, *rest = (pattern[:-1] if ends else pattern).split("*")
    if not path.startswith(first):
        return False
    if not rest:
        return not ends or path == first
    at = len(first)
    for part in rest[:-1]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    last = rest[-1]
    return path.endswith(last) and len(path) - len(last) >= at if ends else path.find(last, at) >= 0
