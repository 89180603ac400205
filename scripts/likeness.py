"""Learns the marks of SDKs (catalogue/likeness/) from versions of them, and says how well they tell a version left out.

    python scripts/likeness.py FOLDER            write the catalogue's files
    python scripts/likeness.py FOLDER --check    leave each version out in turn, and every library, and print confidences

FOLDER/<sdk id>/<version>.dex are versions of SDKs, FOLDER/background/*.dex (or .apk) is code that is none of them. An
archive of class files becomes DEX with dx (see demo/build.sh); <version>.txt has string literals of a version's
sources, one on each line; <version>+more.dex is a further part of a version. A mark is a string without spaces (with them
where others are few) that classes in the SDK's own packages load and that stands in no string table of the background or
of another SDK. Those in most versions come first, then those of the newest version, one from each class in turn, so that
every part of the SDK has some. Names of classes are no marks, because obfuscators change them, and neither are names in
the namespaces of other vendors, plain words and numbers.
"""

from __future__ import annotations

import argparse
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from pathlib import Path

from mingcha.catalogue.load import HOME, Catalogue, load
from mingcha.collect.likeness import confidence
from mingcha.collect.package import dotted
from mingcha.formats.dex import Dex, text
from mingcha.program.likeness import loaders

MOST, FEW = 400, 40
"""Marks for each SDK; where there are fewer than FEW without spaces, those with spaces count."""
_MARK = re.compile(r"[ -~\u4e00-\u9fff]{8,64}")
_PLATFORM = re.compile(
    r"(?i)L?(android|androidx|java|javax|dalvik|libcore|org/w3c|org\.w3c|kotlin|content://(sms|media|com\.android))[./].*"
)
_EVERYWHERE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\W+|[\d.:,/-]+|[%\w]*%[\w.]*")
"""Single plain words, numbers and formats: rare in our background by chance."""
_KEY = re.compile(r"(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[\w+/=!#$@]{16,}")
"""What may be key material stays with its owner."""
_NAMESPACE = re.compile(r"\b(?:com|cn|org|net|io|me|tv)\.[a-z]\w*\.\w[\w.]*")
"""A name in somebody's namespace: a service, package or action of another vendor is public, and no mark."""
Version = tuple[Path, ...]
"""The files of one version: ``1.9.6.dex`` and ``1.9.6+loader.dex``."""


def images(path: Path) -> Iterator[Dex]:
    """Every DEX image of a file."""
    if path.suffix == ".dex":
        yield Dex(path.read_bytes())
        return
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"classes\d*\.dex", name)]
        yield from (Dex(archive.read(name)) for name in names)


@cache
def table(path: Path) -> frozenset[str]:
    """Every string of the file."""
    if path.suffix == ".txt":
        return frozenset(path.read_text("utf-8").splitlines())
    return frozenset(image.string(n) for image in images(path) for n in range(image.string_count))


@cache
def loaded(path: Path) -> dict[str, frozenset[str]]:
    """The strings that may be marks, by the class that loads them (dotted)."""
    found: dict[str, set[str]] = defaultdict(set)
    if path.suffix == ".txt":
        return {"": frozenset(line for line in path.read_text("utf-8").splitlines() if _is_mark(line, set()))}
    for image in images(path):
        names = {dotted(text(raw)) for raw in image.class_descriptors()}
        strings = [image.string_bytes(n) for n in range(image.string_count)]
        good = [raw for raw in strings if _is_mark(text(raw), names)]
        for descriptor, raw in loaders(image, good):
            found[dotted(text(descriptor))].add(text(raw))
    return {name: frozenset(strings) for name, strings in found.items()}


def _is_mark(string: str, classes: set[str]) -> bool:
    if not _MARK.fullmatch(string) or _PLATFORM.match(string):
        return False
    if _EVERYWHERE.fullmatch(string) or _KEY.fullmatch(string):
        return False
    return string not in classes and string.strip("L;").replace("/", ".") not in classes


def own_names(sdk: str, tables: Catalogue) -> tuple[str, ...]:
    """Starts of the names of an SDK's classes, without packages that another SDK claims too."""
    rows = [(row.id, s.value + ".") for row in tables.sdks.values() for s in row.signatures if s.form == "package"]
    others = {value for name, value in rows if name != sdk}
    return tuple(value for name, value in rows if name == sdk and value not in others)


def learn(sdk: str, versions: list[Version], known: frozenset[str], tables: Catalogue) -> list[str]:
    """The marks of an SDK's own classes (SDKs carry others inside); ``known`` are the strings of everything else."""
    support: Counter[str] = Counter()
    own = []
    names = own_names(sdk, tables)
    known |= {s.value for s in tables.sdks[sdk].signatures}
    for version in versions:
        everyone = [item for path in version for item in loaded(path).items()]
        classes = {
            name: {mark for mark in marks - known if not _of_another(mark, names)}
            for name, marks in everyone
            if not name or name.startswith(names)
        }
        own.append(classes)
        support.update(set().union(*classes.values()))
    enough = 2 if len(versions) > 1 else 1
    ranked = [_in_turn(classes, support, enough) for classes in reversed(own)]
    chosen = list(dict.fromkeys(mark for marks in zip_longest(*ranked) for mark in marks if mark))
    chosen.sort(key=lambda mark: -support[mark])
    plain = [mark for mark in chosen if " " not in mark]
    return sorted(plain[:MOST] if len(plain) >= FEW else chosen[:MOST])


def _of_another(mark: str, names: tuple[str, ...]) -> bool:
    """Whether a string names something in the namespace of others."""
    return any(not (space + ".").startswith(names) for space in _NAMESPACE.findall(mark))


def _in_turn(classes: dict[str, set[str]], support: Counter[str], enough: int) -> list[str]:
    """Marks of one version, one from each class in turn, each class's best first."""
    rows = []
    for name in sorted(classes, key=lambda name: (-len(classes[name]), name)):
        good = [mark for mark in classes[name] if support[mark] >= enough]
        rows.append(sorted(good, key=lambda mark: (-support[mark], -len(mark), mark)))
    return list(dict.fromkeys(mark for turn in zip_longest(*rows) for mark in turn if mark))


def everything(folder: Path) -> dict[str, list[Version]]:
    """SDKs (and ``background``) with their versions, oldest first."""
    found = {}
    for entry in sorted(entry for entry in folder.iterdir() if entry.is_dir()):
        versions: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(entry.iterdir()):
            versions[path.stem.partition("+")[0]].append(path)
        found[entry.name] = [tuple(versions[name]) for name in sorted(versions, key=_version)]
    return found


def _version(name: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", name)]


def known_but(sdk: str, archives: dict[str, list[Version]], left_out: Version = ()) -> frozenset[str]:
    """Strings of everything that is neither the SDK, nor ``left_out``, nor a copy of the SDK inside another."""
    versions = [version for name, group in archives.items() if name != sdk for version in group if version != left_out]
    own = tuple(s.value + "." for s in load().sdks[sdk].signatures if s.form == "package" and s.verified)
    return frozenset().union(*(without(path, own) for version in versions for path in version))


@cache
def without(path: Path, own: tuple[str, ...]) -> frozenset[str]:
    """Every string of the file, but those that only classes of these packages load: SDKs carry others inside."""
    inner = {name: marks for name, marks in loaded(path).items() if name.startswith(own)}
    if not inner:
        return table(path)
    outer = frozenset().union(*(marks for name, marks in loaded(path).items() if name not in inner))
    return table(path) - (frozenset().union(*inner.values()) - outer)


def all_loaded(version: Version) -> set[str]:
    """What all classes of a version load."""
    return {mark for path in version for marks in loaded(path).values() for mark in marks}


def check(archives: dict[str, list[Version]], tables: Catalogue) -> None:
    """Each version told by the others; then, for each SDK, what it seems to show in each archive that is not it."""
    for sdk, versions in archives.items():
        if sdk == "background":
            continue
        known = known_but(sdk, archives)
        for path in versions if len(versions) > 1 else ():
            marks = set(learn(sdk, [v for v in versions if v != path], known, tables))
            found = marks & all_loaded(path)
            print(
                f"{sdk:18} {path[0].stem:16} {len(found):4} of {len(marks):4}  {confidence(len(found), len(marks)):.3f}"
            )
        wrong: Counter[tuple[int, int]] = Counter()
        for other in [path for name, group in archives.items() if name != sdk for path in group]:
            marks = set(learn(sdk, versions, known_but(sdk, archives, other), tables))
            found = marks & all_loaded(other)
            wrong[len(found), len(marks)] += 1
            if confidence(len(found), len(marks)) >= 0.1:
                print(f"    {sdk} in {other[0].parent.name}/{other[0].stem}: {len(found)} of {len(marks)} "
                      f"{confidence(len(found), len(marks)):.3f} {sorted(found)[:6]}")  # fmt: skip
        print(f"    {sdk} elsewhere, marks: archives {sorted((n, c) for (n, _), c in wrong.items())}", flush=True)


def write(archives: dict[str, list[Version]], tables: Catalogue) -> None:
    """Write the catalogue's files."""
    for sdk, versions in archives.items():
        if sdk != "background":
            marks = learn(sdk, versions, known_but(sdk, archives), tables)
            rows = "".join(f"  - {_quoted(mark)}\n" for mark in marks)
            learnt = ", ".join(_quoted(path.stem.partition("+")[0]) for path, *_ in versions)
            head = "# Written by scripts/likeness.py: strings that classes of this SDK load and nothing else we know does.\n"
            (HOME / "likeness" / f"{sdk}.yaml").write_text(
                f"{head}learnt: [{learnt}]\nstrings:\n{rows}", encoding="utf-8"
            )
            print(f"{sdk}: {len(marks)} marks of {len(versions)} versions")


def _quoted(string: str) -> str:
    return "'" + string.replace("'", "''") + "'"


def main() -> None:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    (check if asked.check else write)(everything(asked.folder), load())


if __name__ == "__main__":
    main()
