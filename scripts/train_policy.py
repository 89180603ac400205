"""Trains the topic models of the policy reader: sentences of privacy policies → topics.

    python scripts/train_policy.py zh CAPP130          write src/mingcha/catalogue/models/topics_zh.npz
    python scripts/train_policy.py en APPSI139         the same for English
    python scripts/train_policy.py zh CAPP130 --check  no file; train five times without a fifth of the policies, print figures

The corpora are read by policy_corpora.py, which also says how they are cut into five parts of whole policies, so that a sentence
of a policy is never tested by a model that saw another sentence of the same policy. Thresholds of a part are set on the
other four, those of the shipped model on all five, always on scores of models that had not seen the policy.

Half of the annotators of CAPP-130 called a collection for a stated purpose a use as well, half hardly ever did, and nothing in
a policy tells which half read it. So *use* is learnt twice, from the policies of either habit, and the two are weighted together;
the weight is chosen as the thresholds are.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: sums in one order, so the same bytes every time

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from policy_corpora import NAMES, PARTS, READERS, Corpus
from policy_fit import Example, Weights, fitted, packed, threshold, vocabulary

from mingcha.collect.policy.grams import Vocabulary, weighted
from mingcha.collect.policy.model import MODELS, blocks, model_bytes, scored, shape
from mingcha.collect.policy.outline import surroundings

Array = NDArray[Any]
SHORT, LONG = 18_000, 32_000
USE = NAMES.index("use")
WIDE_HABIT = 0.25
"""The share of a policy's collecting sentences from which on its annotator counts as one who called them uses too."""
_SHARES = np.arange(11) / 10


def unseen(corpus: Corpus) -> Array:
    """Which sentences stand, digits aside, in no other part."""
    bare = [re.sub(r"\d+", "0", sentence) for sentence in corpus.sentences]
    where: dict[str, set[int]] = {}
    for sentence, number in zip(bare, corpus.part, strict=True):
        where.setdefault(sentence, set()).add(int(number))
    return np.array([len(where[sentence]) == 1 for sentence in bare])


def wide(corpus: Corpus) -> Array:
    """Which sentences stand in a policy whose annotator called a collection for a stated purpose a use as well."""
    collects = corpus.labels[:, NAMES.index("collection")]
    both = np.bincount(corpus.policy, collects & corpus.labels[:, USE])
    return (both >= WIDE_HABIT * np.maximum(1, np.bincount(corpus.policy, collects)))[corpus.policy]


def columns(corpus: Corpus) -> tuple[Array, Array]:
    """What is learnt: the topics, and *use* by either habit where it is known; and from which sentences each column is."""
    if corpus.lone:
        return corpus.labels, np.ones(corpus.labels.shape, bool)
    labels = np.column_stack([corpus.labels, corpus.labels[:, USE]])
    counts = np.ones(labels.shape, bool)
    counts[:, USE] = wide(corpus)
    counts[:, -1] = ~counts[:, USE]
    return labels, counts


def examples(corpus: Corpus, known: Vocabulary) -> Example:
    """The corpus as rows, policy by policy, so that no sentence has neighbours in another one."""
    if corpus.lone:
        none = np.zeros((len(corpus.labels), shape([], surroundings([])).shape[1]), np.float32)
        return Example({"sentence": weighted(known, corpus.sentences)[0]}, none, *columns(corpus))
    made: list[tuple[dict[str, Any], Array]] = []
    for policy in range(int(corpus.policy.max()) + 1):
        sentences = [corpus.sentences[n] for n in np.flatnonzero(corpus.policy == policy)]
        around = surroundings(sentences)
        made.append((dict(blocks(known, sentences, around)), shape(sentences, around)))
    rows = {name: _joined([blocks_of[name] for blocks_of, _ in made]) for name in made[0][0]}
    return Example(rows, np.concatenate([form for _, form in made]), *columns(corpus))


def _joined(pieces: list[Any]) -> Any:
    sizes = np.concatenate([np.diff(piece.starts) for piece in pieces])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return type(pieces[0])(starts, np.concatenate([p.ids for p in pieces]), np.concatenate([p.values for p in pieces]))


def trained(corpus: Corpus, which: Array) -> tuple[Weights, Vocabulary, Example]:
    """The weights learnt from the chosen sentences, and all sentences as they are read with them."""
    known = vocabulary([corpus.sentences[n] for n in np.flatnonzero(which)], SHORT, LONG)
    every = examples(corpus, known)
    return fitted(every.part(np.flatnonzero(which)), known), known, every


def held_out(corpus: Corpus) -> Array:
    """Scores of all sentences in all columns, those of a part by weights learnt from the other parts."""
    found = np.zeros(columns(corpus)[0].shape, np.float32)
    for number in range(PARTS):
        here = corpus.part == number
        weights, known, every = trained(corpus, ~here)
        model = packed(weights, known, (), np.zeros(1))
        rest = every.part(np.flatnonzero(here))
        found[here] = scored(model, rest.rows, rest.shape)
    return found


def settled(labels: Array, found: Array) -> tuple[Array, Array]:
    """How the columns are weighted into topics, and the threshold of each: what is best on these scores."""
    shares = np.eye(found.shape[1], len(NAMES))
    if found.shape[1] > len(NAMES):
        merits = [threshold(labels[:, USE], share * found[:, USE] + (1 - share) * found[:, -1])[1] for share in _SHARES]
        shares[[USE, -1], USE] = _SHARES[int(np.argmax(merits))], 1 - _SHARES[int(np.argmax(merits))]
    mixed = found @ shares
    return shares, np.array([threshold(labels[:, n], mixed[:, n])[0] for n in range(len(NAMES))])


def answers(corpus: Corpus, found: Array) -> Array:
    """The topics of each sentence by its held-out scores, weighted and cut as is best for the other parts."""
    said = np.zeros(corpus.labels.shape, bool)
    for number in range(PARTS):
        here = corpus.part == number
        shares, limits = settled(corpus.labels[~here], found[~here])
        said[here] = found[here] @ shares > limits
    return said


def f1(labels: Array, said: Array) -> tuple[float, Array]:
    """F1 over all topics together, and of each."""
    right, wrong, missed = (labels & said).sum(0), (~labels & said).sum(0), (labels & ~said).sum(0)
    each = 2 * right / np.maximum(1, 2 * right + wrong + missed)
    return float(2 * right.sum() / max(1, 2 * right.sum() + wrong.sum() + missed.sum())), each


def figures(corpus: Corpus, said: Array) -> Iterator[str]:
    """Lines that say how well held-out policies were read."""
    for name, which in _kinds(corpus):
        labels, answers = corpus.labels[which], said[which]
        micro, each = f1(labels, answers)
        yield f"{name}: {len(labels)}, micro F1 {micro:.3f}, macro F1 {each.mean():.3f}"
        yield "  " + ", ".join(f"{topic} {value:.3f}" for topic, value in zip(NAMES, each, strict=True))


def _kinds(corpus: Corpus) -> Iterator[tuple[str, Array]]:
    every, new = np.ones(len(corpus.sentences), bool), unseen(corpus)
    yield "all sentences", every
    yield "sentences in no training policy", new
    if corpus.lone:
        yield "sentences with a topic", corpus.labels.any(1)
        yield "sentences with a topic in no training policy", corpus.labels.any(1) & new


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted(READERS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    corpus = READERS[options.language](options.folder)
    found = held_out(corpus)
    for line in figures(corpus, answers(corpus, found)):
        print(line)
    if not options.check:
        shares, limits = settled(corpus.labels, found)
        weights, known, _ = trained(corpus, np.ones(len(corpus.sentences), bool))
        data = model_bytes(packed(weights.mixed(shares), known, NAMES, limits))
        (MODELS / f"topics_{options.language}.npz").write_bytes(data)
        print(f"{len(data)} bytes")


if __name__ == "__main__":
    main()
