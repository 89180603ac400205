"""Which rows of the catalogue a recorded call is: by class, method, descriptor and the tests of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mingcha.catalogue.framework import Framework, load_framework
from mingcha.catalogue.load import Catalogue
from mingcha.model.sdk import Interface, Predicate

_BEHIND = {
    "android.app.ApplicationPackageManager": "android.content.pm.PackageManager",
    "android.app.ContextImpl": "android.content.Context",
    "android.app.ContextImpl$ApplicationContentResolver": "android.content.ContentResolver",
    "android.content.pm.IPackageManager$Stub$Proxy": "android.content.pm.PackageManager",
    "com.android.internal.telephony.ITelephony$Stub$Proxy": "android.telephony.TelephonyManager",
}
"""Classes that recorders name because they do the work, and the class that an app's code names."""

Test = Callable[[Predicate], bool | None]
"""Whether an argument passes; null if the recorder did not write it down."""


@dataclass(frozen=True, slots=True)
class Match:
    """The rows a call is, and those it may be for all that was written down of its arguments."""

    rows: tuple[Interface, ...] = ()
    perhaps: tuple[Interface, ...] = ()

    @property
    def information(self) -> tuple[str, ...]:
        """What the rows hand out."""
        return tuple(dict.fromkeys(row.information for row in self.rows if row.information))

    @property
    def event(self) -> str | None:
        """The event that the call is, where it hands out nothing."""
        return next((row.event for row in self.rows if row.event), None)

    @property
    def carried(self) -> bool:
        """Whether the result is the information itself."""
        return any(row.carried and row.information for row in self.rows)


class Interfaces:
    """The catalogue's rows by class and method."""

    def __init__(self, tables: Catalogue, framework: Framework | None = None) -> None:
        self._rows: dict[tuple[str, str], list[Interface]] = {}
        self._by_method: dict[str, list[Interface]] = {}
        for row in tables.interfaces.values():
            if not row.field:
                self._rows.setdefault((row.cls, row.member), []).append(row)
                self._by_method.setdefault(row.member, []).append(row)
        self._framework = framework or load_framework()
        self._candidates = lru_cache(4096)(self._found)

    def match(self, cls: str | None, method: str, descriptor: str | None, test: Test) -> Match:
        """The rows of a call. Without its class, only a method that one class of the catalogue has is recognised."""
        method = "<init>" if method == "$init" else method
        certain: list[Interface] = []
        perhaps: list[Interface] = []
        for row in self._candidates(cls, method):
            if descriptor is None or row.descriptor in (None, descriptor):
                answers = [test(predicate) for predicate in row.when]
                if all(answers):
                    certain.append(row)
                elif False not in answers:
                    perhaps.append(row)
        tested = [row for row in certain if row.when]
        return Match(tuple(tested or certain), tuple(perhaps))

    def _found(self, cls: str | None, method: str) -> tuple[Interface, ...]:
        if cls is None:
            rows = self._by_method.get(method, [])
            return tuple(rows) if len({row.cls for row in rows}) == 1 else ()
        for name in (cls, *self._names(_BEHIND.get(cls, cls))):
            if (name, method) in self._rows:
                return tuple(self._rows[name, method])
        return ()

    def _names(self, cls: str) -> Iterator[str]:
        """The class and everything above it, the nearest first."""
        waiting, done = [cls], set[str]()
        while waiting:
            name = waiting.pop(0)
            if name not in done:
                done.add(name)
                yield name
                above = self._framework.supers(f"L{name.replace('.', '/')};".encode())
                waiting += [one.decode("utf-8", "replace")[1:-1].replace("/", ".") for one in above]


def of_values(values: tuple[Any, ...] | None) -> Test:
    """Tests the arguments themselves; none were written down where ``values`` is null."""

    def test(predicate: Predicate) -> bool | None:
        if values is None or predicate.argument >= len(values):
            return None
        value = values[predicate.argument]
        if isinstance(value, bool):
            return predicate.meets("1" if value else "0")
        if isinstance(value, (str, int)):
            return None if isinstance(value, str) and value.startswith("<instance:") else predicate.meets(str(value))
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return predicate.meets(" ".join(value))
        return None

    return test


def of_passed(passed: tuple[str | None, ...]) -> Test:
    """Looks at the constant that our agent says an argument passed; it tests every argument that it writes down."""

    def test(predicate: Predicate) -> bool | None:
        if predicate.argument >= len(passed):
            return None
        told = passed[predicate.argument]
        return told is not None and (told == predicate.pattern or predicate.meets(told))

    return test
