"""What to survey: folders, archives, single files, lists with evidence and store metadata, and the same at any fsspec address."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from mingcha.errors import UsageError
from mingcha.survey.rows import Item

APPS = (".apk", ".apks", ".xapk", ".apkm")
ARCHIVES = {".zip": "zip", ".tar": "tar", ".tar.gz": "tar", ".tgz": "tar", ".tar.bz2": "tar", ".tar.xz": "tar"}
LISTS = (".csv", ".jsonl", ".ndjson")
_PATHS = ("policy", "runs", "answers")
_KNOWN = frozenset(Item.__struct_fields__)


def items(sources: Iterable[str]) -> list[Item]:
    """Everything the sources name, each name once, in their order; what lies in a folder or archive by name. Raises UsageError."""
    found: dict[str, Item] = {}
    for source in sources:
        for item in _of(source):
            found.setdefault(item.name, item)
    if not found:
        raise UsageError(f"no app in {', '.join(sources)}: files of apps end in {', '.join(APPS)}")
    return list(found.values())


def sampled(every: Iterable[Item], share: float, seed: int) -> list[Item]:
    """A share of the items, chosen by their names alone: the same seed chooses the same ones from a longer list too. Raises UsageError."""
    if not 0 < share <= 1:
        raise UsageError(f"--sample {share:g}: a share above 0 and up to 1, for example 0.01")
    most = int(share * (1 << 64))
    return [one for one in every if chance(seed, one.name) < most]


def chance(seed: int, name: str) -> int:
    """A number below 2⁶⁴ that depends on seed and name alone."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{name}".encode()).digest()[:8], "big")


def _of(source: str) -> Iterator[Item]:
    lower = source.lower()
    if lower.endswith(LISTS):
        yield from _listed(source)
    elif kind := next((kind for end, kind in ARCHIVES.items() if lower.endswith(end)), None):
        yield from (
            Item(name=f"{source}/{inside}", app=f"{kind}://{inside}::{source}") for inside in _inside(kind, source)
        )
    elif lower.endswith(APPS):
        yield Item(name=source, app=source)
    else:
        yield from (Item(name=path, app=path) for path in _below(source))


def _below(source: str) -> list[str]:
    """The apps in a folder or below a prefix, by name."""
    files, root = _opened(source)
    if not files.isdir(root):
        raise UsageError(
            f"{source}: no such folder, and not an app ({', '.join(APPS)}), a list ({', '.join(LISTS)}) or an archive"
        )
    local = "://" not in source
    return sorted(
        str(path) if local else str(files.unstrip_protocol(path)) for path in files.find(root) if _is_app(str(path))
    )


def _inside(kind: str, source: str) -> list[str]:
    """The apps in an archive, by name."""
    files, _ = _opened(f"{kind}://::{source}")
    return sorted(str(path) for path in files.find("") if _is_app(str(path)))


def _opened(source: str) -> tuple[Any, Any]:
    try:
        import fsspec
    except ImportError as error:
        raise UsageError("surveys need more packages: pip install 'mingcha[survey]'") from error
    try:
        return fsspec.core.url_to_fs(source)  # type: ignore[no-any-return]
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"{source}: {str(error).splitlines()[0] if str(error) else type(error).__name__}") from error


def _is_app(path: str) -> bool:
    name = posixpath.basename(path)
    return name.lower().endswith(APPS) and not name.startswith(".")


def _listed(source: str) -> Iterator[Item]:
    """The rows of a list. Raises UsageError, naming the row."""
    files, path = _opened(source)
    try:
        text = files.cat_file(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{source}: {error}") from error
    base = source.rpartition("/")[0]
    for number, row in enumerate(_rows(source, text), 1):
        try:
            yield _item(row, base)
        except (msgspec.ValidationError, ValueError) as error:
            raise UsageError(f"{source}, row {number}: {error}") from error


def _rows(source: str, text: str) -> Iterator[Mapping[str, Any]]:
    if source.lower().endswith(".csv"):
        yield from csv.DictReader(io.StringIO(text))
        return
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        try:
            yield msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise UsageError(f"{source}, row {number}: {error}") from error


def _item(row: Mapping[str, Any], base: str) -> Item:
    """A row as an item; columns it does not know are passed over, empty ones are not there."""
    given = {key: value for key, value in row.items() if key in _KNOWN and value not in (None, "")}
    if "app" not in given:
        raise ValueError("it names no app (column `app`: path or address of its file)")
    for name in ("policy", "runs"):
        if isinstance(given.get(name), str):
            given[name] = [part.strip() for part in given[name].split(";") if part.strip()]
    named = {"name": given["app"], **given, "app": _from(base, given["app"])}
    for name in _PATHS:
        if name in named:
            named[name] = (
                _from(base, named[name]) if isinstance(named[name], str) else [_from(base, one) for one in named[name]]
            )
    return msgspec.convert(named, Item, strict=False)


def _from(base: str, path: str) -> str:
    """A path of a list as seen from here: relative ones begin where the list lies."""
    return path if not base or "://" in path or os.path.isabs(path) else f"{base}/{path}"
