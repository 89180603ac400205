"""How well held-out policies are read by topic: the model, the commonest errors, and what rules alone reach.

The model is trained five times without a fifth of the policies (scripts/train_policy.py), so the figures are those of the way the
shipped models are made, not of the shipped models on what they have seen. ``python -m tests.bench.policy_topics zh DIR`` runs it alone.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import train_policy  # isort: skip  # sets numpy to one thread before it loads
import numpy as np
from policy_corpora import NAMES, READERS, Corpus

from mingcha.collect.policy.topics import read
from tests.bench.policy_agreement import RECURRING, repeated

USE = NAMES.index("use")
MOST = 10


def chinese(folder: Path) -> Iterator[str]:
    """CAPP-130, over all sentences of whole policies."""
    return _figures("zh", folder)


def english(folder: Path) -> Iterator[str]:
    """APPSI-139, of which the policies are known by their order only."""
    return _figures("en", folder)


def _figures(language: str, folder: Path) -> Iterator[str]:
    corpus = READERS[language](folder)
    said = train_policy.answers(corpus, train_policy.held_out(corpus))
    yield f"{folder.name}, held out by whole policy:"
    yield from train_policy.figures(corpus, said)
    if not corpus.lone:
        yield from by_habit(corpus, said)
    yield f"the {MOST} commonest errors (missed | wrongly said | how often | one of them):"
    yield from commonest_errors(corpus, said)
    yield "rules alone:"
    yield from train_policy.figures(corpus, by_rules(corpus, language))


def by_habit(corpus: Corpus, said: np.ndarray) -> Iterator[str]:
    """*use* by what the annotators of a policy meant by it."""
    wide = train_policy.wide(corpus)
    for name, which in (("wide", wide), ("narrow", ~wide)):
        policies = len(set(corpus.policy[which].tolist()))
        meant, found = corpus.labels[which, USE], said[which, USE]
        value = train_policy.f1(corpus.labels[which], said[which])[1][USE]
        yield (
            f"  use in the {policies} policies of {name} habit: F1 {value:.3f}, {int(meant.sum())} sentences, "
            f"missed {int((meant & ~found).sum())}, wrongly said {int((found & ~meant).sum())}"
        )
    same = list(repeated(corpus))
    for least in RECURRING:
        where = np.concatenate([places for places in same if len(places) >= least])
        value = train_policy.f1(corpus.labels[where], said[where])[1][USE]
        yield f"  use on sentences that stand in {least} policies or more: F1 {value:.3f}"


def commonest_errors(corpus: Corpus, said: np.ndarray) -> Iterator[str]:
    """The most frequent pairs of topics missed and topics wrongly said."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n in np.flatnonzero((corpus.labels != said).any(1)):
        missed = "+".join(name for name, x, y in zip(NAMES, corpus.labels[n], said[n], strict=True) if x and not y)
        wrong = "+".join(name for name, x, y in zip(NAMES, corpus.labels[n], said[n], strict=True) if y and not x)
        found[missed or "-", wrong or "-"].append(n)
    for (missed, wrong), where in sorted(found.items(), key=lambda item: -len(item[1]))[:MOST]:
        yield f"  {missed} | {wrong} | {len(where)} | {corpus.sentences[where[len(where) // 2]][:60]}"


def by_rules(corpus: Corpus, language: str) -> np.ndarray:
    """The topics that the rules give without a model."""
    said = np.zeros(corpus.labels.shape, bool)
    for number in range(int(corpus.policy.max()) + 1):
        here = np.flatnonzero(corpus.policy == number)
        for n, found in zip(here, read([corpus.sentences[n] for n in here], None, language, None).of, strict=True):
            said[n] = [name in found for name in NAMES]
    return said


if __name__ == "__main__":
    print(*_figures(sys.argv[1], Path(sys.argv[2])), sep="\n")
