"""SDKs told in apps whose classes were all renamed: precision and recall, and what is seen where nothing is.

    python -m tests.bench.renamed DIR [--apps NAME ...] [--plain DIR ...]

DIR holds the demo apps (index.csv of our corpus says where each comes from). Truth is what their own class names show
before renaming. Each app is renamed in two ways: every package under a short name of its own, and all classes in one
package; manifest and layouts follow. Below each line stands, class by class, how often an owner that was told is the one
the old name tells, how often the old name tells another (an SDK, a library, the app), and how often it tells nobody
(names that the vendor had obfuscated already, packages that the catalogue does not list). ``--plain`` folders hold apps as they are: nothing may be told by likeness alone in them unless by name it is there.
The marks were learnt (scripts/likeness.py) from the versions that each file of catalogue/likeness/ names, none of which
is the version in these apps. The last line is ``precision 0.xx recall 0.xx`` over the five demos and both ways.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from pathlib import Path

import msgspec

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.likeness import SURE, matches, renamed_owners
from mingcha.collect.owners import Owners
from mingcha.collect.package import Package, dotted
from mingcha.collect.sdks import inside
from mingcha.model.artefact import Artefact
from tests.build.renamer import defined, dexes, flattened, renamed_app

DEMOS = ("gdtuniondemo", "xgdemo", "androidproject", "pushdemo", "oaid-demo")
OTHERS = (
    "bugly-hotfix",
    "bugly-upgrade",
    "bugly-tinker-1.9.14",
    "baidumaps",
    "taobaoke",
    "yosemite",
    "superads",
    "instapaper",
)
"""More apps with SDKs, printed and not counted."""


def opened(data: bytes) -> Package:
    artefact = Artefact(sha256=hashlib.sha256(data).hexdigest(), kind="apk", name="app.apk", size=len(data))
    return Package(artefact, data)


def told(package: Package, tables: Catalogue) -> tuple[set[str], set[str]]:
    """SDKs stated as present, and as possible."""
    facts = inside(package, tables)
    return {f.sdk for f in facts if not f.possible}, {f.sdk for f in facts if f.possible}


def measured(apk: bytes, tables: Catalogue, *, one_package: bool) -> tuple[str, Counter[str]]:
    """A line to print, and counts: right, wrong, missed SDKs; right, wrong, all owned classes."""
    before, by_name = opened(apk), msgspec.structs.replace(tables, likeness={})
    truth, _ = told(before, by_name)
    owners = Owners(by_name, before)
    plan = flattened(defined(data for _, data in dexes(apk)), seed=1, one_package=one_package)
    after = opened(renamed_app(apk, plan))
    found, possible = told(after, tables)
    whose = {dotted(new): owners.of_descriptor(old) for old, new in plan.items()}
    claimed = {name: owner for name, owner in renamed_owners(after, tables).items() if name in whose}  # not in plug-ins
    right = sum(whose[name] == sdk for name, (sdk, _) in claimed.items())
    back = {dotted(new): dotted(old) for old, new in plan.items()}
    libraries = tuple(prefix + "." for prefix in tables.libraries)
    nobody = sum(whose[name] is None and not back[name].startswith(libraries) for name in claimed)
    alike = {match.sdk for match in matches(after, tables) if match.confidence >= SURE}
    counts = Counter(
        alike_right=len(alike & truth), alike_wrong=len(alike - truth),
        right=len(found & truth), wrong=len(found - truth), missed=len(truth - found),
        classes_right=right, classes_nobody=nobody, classes_wrong=len(claimed) - right - nobody,
        classes=sum(owner in truth for owner in whose.values()),
    )  # fmt: skip
    sure = {f.sdk: f.confidence for f in inside(after, tables) if not f.possible}
    line = ", ".join(f"{sdk} {sure[sdk] or 'by signs'}" for sdk in sorted(found)) or "nothing"
    line += f"; missed {', '.join(sorted(truth - found)) or 'nothing'}; wrong {', '.join(sorted(found - truth)) or 'nothing'}"
    return line + (f"; possible {', '.join(sorted(possible))}" if possible else ""), counts


def ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def summary(counts: Counter[str]) -> str:
    right, wrong, missed = (counts[name] for name in ("right", "wrong", "missed"))
    return f"precision {ratio(right, right + wrong):.2f} recall {ratio(right, right + missed):.2f}"


def over(folder: Path, names: tuple[str, ...], tables: Catalogue) -> Counter[str]:
    """Counts over apps and both ways, printed one by one."""
    total: Counter[str] = Counter()
    for name in names:
        path = folder / f"{name}.apk"
        for one_package in (False, True) if path.exists() else ():
            line, counts = measured(path.read_bytes(), tables, one_package=one_package)
            way = "one package" if one_package else "packages   "
            owned = ", ".join(f"{counts[f'classes_{word}']} {word}" for word in ("right", "wrong", "nobody"))
            print(f"{name:22} {way}  {line}\n{'':36}classes of {counts['classes']}: {owned}", flush=True)
            total += counts
    right, wrong, classes = (total[name] for name in ("classes_right", "classes_wrong", "classes"))
    print(f"   classes: precision {ratio(right, right + wrong):.3f} recall {ratio(right, classes):.2f}; "
          f"{total['classes_nobody']} more whose old name tells nobody")  # fmt: skip
    alone = total["alike_right"]
    print(f"   by likeness alone: precision {ratio(alone, alone + total['alike_wrong']):.2f} "
          f"recall {ratio(alone, total['right'] + total['missed']):.2f}")  # fmt: skip
    return total


def plain(folder: Path, tables: Catalogue) -> int:
    """Prints what is told by likeness in apps as they are; gives how many SDKs that names do not show."""
    apps = sorted(folder.rglob("*.apk"))
    wrong = possible = 0
    for path in apps:
        for fact in inside(opened(path.read_bytes()), tables):
            if fact.confidence is not None:
                wrong += not fact.possible
                possible += fact.possible
                print(f"   {path.name}: {fact.sdk} {fact.confidence} possible={fact.possible}")
    print(f"{folder}: {len(apps)} apps as they are, {wrong} SDKs stated by likeness alone, {possible} possible")
    return wrong


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--apps", nargs="*", default=OTHERS, help="further apps to print, without .apk")
    options.add_argument("--plain", nargs="*", type=Path, default=[])
    asked = options.parse_args()
    tables = load()
    for row in tables.likeness.values():
        print(f"{row.id}: {len(row.strings)} marks, learnt from {', '.join(row.learnt)}")
    stated = sum(plain(folder, tables) for folder in asked.plain)
    if asked.apps:
        print("\nmore apps, not counted")
        print("   " + summary(over(asked.folder, tuple(asked.apps), tables)))
    print("\nthe five demos")
    total = over(asked.folder, DEMOS, tables)
    print(summary(total))
    return 1 if stated or total["wrong"] > 0.05 * (total["right"] + total["wrong"]) else 0


if __name__ == "__main__":
    sys.exit(main())
