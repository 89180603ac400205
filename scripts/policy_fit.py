"""The numbers of the topic model: vocabulary, tables, thresholds (see train_policy.py).

Plain numpy, one thread, nothing drawn by lot: the same data give the same bytes on the same machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mingcha.collect.policy.grams import Rows, Vocabulary, grams, units
from mingcha.collect.policy.model import Model, Table, chosen, looked

Array = NDArray[Any]
SEED = 130
LINEAR_WEIGHT = {
    "sentence": 1.0, "heading": 0.35, "before": 0.3, "after": 0.3, "second before": 0.2, "second after": 0.2, "lead": 0.3,
}  # fmt: skip
FORM_WEIGHT = 0.3
PENALTY, ROUNDS, MEMORY = 0.3, 50, 20
CURVED = 0.02
"""How steep the loss is taken to be along an n-gram, beside the most it can be: steps across rare and common ones get alike."""
FEWEST, NEVER = 20, 1e3
_CHUNK = 1 << 18


class Example(NamedTuple):
    """Training or test material: one row of each block for each sentence, its form, its labels, and which of them count.

    A column of labels may be learnt from some sentences only.
    """

    rows: Mapping[str, Rows]
    shape: Array
    labels: Array
    counts: Array

    def part(self, which: Array) -> Example:
        """These sentences, in this order."""
        rows = {name: chosen(rows, which) for name, rows in self.rows.items()}
        return Example(rows, self.shape[which], self.labels[which], self.counts[which])


# --- vocabulary ----------------------------------------------------------------------------------------------------------


def vocabulary(texts: list[str], short: int, long: int) -> Vocabulary:
    """The n-grams that stand in most different texts, weighted by how few those are."""
    codes, rows = units(texts)
    kept, weights = [], []
    for lengths, most in (((1, 2), short), ((3,), long)):
        hashes, texts_with = np.unique(grams(codes, rows, lengths).hashes, return_counts=True)
        best = np.sort(np.lexsort((hashes, -texts_with))[:most])
        best = best[texts_with[best] > 1]
        kept.append(hashes[best])
        weights.append(np.log((len(texts) + 1) / (texts_with[best] + 1)) + 1)
    weight = np.concatenate(weights).astype(np.float16).astype(np.float32)
    return Vocabulary(kept[0], kept[1], weight)


# --- weights ---------------------------------------------------------------------------------------------------------------


class _Columns(NamedTuple):
    """A sparse matrix by columns, to add up what each column earned."""

    rows: Array
    values: Array
    starts: Array
    ids: Array


def _columns(rows: Rows) -> _Columns:
    order = np.argsort(rows.ids, kind="stable")
    of = np.repeat(np.arange(len(rows.starts) - 1), np.diff(rows.starts))
    ids, starts = np.unique(rows.ids[order], return_index=True)
    return _Columns(of[order], rows.values[order], np.append(starts, len(order)), ids)


def _earned(columns: _Columns, width: int, gradient: Array, power: int = 1) -> Array:
    total = np.zeros((width, gradient.shape[1]), np.float32)
    first = 0
    while first < len(columns.ids):
        last = max(first + 1, int(np.searchsorted(columns.starts, columns.starts[first] + _CHUNK, "right")) - 1)
        part = slice(columns.starts[first], columns.starts[last])
        terms = gradient[columns.rows[part]] * columns.values[part, None] ** power
        total[columns.ids[first:last]] = np.add.reduceat(terms, columns.starts[first:last] - part.start, axis=0)
        first = last
    return total


class Weights(NamedTuple):
    """What one training found: a table for each block, the weights of the form, the bias; one column for each column of labels."""

    tables: dict[str, Array]
    form: Array
    bias: Array

    def scores(self, example: Example) -> Array:
        """The score of each sentence in each column."""
        one = np.ones(len(self.bias), np.float32)
        looks = [looked(Table(table, one), example.rows[name]) for name, table in self.tables.items()]
        return self.bias + example.shape @ self.form + sum(looks)

    def mixed(self, shares: Array) -> Weights:
        """Columns that are sums of these columns."""
        return Weights({n: t @ shares for n, t in self.tables.items()}, self.form @ shares, self.bias @ shares)


def fitted(example: Example, known: Vocabulary) -> Weights:
    """One-against-rest squared hinge with an L2 penalty, each column by itself."""
    whole = len(known.short) + len(known.long)
    sizes = [whole if name == "sentence" else len(known.short) for name in example.rows]
    cut = np.cumsum([0, *sizes, example.shape.shape[1]])
    signs = np.where(example.labels, 1, -1).astype(np.float32)
    columns = [(name, _columns(rows), size) for (name, rows), size in zip(example.rows.items(), sizes, strict=True)]

    def unpacked(point: Array) -> Weights:
        tables = {name: LINEAR_WEIGHT[name] * point[cut[n] : cut[n + 1]] for n, name in enumerate(example.rows)}
        return Weights(tables, FORM_WEIGHT * point[cut[-2] : cut[-1]], point[cut[-1]])

    def earned(slope: Array, power: int) -> Array:
        parts = [LINEAR_WEIGHT[name] ** power * _earned(column, size, slope, power) for name, column, size in columns]
        return np.concatenate([*parts, (FORM_WEIGHT * example.shape.T) ** power @ slope, slope.sum(0, keepdims=True)])

    ease = 1 / np.sqrt(1 + 2 * PENALTY * CURVED * earned(np.ones((len(signs), 1), np.float32), 2))

    def loss(eased: Array) -> tuple[Array, Array]:
        point = ease * eased
        short = np.maximum(0, 1 - signs * unpacked(point).scores(example)) * example.counts
        value = PENALTY * (short.astype(np.float64) ** 2).sum(0) + 0.5 * (point.astype(np.float64) ** 2).sum(0)
        return value, ease * (earned(-2 * PENALTY * signs * short, 1) + point)

    return unpacked(ease * _descended(loss, np.zeros((cut[-1] + 1, signs.shape[1]), np.float32)))


def _descended(loss: Callable[[Array], tuple[Array, Array]], point: Array) -> Array:
    """Limited-memory BFGS with backtracking, for every column at once but each with steps of its own."""
    value, slope = loss(point)
    steps: list[tuple[Array, Array, Array]] = []
    for _ in range(ROUNDS):
        direction = -_curved(slope, steps)
        down = _dot(slope, direction)
        reach = np.ones(len(down)) if steps else 1 / np.maximum(1, np.abs(slope).max(0))
        while True:
            trial = point + reach.astype(np.float32) * direction
            new_value, new_slope = loss(trial)
            bad = (new_value > value + 1e-4 * reach * down) & (reach > 1e-5)
            if not bad.any():
                break
            reach = np.where(bad, reach / 3, reach)
        step, change = trial - point, new_slope - slope
        gain = _dot(step, change)
        steps = [*steps, (step, change, np.where(gain > 1e-10, 1 / np.maximum(gain, 1e-10), 0))][-MEMORY:]
        point, value, slope = trial, new_value, new_slope
    return point


def _dot(one: Array, other: Array) -> Array:
    return np.einsum("ij,ij->j", one, other, dtype=np.float64)


def _curved(slope: Array, steps: list[tuple[Array, Array, Array]]) -> Array:
    result = slope.copy()
    taken = []
    for step, change, inverse in reversed(steps):
        share = inverse * _dot(step, result)
        result -= share.astype(np.float32) * change
        taken.append(share)
    if steps:
        step, change, inverse = steps[-1]
        known = inverse > 0
        result *= np.where(known, 1 / np.maximum(inverse * _dot(change, change), 1e-12), 1).astype(np.float32)
    for (step, change, inverse), share in zip(steps, reversed(taken), strict=True):
        result += (share - inverse * _dot(change, result)).astype(np.float32) * step
    return result


# --- model -----------------------------------------------------------------------------------------------------------------


def packed(weights: Weights, known: Vocabulary, topics: tuple[str, ...], limits: Array) -> Model:
    """The model of these weights, in the small integers it is shipped with."""
    tables = {name: _quantised(table) for name, table in weights.tables.items()}
    return Model(topics, known, tables, *(part.astype(np.float32) for part in (weights.form, weights.bias, limits)))


def _quantised(table: Array) -> Table:
    scale = np.maximum(np.abs(table).max(axis=0), 1e-6) / 127
    return Table(np.rint(table / scale).astype(np.int8), scale.astype(np.float32))


def threshold(labels: Array, found: Array) -> tuple[float, float]:
    """The score above which to say a topic so that F1 is best, and that F1.

    A topic with hardly an example is never said: its threshold could only be chance.
    """
    if labels.sum() < FEWEST:
        return NEVER, 0.0
    order = np.argsort(-found, kind="stable")
    merit = 2 * np.cumsum(labels[order]) / (np.arange(1, len(order) + 1) + labels.sum())
    best = int(merit.argmax())
    return float(found[order[best]] + found[order[min(best + 1, len(order) - 1)]]) / 2, float(merit[best])
