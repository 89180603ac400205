"""Compare our sensitive call sites and permissions with dexdump's and aapt's, app by app.

    python tests/bench/dexdump.py DIR          (needs Debian's dexdump and aapt on the PATH)

For each APK of DIR: every invoke and field read that dexdump prints whose target is a row of the catalogue is expected.
Rows that also test a constant argument cannot be told from dexdump's text alone, so for these the sites are compared
before the test: ours must be among them, and those we ruled out are counted. Prints one line for each app; exit 1 on any
difference.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.calls import tells
from mingcha.inspection import collect_facts, open_case
from mingcha.model.fact import AppDeclared, PermissionDeclared, SensitiveCall
from mingcha.model.sdk import Interface

Site = tuple[str, str, str, int]
"""DEX file, caller, callee, byte."""

_CODE = re.compile(rb"^([0-9a-f]{6,}): [0-9a-f ]+\|[0-9a-f]{4}: (?:invoke-\S+|[is]get\S*) .*?, (L\S+;\.\S+) // ")
_HEAD = re.compile(rb"^    #\d+ +: \(in (L.*;)\)$")
_PART = re.compile(rb"^      (name|type) +: '(.*)'$")


def dexdump_sites(apk: Path, wanted: set[tuple[str, str]]) -> tuple[set[Site], list[str]]:
    """Sites whose target's (class, member) is wanted, and the DEX files that dexdump refuses."""
    found: set[Site] = set()
    refused = []
    with zipfile.ZipFile(apk) as archive, tempfile.TemporaryDirectory() as folder:
        for name in archive.namelist():
            if re.fullmatch(r"classes\d*\.dex", name):
                target = Path(folder, name)
                target.write_bytes(archive.read(name))
                run = subprocess.run(["dexdump", "-d", target], capture_output=True, check=False)
                if run.returncode:
                    refused.append(name)
                found |= {(name, *site) for site in _sites(run.stdout) if _target(site[1]) in wanted}
    return found, refused


def _sites(output: bytes) -> set[tuple[str, str, int]]:
    found = set()
    cls = name = kind = b""
    for line in output.split(b"\n"):
        if head := _HEAD.match(line):
            cls = head.group(1)
        elif part := _PART.match(line):
            name, kind = (part.group(2), kind) if part.group(1) == b"name" else (name, part.group(2))
        elif code := _CODE.match(line):
            target = code.group(2).replace(b";.", b";->", 1)
            target = target.replace(b":(", b"(", 1) if b":(" in target else target
            caller = cls + b"->" + name + kind
            found.add((caller.decode("utf-8", "replace"), target.decode("utf-8", "replace"), int(code.group(1), 16)))
    return found


def _target(callee: str) -> tuple[str, str]:
    cls, _, rest = callee.partition("->")
    return cls, re.split(r"[:(]", rest, maxsplit=1)[0]


def rows_of(tables: Catalogue) -> dict[tuple[str, str], list[Interface]]:
    """The rows that the call collector looks for, by (class, member)."""
    rows: dict[tuple[str, str], list[Interface]] = {}
    for row in tables.interfaces.values():
        if tells(row):
            rows.setdefault((f"L{row.cls.replace('.', '/')};", row.member), []).append(row)
    return rows


def _expected(site: Site, rows: dict[tuple[str, str], list[Interface]]) -> str:
    """ "must" when a row without argument test has the site's shape, "may" when only rows with one do, else ""."""
    callee = site[2]
    shaped = [
        r for r in rows.get(_target(callee), ()) if r.field or r.descriptor in (None, "(" + callee.partition("(")[2])
    ]
    return "must" if any(not row.when for row in shaped) else "may" if shaped else ""


def compare(apk: Path, tables: Catalogue) -> bool:
    """Print one line for the app; True when nothing differs."""
    facts = collect_facts(open_case([apk]), tables, strict=True)
    rows = rows_of(tables)
    theirs, refused = dexdump_sites(apk, set(rows))
    ours = {
        (f.place.path, f.caller, f.callee, f.place.at or 0)
        for f in facts.facts
        if isinstance(f, SensitiveCall) and "!/" not in f.place.path and f.place.path.startswith("classes")
    }
    extra = ours - theirs
    missing = {site for site in theirs - ours if _expected(site, rows) == "must"}
    ruled_out = sum(_expected(site, rows) == "may" for site in theirs - ours)
    same = _permissions_differ(apk, facts.facts)
    print(f"{apk.name:32} sites {len(ours):5} extra {len(extra)} missing {len(missing)} "
          f"ruled out by an argument {ruled_out:5} dexdump refused {len(refused)} permissions differ {len(same)}")  # fmt: skip
    for site in [*sorted(extra)[:3], *sorted(missing)[:3], *sorted(same)[:3]]:
        print("   ", site)
    return not (extra or missing or same)


def _permissions_differ(apk: Path, facts: tuple[object, ...]) -> set[str]:
    run = subprocess.run(["aapt", "dump", "permissions", apk], capture_output=True, text=True, check=False)
    if run.returncode or not any(isinstance(fact, AppDeclared) for fact in facts):
        return set()
    theirs = set(re.findall(r"^uses-permission(?:-sdk-23)?: name='([^']*)'", run.stdout, re.MULTILINE))
    return theirs ^ {fact.permission for fact in facts if isinstance(fact, PermissionDeclared)}


def main(folder: str) -> int:
    tables = load()
    results = [compare(apk, tables) for apk in sorted(Path(folder).glob("*.apk"))]
    print(f"{sum(results)} of {len(results)} apps without any difference")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
