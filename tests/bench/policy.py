"""Measure the policy reader: `python tests/bench/policy.py [--capp130 DIR] [--appsi139 DIR] [--opp115 DIR] [--ca4p DIR]`.

Each folder that is given prints its part; without any, only speed and size of the shipped models. Folders are checkouts of the
corpora; CA4P-483 and OPP-115 are for measuring only, nothing derived from them is kept.

CAPP-130 and APPSI-139: the model is trained five times without a fifth of the policies (scripts/train_policy.py), so the figures
are those of the way the shipped models are made, not of the shipped models on what they have seen.
"""

# ruff: noqa: E402  # the scripts folder is no package, and they set numpy to one thread before it loads
from __future__ import annotations

import argparse
import csv
import json
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import train_policy  # isort: skip
import numpy as np
from policy_corpora import NAMES, READERS, Corpus

from mingcha.catalogue.load import load
from mingcha.collect import policy
from mingcha.collect.policy_model import MODELS, model_of
from mingcha.collect.policy_text import plain, sentences, sentences_of
from mingcha.collect.policy_topic_rules import RARE
from mingcha.collect.policy_topics import read, topics
from mingcha.formats.page import Document, Paragraph
from mingcha.model.artefact import Artefact
from mingcha.model.fact import InformationNamedInPolicy
from mingcha.model.terms import Terms

HANDLING = frozenset({"collection", "permission", "sharing", "use"})


def corpus_figures(corpus: Corpus, language: str) -> Iterator[str]:
    """Figures of held-out policies, the commonest errors, and what rules alone reach."""
    _, said = train_policy.all_held_out(corpus)
    yield "model:"
    yield from train_policy.figures(corpus, said)
    told = by_rules(corpus, language)
    for topic in RARE:
        said[:, NAMES.index(topic)] |= told[:, NAMES.index(topic)]
    yield f"model, and rules for {', '.join(RARE)}, as shipped:"
    yield from train_policy.figures(corpus, said)
    yield "commonest errors (missed, wrongly said; how often; one of them):"
    yield from commonest_errors(corpus, said)
    if not corpus.lone:
        yield from use_by_habit(corpus, said)
    yield "rules alone:"
    yield from train_policy.figures(corpus, told)


def commonest_errors(corpus: Corpus, said: np.ndarray, most: int = 10) -> Iterator[str]:
    """The most frequent pairs of topics missed and topics wrongly said."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n in np.flatnonzero((corpus.labels != said).any(1)):
        missed = "+".join(name for name, x, y in zip(NAMES, corpus.labels[n], said[n], strict=True) if x and not y)
        wrong = "+".join(name for name, x, y in zip(NAMES, corpus.labels[n], said[n], strict=True) if y and not x)
        found[missed or "-", wrong or "-"].append(n)
    for (missed, wrong), where in sorted(found.items(), key=lambda item: -len(item[1]))[:most]:
        yield f"  {missed} | {wrong} | {len(where)} | {corpus.sentences[where[len(where) // 2]][:60]}"


def use_by_habit(corpus: Corpus, said: np.ndarray) -> Iterator[str]:
    """*use* where the annotators of a policy gave that label at all: half of them hardly did."""
    use = NAMES.index("use")
    share = np.bincount(corpus.policy, corpus.labels[:, use]) / np.bincount(corpus.policy)
    for least in (0.05, 0.10):
        which = (share >= least)[corpus.policy]
        each = train_policy.f1(corpus.labels[which], said[which])[1]
        yield f"use, in the {(share >= least).sum()} of {len(share)} policies with the label on {least:.0%} of sentences or more: F1 {each[use]:.3f}"


def by_rules(corpus: Corpus, language: str) -> np.ndarray:
    """The topics that the rules give without a model."""
    said = np.zeros(corpus.labels.shape, bool)
    for number in range(int(corpus.policy.max()) + 1):
        here = np.flatnonzero(corpus.policy == number)
        for n, found in zip(here, read([corpus.sentences[n] for n in here], None, language, None).of, strict=True):
            said[n] = [name in found for name in NAMES]
    return said


# --- speed ---------------------------------------------------------------------------------------------------------------

_FILLER = (
    "我们会收集您的设备信息，用于向您推荐您可能感兴趣的内容。您可以在设置中关闭该功能，关闭后我们将不再处理上述信息。"
)


def speed(text: str) -> Iterator[str]:
    """Size, load time, and time for 30,000 characters."""
    for file in sorted(MODELS.glob("topics_*.npz")):
        started = time.perf_counter()
        model_of(file.stem.removeprefix("topics_"))
        yield f"{file.name}: {file.stat().st_size / 1e6:.1f} MB, loaded in {1000 * (time.perf_counter() - started):.0f} ms"
    lines = [plain(sentence) for line in text.splitlines() for sentence in sentences_of(line)]
    taken = min(_timed(lines) for _ in range(5))
    yield f"topics of {sum(map(len, lines))} characters, {len(lines)} sentences: {1000 * taken:.0f} ms"
    yield f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most"


def _timed(lines: list[str]) -> float:
    started = time.perf_counter()
    topics(lines)
    return time.perf_counter() - started


# --- CA4P-483: information by policy ----------------------------------------------------------------------------------------


def information_figures(folder: Path) -> Iterator[str]:
    """Types of information per policy against the gold mentions; a distinct mention that the taxonomy cannot map is a miss."""
    tables = load()
    terms = tables.terms["zh"]
    ways = {
        name: Counter() for name in ("terms anywhere", "terms by topic, model", "terms by topic, rules", "the reader")
    }
    policies = 0
    for file in sorted((folder / "annotation_data").glob("*.json")):
        rows = json.loads(file.read_text("utf-8"))
        gold, unmapped = _gold(rows, terms)
        text = _text_of(folder / "raw_data" / f"{file.stem}.html")
        if not text or not (gold or unmapped):
            continue
        policies += 1
        for name, said in _named(text, terms, tables).items():
            ways[name].update(
                right=len(said & gold), wrong=len(said - gold), missed=len(gold - said) + unmapped, unmapped=unmapped
            )
    yield f"CA4P-483, {policies} policies, types of information (general words aside):"
    for name, n in ways.items():
        yield f"  {name}: {_prf(n['right'], n['wrong'], n['missed'])}; without the unmapped: {_prf(n['right'], n['wrong'], n['missed'] - n['unmapped'])}"


def _prf(right: int, wrong: int, missed: int) -> str:
    return f"P {right / max(1, right + wrong):.3f} R {right / max(1, right + missed):.3f} F1 {2 * right / max(1, 2 * right + wrong + missed):.3f}"


def _gold(rows: list[dict], terms: Terms) -> tuple[set[str], int]:
    mentions = {plain(row["text"]) for row in rows if row["classId_name"] == "数据"}
    kinds = {mention: {kind for kind, *_ in terms.named(mention)} for mention in mentions}
    return {kind for found in kinds.values() for kind in found if not _general(kind)}, sum(
        not found for found in kinds.values()
    )


def _general(kind: str) -> bool:
    return kind.startswith("generic.")


def _text_of(file: Path) -> str:
    if not file.exists():
        return ""
    body = file.read_text("utf-8").partition("<article>")[2]
    lines = re.sub(r"<br\s*/?>|</p>|</h\d>|</div>|</pre>", "\n", body)
    return re.sub(r"&[a-z]+;|&#\d+;", " ", re.sub(r"<[^>]+>", "", lines))


def _named(text: str, terms: Terms, tables: object) -> dict[str, set[str]]:
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    document = Document("", "zh", tuple(Paragraph(n, line) for n, line in enumerate(paragraphs, 1)))
    found = sentences(document)
    lines = [sentence.plain for sentence in found]
    kinds = [{kind for kind, *_ in terms.named(line) if not _general(kind)} for line in lines]
    model, rules = topics(lines), read(lines, None, "zh", None)
    facts = policy.collect(Artefact(sha256="0" * 64, name="policy.txt", kind="policy", size=1), document, tables)
    return {
        "terms anywhere": set().union(*kinds),
        "terms by topic, model": set().union(*(k for k, of in zip(kinds, model.of, strict=True) if of & HANDLING)),
        "terms by topic, rules": set().union(*(k for k, of in zip(kinds, rules.of, strict=True) if of & HANDLING)),
        "the reader": {
            f.information for f in facts if isinstance(f, InformationNamedInPolicy) and not _general(f.information)
        },
    }


# --- OPP-115: English across corpora ------------------------------------------------------------------------------------------

OPP = {
    "First Party Collection/Use": {"collection", "use", "permission"},
    "Third Party Sharing/Collection": {"sharing"},
    "User Choice/Control": {"rights"},
    "User Access, Edit and Deletion": {"rights"},
    "Data Retention": {"storage"},
    "Data Security": {"security"},
    "Policy Change": {"revision"},
}
"""Categories that have a topic of ours; choice and access are one."""
OPP_NAMES = (
    frozenset({"collection", "use", "permission"}),
    *(frozenset({n}) for n in ("sharing", "rights", "storage", "security", "revision")),
)


def opp115_figures(folder: Path) -> Iterator[str]:
    """Segments of OPP-115 by the shipped English model: a segment has the topics of its sentences."""
    counts = {kinds: Counter() for kinds in OPP_NAMES}
    for file in sorted((folder / "datasets/consolidation/threshold-0.5-overlap-similarity").glob("*.csv")):
        text = (folder / "datasets/sanitized_policies" / f"{file.stem}.html").read_text("utf-8", "replace")
        segments = [re.sub(r"<[^>]+>", " ", segment) for segment in text.split("|||")]
        gold: dict[int, set[str]] = defaultdict(set)
        with file.open(encoding="utf-8", errors="replace", newline="") as rows:
            for row in csv.reader(rows):
                gold[int(row[4])] |= OPP.get(row[5], set())
        for n, segment in enumerate(segments):
            lines = [plain(sentence) for sentence in sentences_of(segment)]
            said = frozenset().union(*topics(lines, language="en").of)
            for kinds, count in counts.items():
                count.update([(bool(kinds & gold[n]), bool(kinds & said))])
    total = sum(counts.values(), Counter())
    yield "OPP-115 segments, trained on APPSI-139: " + _of(total)
    yield from (f"  {'/'.join(sorted(kinds))}: {_of(count)}" for kinds, count in counts.items())


def _of(count: Counter) -> str:
    return _prf(count[True, True], count[False, True], count[True, False])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("capp130", "appsi139", "opp115", "ca4p"):
        parser.add_argument(f"--{name}", type=Path)
    options = parser.parse_args()
    text = (_FILLER * 12 + "\n") * 45
    for line in speed(text[:30_000]):
        print(line)
    for language, folder in (("zh", options.capp130), ("en", options.appsi139)):
        if folder:
            print(f"\n{folder.name}, held out by whole policy:")
            for line in corpus_figures(READERS[language](folder), language):
                print(line, flush=True)
    for folder, figures in ((options.ca4p, information_figures), (options.opp115, opp115_figures)):
        if folder:
            print()
            for line in figures(folder):
                print(line, flush=True)


if __name__ == "__main__":
    main()
