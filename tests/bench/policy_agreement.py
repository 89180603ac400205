"""How far the annotators of CAPP-130 agree with one another: labels of one and the same sentence in several policies.

What a sentence says does not change from policy to policy, so where its label does, no reader of text can be right both times. Digits
are set aside. Each sentence counts once for a policy, and a sentence of n policies weighs as n. ``python -m
tests.bench.policy_agreement DIR`` runs it alone.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import train_policy  # isort: skip  # sets numpy to one thread before it loads
import numpy as np
from policy_corpora import NAMES, Corpus, capp130

USE = NAMES.index("use")
RECURRING = (2, 5, 8)
"""Numbers of policies from which on a sentence is asked about."""


def figures(folder: Path) -> Iterator[str]:
    """F1 of one policy's labels as answers for another's, by topic; for *use* by the habit of either annotator too."""
    corpus = capp130(folder)
    same = list(repeated(corpus))
    yield f"the same sentence in several policies, {len(same)} sentences, {sum(map(len, same))} places; F1 of one label as the answer for another:"
    values = (f"{name} {_f1(_pairs(same, corpus.labels[:, n])):.3f}" for n, name in enumerate(NAMES))
    yield "  " + ", ".join(values)
    for least in RECURRING:
        often = [where for where in same if len(where) >= least]
        yield f"  use, guessed from all other policies of sentences in {least} or more: F1 {guessed(often, corpus.labels[:, USE]):.3f}"
    wide, use = train_policy.wide(corpus), corpus.labels[:, USE]
    for name, of in (("wide", wide), ("narrow", ~wide)):
        parts = {"any": np.ones(len(of), bool), "wide": wide, "narrow": ~wide}
        told = ", ".join(f"{other} {_f1(_pairs(same, use, of, which)):.3f}" for other, which in parts.items())
        yield f"  use, labels of {name} habit as the answer for policies of habit {told}"


def repeated(corpus: Corpus) -> Iterator[list[int]]:
    """The places of each sentence that stands in several policies, the first one in each."""
    places: dict[str, dict[int, int]] = defaultdict(dict)
    for n, sentence in enumerate(corpus.sentences):
        places[re.sub(r"\d+", "0", sentence)].setdefault(int(corpus.policy[n]), n)
    yield from (list(where.values()) for where in places.values() if len(where) > 1)


def guessed(same: list[list[int]], labels: np.ndarray) -> float:
    """F1 of saying a topic where the share of the other policies that say it reaches the best limit; of few policies it is a rough guess."""
    here = np.concatenate(same)
    share = np.concatenate([(labels[where].sum() - labels[where]) / (len(where) - 1) for where in same])
    meant = labels[here]
    return max(
        float(2 * (meant & (share >= limit)).sum() / (meant.sum() + (share >= limit).sum()))
        for limit in np.unique(share)[1:]
    )


def _pairs(
    same: list[list[int]], labels: np.ndarray, of: np.ndarray | None = None, to: np.ndarray | None = None
) -> np.ndarray:
    """Right, wrong and missed, over all ordered pairs of places of the same sentence."""
    total = np.zeros(3)
    for where in same:
        answers = [n for n in where if of is None or of[n]]
        asked = [n for n in where if to is None or to[n]]
        said, meant = labels[answers].sum(), labels[asked].sum()
        itself = [n for n in answers if to is None or to[n]]
        own = labels[itself].sum()
        right = said * meant - own
        wrong = said * len(asked) - own - right
        missed = meant * len(answers) - own - right
        total += np.array([right, wrong, missed]) / (len(where) - 1)
    return total


def _f1(counts: np.ndarray) -> float:
    right, wrong, missed = counts
    return float(2 * right / max(1.0, 2 * right + wrong + missed))


if __name__ == "__main__":
    print(*figures(Path(sys.argv[1])), sep="\n")
