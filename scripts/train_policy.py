"""Trains the topic models of the policy reader: sentences of privacy policies → topics.

    python scripts/train_policy.py zh CAPP130          write src/mingcha/catalogue/models/topics_zh.npz
    python scripts/train_policy.py en APPSI139         the same for English
    python scripts/train_policy.py zh CAPP130 --check  no file; train five times without a fifth of the policies, print figures

The corpora are read by policy_corpora.py, which also says how they are cut into five parts of whole policies, so that a sentence
of a policy is never tested by a model that saw another sentence of the same policy. Thresholds of a part are set on the
other four, those of the shipped model on all five, always on scores of models that had not seen the policy.
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
from policy_fit import Example, fitted, thresholds, vocabulary

from mingcha.collect.policy_grams import weighted
from mingcha.collect.policy_model import MODELS, Model, blocks, model_bytes, scored, shape
from mingcha.collect.policy_outline import surroundings

Array = NDArray[Any]
SHORT, LONG = 18_000, 32_000


def unseen(corpus: Corpus) -> Array:
    """Which sentences stand, digits aside, in no other part."""
    bare = [re.sub(r"\d+", "0", sentence) for sentence in corpus.sentences]
    where: dict[str, set[int]] = {}
    for sentence, number in zip(bare, corpus.part, strict=True):
        where.setdefault(sentence, set()).add(int(number))
    return np.array([len(where[sentence]) == 1 for sentence in bare])


def examples(corpus: Corpus, known: Any) -> Example:
    """The corpus as rows, policy by policy, so that no sentence has neighbours in another one."""
    if corpus.lone:
        return Example(
            {"sentence": weighted(known, corpus.sentences)[0]},
            np.zeros((len(corpus.labels), 0), np.float32),
            corpus.labels,
        )
    made: list[tuple[dict[str, Any], Array]] = []
    for policy in range(int(corpus.policy.max()) + 1):
        sentences = [corpus.sentences[n] for n in np.flatnonzero(corpus.policy == policy)]
        around = surroundings(sentences)
        made.append((dict(blocks(known, sentences, around)), shape(sentences, around)))
    rows = {name: _joined([blocks_of[name] for blocks_of, _ in made]) for name in made[0][0]}
    return Example(rows, np.concatenate([form for _, form in made]), corpus.labels)


def _joined(pieces: list[Any]) -> Any:
    sizes = np.concatenate([np.diff(piece.starts) for piece in pieces])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return type(pieces[0])(starts, np.concatenate([p.ids for p in pieces]), np.concatenate([p.values for p in pieces]))


def trained(corpus: Corpus, which: Array) -> tuple[Model, Example]:
    """A model of the chosen sentences, and all sentences as it reads them."""
    known = vocabulary([corpus.sentences[n] for n in np.flatnonzero(which)], SHORT, LONG)
    every = examples(corpus, known)
    return fitted(every.part(np.flatnonzero(which)), known, NAMES), every


def held_out(corpus: Corpus) -> Iterator[tuple[int, Array]]:
    """For each part the scores of its sentences, by a model of the other parts."""
    for number in range(PARTS):
        model, every = trained(corpus, corpus.part != number)
        here = every.part(np.flatnonzero(corpus.part == number))
        yield number, scored(model, here.rows, here.shape)


def all_held_out(corpus: Corpus) -> tuple[Array, Array]:
    """Scores of all sentences by models that had not seen their policies, and the answers with thresholds of the other parts."""
    part = corpus.part
    found = np.zeros(corpus.labels.shape, np.float32)
    for number, scores in held_out(corpus):
        found[part == number] = scores
    said = np.zeros(found.shape, bool)
    for number in range(PARTS):
        here = part == number
        said[here] = found[here] > thresholds(corpus.labels[~here], found[~here])
    return found, said


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
    found, said = all_held_out(corpus)
    for line in figures(corpus, said):
        print(line)
    if not options.check:
        model, _ = trained(corpus, np.ones(len(corpus.sentences), bool))
        data = model_bytes(model._replace(thresholds=thresholds(corpus.labels, found)))
        (MODELS / f"topics_{options.language}.npz").write_bytes(data)
        print(f"{len(data)} bytes")


if __name__ == "__main__":
    main()
