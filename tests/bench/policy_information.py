"""Types of information in whole Chinese policies: the gold mentions of CA4P-483 against what is read.

CA4P-483 is for measuring only: no term, rule or weight comes from it. ``python -m tests.bench.policy_information DIR [dev]`` runs it alone.
What its annotators call data is mapped by our own terms; each distinct mention of a policy that they cannot map counts as a type missed.
Types that the reader sees named only by a permission are left aside, as the annotators did. The half of a policy is told by its name:
errors were looked at in "dev" alone, and the other half was run once, when the rules were done.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.policy import collector as policy
from mingcha.collect.policy.text import plain, sentences
from mingcha.collect.policy.topics import topics
from mingcha.formats.page import Document, Paragraph
from mingcha.model.artefact import Artefact
from mingcha.model.fact import InformationNamedInPolicy, PolicyStatement
from mingcha.model.terms import Terms

DATA = "数据"
HANDLING = frozenset({"collection", "permission", "sharing", "use"})
ARTEFACT = Artefact(sha256="0" * 64, name="policy.txt", kind="policy", size=1)
DEV, HELD_OUT = "dev", "held out"
READER = "the reader"


class Result(NamedTuple):
    """One policy: the types its annotators marked, how many mentions no term maps, and the types read in each way."""

    half: str
    gold: set[str]
    unmapped: int
    said: dict[str, set[str]]


def figures(folder: Path) -> Iterator[str]:
    """Types of information per policy, by halves and in all; two ways of terms alone beside the reader."""
    found = list(results(folder))
    yield "CA4P-483, types of information per policy (general words aside):"
    for half in (DEV, HELD_OUT):
        yield f"  {half}, {READER}: {figure([one for one in found if one.half == half])}"
    for way in found[0].said if found else ():
        yield f"  all, {way}: {figure(found, way)}"


def results(folder: Path, half: str | None = None) -> Iterator[Result]:
    """All policies, or those of a half, that have a text and marks."""
    tables = load()
    for file in sorted((folder / "annotation_data").glob("*.json")):
        if half not in (None, half_of(file.stem)):
            continue
        gold, unmapped = _gold(json.loads(file.read_text("utf-8")), tables.terms["zh"])
        text = _text_of(folder / "raw_data" / f"{file.stem}.html")
        if text and (gold or unmapped):
            yield Result(half_of(file.stem), gold, unmapped, _said(text, tables))


def half_of(name: str) -> str:
    """The half a policy belongs to."""
    return HELD_OUT if int(hashlib.sha256(name.encode()).hexdigest()[-1], 16) % 2 else DEV


def figure(found: list[Result], way: str = READER) -> str:
    """Precision, recall and F1 over policies together, once more without the mentions that no term maps."""
    right = sum(len(one.gold & one.said[way]) for one in found)
    wrong = sum(len(one.said[way] - one.gold) for one in found)
    missed = sum(len(one.gold - one.said[way]) for one in found)
    unmapped = sum(one.unmapped for one in found)
    return f"{len(found)} policies, {prf(right, wrong, missed + unmapped)}; without the {unmapped} unmapped {prf(right, wrong, missed)}"


def prf(right: int, wrong: int, missed: int) -> str:
    """The three figures, as they are printed."""
    return f"P {right / max(1, right + wrong):.3f} R {right / max(1, right + missed):.3f} F1 {2 * right / max(1, 2 * right + wrong + missed):.3f}"


def errors(found: list[Result]) -> Iterator[str]:
    """The types most often said and not marked, and marked and not said."""
    wrong = Counter(kind for one in found for kind in one.said[READER] - one.gold)
    missed = Counter(kind for one in found for kind in one.gold - one.said[READER])
    yield f"said, not marked: {wrong.most_common(20)}"
    yield f"marked, not said: {missed.most_common(20)}"


def _gold(rows: list[dict[str, Any]], terms: Terms) -> tuple[set[str], int]:
    mentions = {plain(row["text"]) for row in rows if row["classId_name"] == DATA}
    kinds = [{kind for kind, *_ in terms.named(mention)} for mention in mentions]
    return {kind for found in kinds for kind in found if not _general(kind)}, sum(not found for found in kinds)


def _general(kind: str) -> bool:
    return kind.startswith("generic.")


def _text_of(file: Path) -> str:
    if not file.exists():
        return ""
    body = file.read_text("utf-8").partition("<article>")[2]
    lines = re.sub(r"<br\s*/?>|</p>|</h\d>|</div>|</pre>", "\n", body)
    return re.sub(r"&[a-z]+;|&#\d+;", " ", re.sub(r"<[^>]+>", "", lines))


def _said(text: str, tables: Catalogue) -> dict[str, set[str]]:
    rows = [line.strip() for line in text.splitlines() if line.strip()]
    document = Document("", "zh-Hans", tuple(Paragraph(n, row) for n, row in enumerate(rows, 1)))
    lines = [sentence.plain for sentence in sentences(document)]
    kinds = [{kind for kind, *_ in tables.terms["zh"].named(line) if not _general(kind)} for line in lines]
    facts = list(policy.collect(ARTEFACT, document, tables))
    told = (f for f in facts if isinstance(f, PolicyStatement) and not f.permission and not f.negated)
    in_words = {(f.place.at, f.place.quote, f.information) for f in told}
    named = (f for f in facts if isinstance(f, InformationNamedInPolicy) and not _general(f.information))
    return {
        "terms anywhere": set().union(*kinds),
        "terms by topic": set().union(*(k for k, of in zip(kinds, topics(lines).of, strict=True) if of & HANDLING)),
        READER: {f.information for f in named if (f.place.at, f.place.quote, f.information) in in_words},
    }


def main() -> None:
    """The command line."""
    if sys.argv[2:] == [DEV]:
        found = list(results(Path(sys.argv[1]), DEV))
        print(figure(found), *errors(found), sep="\n")
    else:
        print(*figures(Path(sys.argv[1])), sep="\n")


if __name__ == "__main__":
    main()
