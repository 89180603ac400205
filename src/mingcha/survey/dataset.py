"""The dataset: a folder or an address that only ever grows.

    dataset.json                    how everything in it is examined
    spool/<two digits>/<key>.z      one examined app, not yet packed: written whole by the worker that examined it
    tables/<table>/<number>.parquet the packed rows
    parts/<number>.json             says which files are packed and which keys are in them; a pack exists once this is written
    judgements/<number>.json        the same for verdicts that were judged again later
    verdicts/<judgement>/…          their files

Nothing is rewritten or removed but a spooled app once it is packed. Two machines may write at once: a key's bytes are the same wherever
they are made, a spooled file appears whole, and only one machine packs (the one that runs the survey).
"""

from __future__ import annotations

import os
import posixpath
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec

from mingcha.errors import RecordError, UsageError
from mingcha.survey.rows import Plan, Record

FORMAT = 1
_HEAD = "dataset.json"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first file of a dataset."""

    format: int
    plan: Plan


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One pack: its number, the run that made it, its file for each table, the keys of the apps in it."""

    number: int
    run: int
    files: dict[str, str]
    keys: tuple[str, ...] = ()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Verdicts judged again: by which rules and catalogue, and the file for each part's number."""

    number: int
    rules: tuple[str, ...]
    catalogue: str
    verdicts: dict[int, str]
    traces: dict[int, str]


class Dataset:
    """One dataset, by its path or address. Raises UsageError for an address that no installed package can read."""

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = url
        try:
            self.files, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{url}: {error}") from error
        self.root = str(root)
        self.local = "file" in (
            self.files.protocol if isinstance(self.files.protocol, tuple) else (self.files.protocol,)
        )

    def path(self, *names: str) -> str:
        """A file of the dataset as its file system names it."""
        return posixpath.join(self.root, *names)

    def exists(self, *names: str) -> bool:
        """Whether a file is there."""
        return bool(self.files.exists(self.path(*names)))

    def read(self, *names: str) -> bytes:
        """A file's bytes. Raises UsageError where it is not there."""
        try:
            return bytes(self.files.cat_file(self.path(*names)))
        except OSError as error:
            raise UsageError(f"{self.path(*names)}: {error.strerror or error}") from error

    def write(self, data: bytes, *names: str) -> None:
        """A file that appears whole or not at all. Raises UsageError."""
        path = self.path(*names)
        try:
            if not self.local:
                self.files.pipe_file(path, data)
                return
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(f"{path}.{os.getpid()}~", "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(file.name, path)
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror or error}") from error

    def listed(self, *names: str) -> list[str]:
        """The files of a folder by name, sorted; none where it is not there."""
        try:
            found = self.files.ls(self.path(*names), detail=False)
        except FileNotFoundError:
            return []
        return sorted(name for one in found if not (name := posixpath.basename(str(one))).endswith("~"))

    # --- what it holds ---------------------------------------------------------------------------------------------------

    @cached_property
    def plan(self) -> Plan:
        """How it is examined. Raises UsageError where there is no dataset, RecordError where it cannot be read."""
        if not self.exists(_HEAD):
            raise UsageError(
                f"{self.url}: no dataset ({_HEAD} is missing); make one with `mingcha survey run … -o {self.url}`"
            )
        head: Head = self.decoded(Head, _HEAD)
        if head.format > FORMAT:
            raise RecordError(
                f"{self.url}: format {head.format} is newer than this Mingcha reads ({FORMAT}): update Mingcha"
            )
        return head.plan

    def begin(self, plan: Plan) -> None:
        """Make it, or go on with it. Raises UsageError where it was examined in another way."""
        if not self.exists(_HEAD):
            self.write(msgspec.json.encode(Head(format=FORMAT, plan=plan)), _HEAD)
        kept = self.plan
        if kept.flows != plan.flows:
            raise UsageError(
                f"{self.url} was made with --flows {_told(kept.flows)}, not {_told(plan.flows)}: take another folder"
            )
        if kept.rules != plan.rules:
            raise UsageError(
                f"{self.url} was made with --rules {','.join(kept.rules)}, not {','.join(plan.rules)}: take another folder, or"
                " judge it again with `mingcha survey judge`"
            )

    def decoded(self, shape: type[Any], *names: str) -> Any:
        """A JSON file of the dataset. Raises RecordError."""
        try:
            return msgspec.json.decode(self.read(*names), type=shape)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise RecordError(f"{self.path(*names)}: {error}") from error

    def parts(self, after: int = 0) -> Iterator[Part]:
        """The packs, oldest first."""
        for number in self.numbers("parts"):
            if number > after:
                yield self.decoded(Part, "parts", f"{number:06d}.json")

    def judgements(self) -> list[Judgement]:
        """What was judged again, oldest first."""
        return [self.decoded(Judgement, "judgements", name) for name in self.listed("judgements")]

    def next_number(self, folder: str) -> int:
        """The number of the next run or part: one more than the last in its folder."""
        return 1 + max(self.numbers(folder), default=0)

    def numbers(self, folder: str) -> list[int]:
        """The numbers that files, or folders, of a folder are named by, ascending."""
        return sorted(int(name.removesuffix(".json")) for name in self.listed(folder))

    # --- the spool -------------------------------------------------------------------------------------------------------

    def spool(self, record: Record) -> None:
        """Leave one examined app for packing."""
        key = record.app.key
        self.write(zlib.compress(msgspec.json.encode(record), 1), "spool", key[:2], f"{key}.z")

    def spooled(self) -> Iterator[str]:
        """The keys not yet packed."""
        for folder in self.listed("spool"):
            yield from (name.removesuffix(".z") for name in self.listed("spool", folder) if name.endswith(".z"))

    def unspooled(self, keys: Sequence[str]) -> Iterator[Record]:
        """Their rows."""
        for key in keys:
            try:
                yield msgspec.json.decode(zlib.decompress(self.read("spool", key[:2], f"{key}.z")), type=Record)
            except (zlib.error, msgspec.DecodeError, msgspec.ValidationError) as error:
                raise RecordError(
                    f"spool/{key[:2]}/{key}.z: {error}; remove it, and the app is examined again"
                ) from error

    def forget(self, keys: Sequence[str]) -> None:
        """Remove packed apps from the spool."""
        for key in keys:
            self.files.rm_file(self.path("spool", key[:2], f"{key}.z"))


def _told(flows: str) -> str:
    """The word of the option."""
    return "none" if flows == "nothing" else flows


class Known:
    """Which keys a dataset has, packed or not; each part's list of keys is read once."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset, self._last, self._keys = dataset, 0, set[bytes]()

    def __contains__(self, key: str) -> bool:
        """Whether the key was examined, here or on another machine, up to now."""
        if self.packed(key) or self._dataset.exists("spool", key[:2], f"{key}.z"):
            return True
        self.refresh()
        return self.packed(key)

    def packed(self, key: str) -> bool:
        """Whether it was in a part when the parts were last looked at."""
        return bytes.fromhex(key[:32]) in self._keys

    def refresh(self) -> None:
        """Look for parts that are new."""
        for part in self._dataset.parts(self._last):
            self._last = part.number
            self._keys.update(bytes.fromhex(one[:32]) for one in part.keys)
