"""An APK or split set opened once for all collectors: its archives, manifest, resources and code.

Everything is read on first use. What cannot be read raises FormatError to the collector that asked, and code that cannot
be read is listed in ``broken_code``, for which the protection collector answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from mmap import mmap
from typing import Any, Literal, TypeVar, cast

from mingcha.errors import FormatError, LimitError
from mingcha.formats import arsc, axml, dex, sniff
from mingcha.formats.hosts import find_hosts
from mingcha.formats.zipped import Archive, Member
from mingcha.model.artefact import Artefact, Place, clip

T = TypeVar("T")
Follow = Literal["values", "deep", "implicit", "nothing"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one case may ask of us, in bytes and counts."""

    member: int = 128 << 20
    code: int = 256 << 20
    nested: int = 64 << 20
    hidden_files: int = 64
    parts: int = 512 << 20
    findings: int = 20_000
    names: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One APK of the set: ``path`` leads to it ("" for the file itself, "base.apk!/" inside a set)."""

    path: str
    archive: Archive
    data: bytes | mmap


@dataclass(frozen=True, slots=True)
class Code:
    """One DEX image, where it lies, and whether Android loads it by itself (``main``) or the app must."""

    path: str
    dex: dex.Dex
    main: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """A member that should hold code and could not be read; ``too_big`` when a limit of ours was the reason."""

    path: str
    why: str
    too_big: bool = False


class Package:
    """The app of one artefact. Raises FormatError when the file is no ZIP at all."""

    def __init__(
        self,
        artefact: Artefact,
        data: bytes | mmap,
        limits: Limits | None = None,
        *,
        companions: tuple[tuple[Artefact, bytes | mmap], ...] = (),
        follow: Follow = "values",
    ) -> None:
        self.artefact = artefact
        self.limits = limits or Limits()
        self.others = companions
        """Other apps that this one talks to, opened when code is followed into them."""
        self.follow = follow
        """What is followed through the code: information (``deep``: at any cost), also what it decides, or nothing."""
        self.broken_code: list[Broken] = []
        self._room = self.limits.code
        self._made: dict[str, Any] = {}
        self.parts = tuple(self._parts(data))

    def _parts(self, data: bytes | mmap) -> Iterator[Part]:
        archive = Archive(data)
        if sniff.kind_of(b"", archive.names()) != "apk set":
            yield Part("", archive, data)
            return
        room = self.limits.parts
        for name in archive.names():
            if name.endswith(".apk"):
                inner = archive.read(name, self.limits.member)
                room -= len(inner)
                if room < 0:
                    raise LimitError(f"a split set of more than {self.limits.parts} bytes")
                yield Part(name + "!/", Archive(inner), inner)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` returns, made once under this name: several collectors need the same reading."""
        if name not in self._made:
            self._made[name] = make()
        return cast("T", self._made[name])

    def bounded(self, items: Iterable[T], what: str) -> Iterator[T]:
        """The items as they are. Raises LimitError when there are more than any app has."""
        for number, item in enumerate(items):
            if number >= self.limits.findings:
                raise LimitError(f"more than {self.limits.findings} {what}")
            yield item

    def place(self, path: str, at: int | None, quote: str = "") -> Place:
        """A place in this artefact."""
        return Place(sha256=self.artefact.sha256, path=path, at=at, quote=clip(quote))

    @cached_property
    def base(self) -> Part:
        """The part whose manifest is the app's own (not that of a configuration split)."""
        for part in self.parts:
            if part.archive.get("AndroidManifest.xml") and not self._is_split(part):
                return part
        return self.parts[0]

    def _is_split(self, part: Part) -> bool:
        """Whether the manifest names a split; one that cannot be read says nothing."""
        try:
            return self._manifest_of(part).attribute("split") is not None
        except FormatError:
            return False

    def _manifest_of(self, part: Part) -> axml.Element:
        """Read once: finding the base looks into it, and then everybody does. Raises FormatError."""
        name = "AndroidManifest.xml"
        return self.once(part.path + name, lambda: axml.parse(part.archive.read(name, self.limits.member)))

    @cached_property
    def manifest(self) -> axml.Element:
        """The app's manifest. Raises FormatError."""
        root = self._manifest_of(self.base)
        if root.name != "manifest":
            raise FormatError(f"the manifest's root is <{root.name}>")
        return root

    @cached_property
    def resources(self) -> arsc.Resources | None:
        """The app's resource table, or None if it has none. Raises FormatError."""
        archive = self.base.archive
        return arsc.parse(archive.read("resources.arsc", self.limits.member)) if archive.get("resources.arsc") else None

    @cached_property
    def package_name(self) -> str | None:
        """The package, or None where the manifest cannot tell."""
        try:
            name = self.manifest.attr("package")
        except FormatError:
            return None
        return name if isinstance(name, str) and name else None

    def class_name(self, name: str) -> str:
        """A class as a manifest names it, in full: ``.Main`` and ``Main`` lie in the app's package."""
        if name.startswith("."):
            return (self.package_name or "") + name
        return name if "." in name else f"{self.package_name or ''}.{name}"

    def text(self, value: object, language: str | None = None) -> str | None:
        """A manifest value as text, resource references followed."""
        if isinstance(value, axml.Reference):
            try:
                found = self.resources.value(value.id, language) if self.resources else None
            except FormatError:
                return None
            return found if isinstance(found, str) else None
        return value if isinstance(value, str) else None

    @cached_property
    def hosts(self) -> dict[str, tuple[str, int]]:
        """Host names written in code and resources: member and byte of the first one. One more than the limit at most."""
        found: dict[str, tuple[str, int]] = {}
        for path, at, host in self._host_names():
            found.setdefault(host, (path, at))
            if len(found) > self.limits.findings:
                break
        return found

    def _host_names(self) -> Iterator[tuple[str, int, str]]:
        for path, data, start, end in self.strings:
            yield from ((path, at, host) for at, host in find_hosts(data, start, end))
        for part in self.parts:
            if part.archive.get("resources.arsc"):
                path, data = part.path + "resources.arsc", part.archive.read("resources.arsc", self.limits.member)
                yield from ((path, at, host) for at, host in find_hosts(data))

    # --- code ----------------------------------------------------------------------------------------------------

    @cached_property
    def code(self) -> tuple[Code, ...]:
        """Every DEX image that could be read, in the order Android loads them, then those the app carries elsewhere."""
        return tuple(self._code())

    @cached_property
    def classes(self) -> dict[str, str]:
        """Dotted names of all classes defined in the app, each with the member it was first seen in."""
        found: dict[str, str] = {}
        for code in self.code:
            for descriptor in code.dex.class_descriptors():
                found.setdefault(dotted(descriptor.decode("utf-8", "replace")), code.path)
        return found

    @cached_property
    def strings(self) -> list[tuple[str, bytes, int, int]]:
        """Where the strings of the code lie: member, its bytes, first and end byte; images of one container share them."""
        found: dict[str, tuple[str, bytes, int, int]] = {}
        for code in self.code:
            start, end = code.dex.string_span
            _, data, low, high = found.get(code.path, (code.path, code.dex.data, start, end))
            found[code.path] = code.path, data, min(low, start), max(high, end)
        return list(found.values())

    def _code(self) -> Iterator[Code]:
        for part in self.parts:
            for member in part.archive.members:
                if _is_main(member.name):
                    yield from self._read_code(part, member, self._room, main=True)
        for part, member in self._hidden():
            yield from self._read_code(part, member, min(self._room, self.limits.nested), main=False)

    def _read_code(self, part: Part, member: Member, room: int, *, main: bool) -> Iterator[Code]:
        path = part.path + member.name
        if member.size > room:
            self.broken_code.append(Broken(path, f"{member.size} bytes", too_big=True))
            return
        try:
            data = part.archive.read(member, room)
            self._room -= len(data)
            if data[:4] == b"PK\x03\x04":
                yield from self._nested(path, data)
                return
            for image in dex.images(data):
                image.methods.ids.size, image.class_descriptors()  # now, so that a broken table is told here
                yield Code(path, image, main)
        except FormatError as error:
            self.broken_code.append(Broken(path, str(error)))

    def _nested(self, path: str, data: bytes) -> Iterator[Code]:
        inner = Part(path + "!/", Archive(data), data)
        for member in inner.archive.members:
            if _is_main(member.name):
                yield from self._read_code(inner, member, min(self._room, self.limits.nested), main=False)

    def _hidden(self) -> Iterator[tuple[Part, Member]]:
        """Members outside the usual place that are DEX, or archives that hold one."""
        found = 0
        for part in self.parts:
            for member in part.archive.members:
                if member.size < 0x70 or not _may_hide_code(member.name) or found >= self.limits.hidden_files:
                    continue
                try:
                    head = part.archive.head(member, 4)
                except FormatError:
                    continue
                if head == b"dex\n" or (
                    head == b"PK\x03\x04" and member.name.endswith((".jar", ".apk", ".zip", ".dex"))
                ):
                    found += 1
                    yield part, member


def dotted(descriptor: str) -> str:
    """``Lcom/example/Thing;`` as ``com.example.Thing``."""
    return descriptor[1:-1].replace("/", ".") if descriptor.startswith("L") else descriptor


def _is_main(name: str) -> bool:
    return name.startswith("classes") and name.endswith(".dex") and (name[7:-4] == "" or name[7:-4].isdigit())


def _may_hide_code(name: str) -> bool:
    if _is_main(name):
        return False
    return name.startswith(("assets/", "res/raw/")) or "/" not in name or name.endswith((".dex", ".jar"))
