"""Which SDKs of the catalogue a name in a policy means: by names and aliases, by vendor, by package or class."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mingcha.collect.policy.text import plain
from mingcha.model.sdk import Sdk

_LEAST_NAME, _LEAST_LATIN = 2, 5

_NOISE = re.compile(r"[\s·・.\-_/+&（）()“”\"【】《》*]|android|安卓|ios|版|端")


def _key(name: str) -> str:
    """The name without blanks, marks and the word SDK."""
    return re.sub(r"sdk$|^sdk|服务$|功能$", "", _NOISE.sub("", plain(name)).replace("软件开发工具包", "sdk"))


class Names:
    """All names the catalogue has for SDKs: own names, aliases, vendors, packages."""

    def __init__(self, sdks: Mapping[str, Sdk]) -> None:
        self._names: dict[str, set[str]] = {}
        self._vendors: dict[str, set[str]] = {}
        self._packages: dict[str, str] = {}
        for identity, sdk in sdks.items():
            for name in (*sdk.name.values(), *sdk.aliases):
                for part in (name, *re.split(r"\s*/\s*", name)):
                    self._add(self._names, _key(part), identity)
            self._add(self._vendors, _key(sdk.vendor), identity)
            self._packages.update({s.value.lower(): identity for s in sdk.signatures if s.form == "package"})
        keys = sorted((k for k in self._names if len(k) >= _LEAST_NAME), key=lambda k: (-len(k), k))
        self._pattern = re.compile("|".join(map(re.escape, keys)) or r"(?!)")

    @staticmethod
    def _add(table: dict[str, set[str]], key: str, identity: str) -> None:
        if len(key) >= _LEAST_NAME:
            table.setdefault(key, set()).add(identity)

    def find(self, name: str, vendor: str = "") -> tuple[str, ...]:
        """The SDKs a name means: itself, or the longest known name in it; the vendor's, if it has but one."""
        key = _key(name)
        found = self._names.get(key)
        if not found:
            known = max((n for n in self._pattern.findall(key) if _tells(n)), key=len, default="")
            found = self._names.get(known)
        if not found:
            of_vendor = self._vendors.get(_key(vendor), set()) | self._vendors.get(key, set())
            found = of_vendor if len(of_vendor) == 1 else set()
        return tuple(sorted(found)) or self._by_package(name)

    def of_entry(self, name: str, vendor: str, purpose: str) -> tuple[str, ...]:
        """The SDKs that an entry of a list means: of a platform of many, those of its vendor that the purpose names."""
        found = self.find(name, vendor)
        if len(found) != 1 or not _key(name).endswith("平台"):
            return found
        meant = {sdk for known in self._pattern.findall(_key(purpose)) for sdk in self._names[known]}
        beside = {sdk for sdks in self._vendors.values() if found[0] in sdks for sdk in sdks}
        return tuple(sorted(meant & beside)) or found

    def _by_package(self, text: str) -> tuple[str, ...]:
        lower = text.lower()
        return tuple(sorted({sdk for package, sdk in self._packages.items() if "." in package and package in lower}))[
            :1
        ]


def _tells(name: str) -> bool:
    """Whether a name inside a longer one still means its SDK: OAID in "百度 OAID" does not mean the alliance's."""
    return len(name) >= (_LEAST_LATIN if name.isascii() else _LEAST_NAME)
