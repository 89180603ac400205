"""What to survey: folders, archives, single files, lists with evidence and store metadata, and the same at any fsspec address."""

from __future__ import annotations

import csv
import hashlib
import io
import lzma
import os
import posixpath
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from mingcha.errors import UsageError
from mingcha.survey.rows import Item

APPS = (".apk", ".apks", ".xapk", ".apkm")
ARCHIVES = {".zip": "zip", ".tar": "tar", ".tar.gz": "tar", ".tgz": "tar", ".tar.bz2": "tar", ".tar.xz": "tar"}
LISTS = (".csv", ".jsonl", ".ndjson")
Tell = Callable[[str], object]
_NEEDED = "a list needs a first row with the column `app`, and below it one row for each app, cells parted by commas"
_LARGEST = (1 << 63) - 1
"""What fits the dataset's column."""
_NUMBERS = {
    "type": (39, "a number from 1 to 39, or 0 where none fits; `mingcha catalogue list types` shows them"),
    "downloads": (_LARGEST, f"digits alone, from 0 to {_LARGEST}, for example 1000000"),
}
_WHOLE = re.compile(r"[+-]?\d{1,40}(\.0*)?")
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error, lzma.LZMAError)
_SHOWN = 20


def items(sources: Iterable[str], tell: Tell = bool) -> list[Item]:
    """Everything the sources name, each once, in their order; what lies in a folder or archive by name. Raises UsageError.

    Different apps of one name are told apart by their paths: stores have many of them. ``tell`` is told in one line for each list what of
    it is passed over.
    """
    found: dict[str, list[Item]] = {}
    for source in sources:
        for item in _of(source, tell):
            same = found.setdefault(item.name, [])
            if item not in same:
                same.append(item)
    if not found:
        raise UsageError(f"no app in {', '.join(sources)}: files of apps end in {', '.join(APPS)}")
    return [item for name, same in found.items() for item in _apart(name, same)]


def _apart(name: str, same: list[Item]) -> list[Item]:
    """Items of one name, each under its own. Raises UsageError where the same app is listed with different things beside it."""
    if len(same) == 1:
        return same
    if len({one.app for one in same}) < len(same):
        raise UsageError(f"{name}: the same app is listed twice with different things beside it; list it once")
    return [msgspec.structs.replace(one, name=f"{name} ({readable(one.app)})") for one in same]


def readable(path: str) -> str:
    """A path as it may be printed and kept: file names that are not UTF-8, as GBK's from a ZIP, have what is not spelt out."""
    return path.encode("utf-8", "backslashreplace").decode()


def sampled(every: Iterable[Item], share: float, seed: int) -> list[Item]:
    """A share of the items, chosen by their names alone: the same seed chooses the same ones from a longer list too. Raises UsageError."""
    if not 0 < share <= 1:
        raise UsageError(f"--sample {share:g}: a share above 0 and up to 1, for example 0.01")
    most = int(share * (1 << 64))
    return [one for one in every if chance(seed, one.name) < most]


def chance(seed: int, name: str) -> int:
    """A number below 2⁶⁴ that depends on seed and name alone."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{name}".encode()).digest()[:8], "big")


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever a file system stumbles over while it reads, told in one line under this name. Raises UsageError."""
    try:
        yield
    except (UsageError, MemoryError):
        raise
    except Exception as error:
        # fsspec's file systems raise what they like: aiohttp's and botocore's errors have no base in common with ours
        raise UsageError(f"{readable(name)}: {readable(_why(error))}") from error


def _why(error: Exception) -> str:
    first = next(iter(str(getattr(error, "strerror", None) or error).splitlines()), "")
    if isinstance(error, ImportError):
        missing = error.name or getattr(error.__cause__, "name", None) or "it needs"
        return f"the package {missing} is missing ({first})"
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, _BROKEN):
        return f"broken archive: {first or type(error).__name__}"
    return first if isinstance(error, (OSError, ValueError)) and first else f"{type(error).__name__}: {first}"


def _of(source: str, tell: Tell) -> Iterator[Item]:
    lower = source.lower()
    if lower.endswith(LISTS):
        yield from _listed(source, tell)
    elif kind := next((kind for end, kind in ARCHIVES.items() if lower.endswith(end)), None):
        yield from (
            Item(name=readable(f"{source}/{inside}"), app=f"{kind}://{inside}::{source}")
            for inside in _inside(kind, source)
        )
    elif lower.endswith(APPS):
        yield Item(name=readable(source), app=source)
    else:
        yield from (Item(name=readable(path), app=path) for path in _below(source))


def _below(source: str) -> list[str]:
    """The apps in a folder or below a prefix, by name."""
    local = "://" not in source
    with reading(source):
        files, root = opened(source)
        if not files.isdir(root):
            raise UsageError(
                f"{source}: no such folder, and not an app ({', '.join(APPS)}), a list ({', '.join(LISTS)}) or an archive"
            )
        found = [path for path in map(str, files.find(root)) if _is_app(path)]
        return sorted(path if local else str(files.unstrip_protocol(path)) for path in found)


def _inside(kind: str, source: str) -> list[str]:
    """The apps in an archive, by name."""
    with reading(source):
        files, _ = opened(f"{kind}://::{source}")
        if kind == "tar":
            _ends(files.tar)
        return sorted(path for path in map(str, files.find("")) if _is_app(path))


def _ends(tar: tarfile.TarFile) -> None:
    """Raises TarError where it has no end: Python takes one that was cut for a shorter one."""
    if tar.fileobj is None:
        return
    tar.fileobj.seek(tar.offset)
    if tar.fileobj.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
        raise tarfile.ReadError("its end is missing")


def opened(source: str) -> tuple[Any, Any]:
    """The file system of an address, and its path there. Raises UsageError without fsspec, else whatever the file system does."""
    try:
        import fsspec
    except ImportError as error:
        raise UsageError("surveys need more packages: pip install 'mingcha[survey]'") from error
    packed: dict[str, Any] = (
        {"tar": {"compression": "gzip"}} if source.lower().endswith(".tgz") else {}
    )  # fsspec knows .gz
    return fsspec.core.url_to_fs(source, **packed)  # type: ignore[no-any-return]


def _is_app(path: str) -> bool:
    name = posixpath.basename(path)
    return name.lower().endswith(APPS) and not name.startswith(".")


# --- lists -------------------------------------------------------------------------------------------------------------------


def _listed(source: str, tell: Tell) -> Iterator[Item]:
    """The rows of a list. Raises UsageError, naming the row."""
    rows = _table if source.lower().endswith(".csv") else _lines
    base, count, passed = source[: source.rfind("/") + 1], 0, dict[str, None]()
    for where, row in rows(source, _text(source)):
        count += 1
        passed.update((name or "(no name)", None) for name in row.keys() - _KNOWN if not _empty(row[name]))
        try:
            yield _item(row, base)
        except ValueError as error:
            raise UsageError(f"{source}, {where}: {error}") from error
    if not count:
        raise UsageError(f"{source}: no app in it; {_NEEDED}" if rows is _table else f"{source}: empty; {_FIELD}")
    if passed:
        tell(f"{source}: columns passed over: {_few(sorted(passed))}")


def _text(source: str) -> str:
    """What a list holds. Raises UsageError."""
    with reading(source):
        files, path = opened(source)
        data: bytes = files.cat_file(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{source}: not UTF-8; save it as UTF-8 (in Excel: CSV UTF-8)") from error


def _table(source: str, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of a CSV by the names in its first one, each with where it stands. Raises UsageError."""
    records = _records(source, text)
    _, head = next(records, (0, []))
    if not head:
        raise UsageError(f"{source}: empty; {_NEEDED}")
    if "app" not in head:
        raise UsageError(f"{source}: its first row names no app column but {_few(head)}; {_NEEDED}")
    if twice := [name for name in _KNOWN if head.count(name) > 1]:
        raise UsageError(f"{source}: the column {twice[0]} is there twice")
    for number, (line, cells) in enumerate(records, 1):
        where = f"row {number} (line {line})"
        if any(cells[len(head) :]):
            raise UsageError(f"{source}, {where}: more cells than columns; a cell that holds a comma needs quotes")
        yield where, dict(zip(head, cells, strict=False))


def _records(source: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV, each with the line it begins at; empty ones are passed over. Raises UsageError."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise UsageError(f'{source}, line {line}: {error}; is a quote (") left open?') from error
        if any(cells):
            yield line, cells


def _lines(source: str, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of JSON lines, each with where it stands. Raises UsageError."""
    full = ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
    for row, (number, line) in enumerate(full, 1):
        where = f"row {row} (line {number})"
        try:
            yield where, msgspec.json.decode(line, type=dict[str, Any])
        except (msgspec.MsgspecError, RecursionError) as error:
            raise UsageError(f"{source}, {where}: {error}") from error


def _item(row: Mapping[str, Any], base: str) -> Item:
    """A row as an item; columns it does not know are passed over, empty ones are not there. Raises ValueError, naming the column."""
    given = {name: _READ[name](name, row[name], base) for name in _KNOWN if not _empty(row.get(name))}
    if "app" not in given:
        raise ValueError("it names no app (column `app`: path or address of its file)")
    return Item(**{"name": given["app"], **given})


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _word(name: str, value: Any, _: str) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"{name} {_shown(value)}: text is needed")


def _path(name: str, value: Any, base: str) -> str:
    return _from(base, _word(name, value, base))


def _paths(name: str, value: Any, base: str) -> tuple[str, ...]:
    """Several in one text, or a list of them."""
    several = value.split(";") if isinstance(value, str) else value
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise ValueError(f"{name} {_shown(value)}: text is needed, or a list of texts")
    return tuple(_from(base, one.strip()) for one in several if one.strip())


def _number(name: str, value: Any, _: str) -> int:
    """A whole number; programs that make lists write 38 as 38.0 too."""
    most, needed = _NUMBERS[name]
    text = str(value).strip()
    number = int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else -1
    if not 0 <= number <= most:
        raise ValueError(f"{name} {_shown(value)}: {needed}")
    return number


def _from(base: str, path: str) -> str:
    """A path of a list as seen from here: relative ones begin where the list lies."""
    return path if "://" in path or os.path.isabs(path) else f"{base}{path}"


def _shown(value: object) -> str:
    """A value as a person recognises it, on one line."""
    text = str(value)
    return repr(text if len(text) <= _SHOWN * 2 else f"{text[: _SHOWN * 2]}…")


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(" ".join(name.split())[: _SHOWN * 2] for name in names[:_SHOWN]) + more


_FIELD = 'each line is one JSON object with the field `app`, for example {"app": "a.apk"}'
_READ: dict[str, Callable[[str, Any, str], Any]] = {
    **dict.fromkeys(("name", "category", "developer", "store"), _word),
    **dict.fromkeys(("app", "answers"), _path),
    **dict.fromkeys(("policy", "runs"), _paths),
    **dict.fromkeys(_NUMBERS, _number),
}
_KNOWN = frozenset(Item.__struct_fields__)
