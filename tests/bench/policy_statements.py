"""Measure the statements read from policies: `python -m tests.bench.policy_statements --policies DIR… --capp130 DIR --texts FILE [--misses dev]`.

The labels are those of tests/accuracy/statements; the policies and the sentences in full stand outside the repository. Each policy is
read whole, and what was stated of a labelled sentence is compared with its labels: what is done, whether it is denied, and who does it.
``--misses`` shows what went wrong in the half named, by the last digit of the sentence's digest: "dev" is the even half.
``--labels`` takes other files of labels, all of which are then one sample, "dev". The label's source names the folder of its policy:
``--policies`` takes each of them, and a folder that is not given is an error, for a sentence read without its policy has neither headings nor
the sentence that announced its list. Only sentences of APPSI-139 are read alone, for that corpus has no whole policies.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.policy.collector import collect
from mingcha.formats.page import Document, read
from mingcha.model.artefact import Artefact
from mingcha.model.fact import PolicyStatement

LABELS = Path(__file__).resolve().parents[1] / "accuracy/statements/labels.yaml"
ALONE = frozenset({"appsi139"})
"""Sources without whole policies."""
Said = tuple[str, bool, str]
"""What is done, whether it is denied, and by whom ("app" or "third")."""


class Case(NamedTuple):
    """A labelled sentence, what its labels say and what was read from it."""

    row: dict[str, Any]
    text: str
    gold: frozenset[Said]
    said: frozenset[Said]
    half: str
    """The half it belongs to."""


def half_of(digest: str) -> str:
    """The half a sentence belongs to, by its digest."""
    return "held out" if int(digest[-1], 16) % 2 else "dev"


def cases(
    rows: Iterable[dict[str, Any]], texts: dict[str, Any], folders: dict[str, Path], halves: bool
) -> Iterator[Case]:
    """All labelled sentences with what the reader says of them; without ``halves`` all are for development."""
    reading = Reading(load())
    for row in rows:
        text = texts[row["sha256"]]["text"]
        gold = frozenset((s["does"], s["negated"], s["who"]) for s in row["statements"])
        alone = row["source"] in ALONE
        said = reading.alone(text) if alone else reading.of(_file(folders, row), text)
        yield Case(row, text, gold, frozenset(said), half_of(row["sha256"]) if halves else "dev")


def _file(folders: dict[str, Path], row: dict[str, Any]) -> Path:
    """The policy of a label, whose source is a folder, or a folder in it."""
    folder, _, inside = row["source"].partition("/")
    return folders[folder] / inside / row["file"]


class Reading:
    """Policies read once each."""

    def __init__(self, tables: Catalogue) -> None:
        self._tables = tables
        self._read = cache(self._of_file)

    def _of_file(self, file: Path) -> tuple[Document, tuple[PolicyStatement, ...]]:
        return self._of_data(file.read_bytes(), file.name)

    def _of_data(self, data: bytes, name: str) -> tuple[Document, tuple[PolicyStatement, ...]]:
        document = read(data, name)
        artefact = Artefact(sha256="0" * 64, name=name, kind="policy", size=1)
        facts = collect(artefact, document, self._tables)
        return document, tuple(fact for fact in facts if isinstance(fact, PolicyStatement))

    def of(self, file: Path, text: str) -> Iterator[Said]:
        """What is stated in the paragraphs that hold the sentence, by sentences that lie in it or hold it."""
        document, found = self._read(file)
        wanted = _bare(text)
        where = {p.number for p in document.paragraphs if wanted in _bare(p.text) or _bare(p.text) in wanted}
        for fact in found:
            quote = _bare(fact.place.quote.removesuffix("…"))
            if fact.place.at in where and (quote in wanted or wanted in quote):
                yield _said(fact)

    def alone(self, text: str) -> Iterator[Said]:
        """What is stated in a text that has nothing around it."""
        return map(_said, self._of_data(text.encode(), "policy.txt")[1])


def _said(fact: PolicyStatement) -> Said:
    return fact.does, fact.negated, "app" if fact.party == "app" else "third"


def _bare(text: str) -> str:
    return re.sub(r"[\s|]+", "", text)


def figures(found: list[Case]) -> Iterator[str]:
    """Sentences wholly right, and precision and recall of single statements."""
    for name, wanted in (
        ("collect and share", {"collect", "share"}),
        ("all four", {"collect", "use", "share", "store"}),
    ):
        pairs = [(_only(case.gold, wanted), _only(case.said, wanted)) for case in found]
        yield f"  {name}: {len(found)} sentences, wholly right {_share(sum(g == s for g, s in pairs), len(found))}"
        speaking = [(g, s) for g, s in pairs if g]
        yield f"    of the {len(speaking)} that are labelled so: {_share(sum(g == s for g, s in speaking), len(speaking))}; every label found {_share(sum(g <= s for g, s in speaking), len(speaking))}"
        yield f"    statements: {_prf(pairs)}"
        yield f"    party right where the deed is: {_parties(pairs)}"
    for does in ("collect", "use", "share", "store"):
        yield f"  {does}: {_prf([(_only(case.gold, {does}), _only(case.said, {does})) for case in found])}"


def _only(said: frozenset[Said], wanted: set[str]) -> frozenset[Said]:
    return frozenset(one for one in said if one[0] in wanted)


def _share(right: int, of: int) -> str:
    return f"{right / max(1, of):.3f} ({right} of {of})"


def _prf(pairs: list[tuple[frozenset[Said], frozenset[Said]]]) -> str:
    right, wrong, missed = (
        sum(len(part) for part in parts) for parts in zip(*((g & s, s - g, g - s) for g, s in pairs), strict=True)
    )
    return f"P {right / max(1, right + wrong):.3f} R {right / max(1, right + missed):.3f} F1 {2 * right / max(1, 2 * right + wrong + missed):.3f}"


def _parties(pairs: list[tuple[frozenset[Said], frozenset[Said]]]) -> str:
    """Of the deeds both see in a sentence (denied or not), how many have the same parties."""
    count: Counter[bool] = Counter()
    for gold, said in pairs:
        for does in {one[0] for one in gold} & {one[0] for one in said}:
            count[{g[2] for g in gold if g[0] == does} == {s[2] for s in said if s[0] == does}] += 1
    return _share(count[True], count.total())


def misses(found: list[Case], half: str) -> Iterator[str]:
    """The sentences of a half that went wrong."""
    for case in found:
        if case.half == half and case.gold != case.said:
            missed, wrong = sorted(case.gold - case.said), sorted(case.said - case.gold)
            yield f"{case.row['id']} {case.row['form']} missed {missed} wrong {wrong}\n   [{case.row['heading']}] {case.text}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--policies", type=Path, nargs="+", required=True)
    for name in ("capp130", "texts"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--misses", choices=("dev", "held out"))
    parser.add_argument("--only", choices=("dev", "held out"))
    parser.add_argument("--labels", type=Path, nargs="+")
    options = parser.parse_args()
    rows = [row for file in options.labels or [LABELS] for row in yaml.safe_load(file.read_text("utf-8"))]
    texts = json.loads(options.texts.read_text("utf-8"))
    folders = {folder.name: folder for folder in options.policies} | {"capp130": options.capp130}
    without = {row["source"].partition("/")[0] for row in rows} - set(folders) - ALONE
    if without:
        parser.error(f"no folder given for {', '.join(sorted(without))}")
    found = list(cases(rows, texts, folders, halves=not options.labels))
    halves = (options.only,) if options.only else ("dev",) if options.labels else ("dev", "held out")
    for half in halves:
        print(f"{half}:")
        print(*figures([case for case in found if case.half == half]), sep="\n")
    if halves == ("dev", "held out"):
        for name, chosen in (("Chinese", ("z", "c")), ("English", ("e",)), ("not of CAPP-130", ("z", "e"))):
            print(f"{name}:")
            print(*figures([case for case in found if case.row["id"][0] in chosen]), sep="\n")
        print("all:")
        print(*figures(found), sep="\n")
    if options.misses:
        print(*misses(found, options.misses), sep="\n")


if __name__ == "__main__":
    main()
