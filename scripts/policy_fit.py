"""The numbers of the topic model: vocabulary, linear reader, reader with a hidden layer, thresholds (see train_policy.py).

Plain numpy, one thread, fixed seed: the same data give the same bytes on the same machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mingcha.collect.policy_grams import Rows, Vocabulary, grams, units
from mingcha.collect.policy_model import Model, Table, chosen, looked

Array = NDArray[Any]
SEED = 130
LINEAR_WEIGHT = {
    "sentence": 1.0, "heading": 0.35, "before": 0.3, "after": 0.3, "second before": 0.2, "second after": 0.2, "lead": 0.3,
}  # fmt: skip
WIDTH = {"sentence": 24, "heading": 12, "before": 8, "after": 8, "second before": 8, "second after": 8, "lead": 8}
HIDDEN, EPOCHS, BATCH, RATE, DROP, DECAY = 64, 5, 256, 3e-3, 0.4, 0.03
PENALTY, ROUNDS, MEMORY = 0.5, 36, 6
DEEP_SHARE = 0.3
"""How much a unit of the hidden reader's score counts beside one of the linear reader's."""
KINDNESS = 0.4
"""How far each threshold goes from the best for all topics together towards the best for its own topic."""
FEWEST, NEVER = 20, 1e3
_CHUNK = 1 << 18


class Example(NamedTuple):
    """Training or test material: one row of each block for each sentence, its form, and its topics."""

    rows: Mapping[str, Rows]
    shape: Array
    labels: Array

    def part(self, which: Array) -> Example:
        """These sentences, in this order."""
        return Example(
            {name: chosen(rows, which) for name, rows in self.rows.items()}, self.shape[which], self.labels[which]
        )


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


# --- linear reader -------------------------------------------------------------------------------------------------------


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


def _earned(columns: _Columns, width: int, gradient: Array) -> Array:
    total = np.zeros((width, gradient.shape[1]), np.float32)
    first = 0
    while first < len(columns.ids):
        last = max(first + 1, int(np.searchsorted(columns.starts, columns.starts[first] + _CHUNK, "right")) - 1)
        part = slice(columns.starts[first], columns.starts[last])
        terms = gradient[columns.rows[part]] * columns.values[part, None]
        total[columns.ids[first:last]] = np.add.reduceat(terms, columns.starts[first:last] - part.start, axis=0)
        first = last
    return total


def linear(example: Example, widths: Mapping[str, int]) -> tuple[dict[str, Array], Array]:
    """One-against-rest squared hinge with an L2 penalty: a table of weights for each block, and the bias."""
    signs = np.where(example.labels, 1, -1).astype(np.float32)
    topics = signs.shape[1]
    columns = {name: _columns(rows) for name, rows in example.rows.items()}
    one = np.ones(topics, np.float32)
    sizes = [widths[name] for name in example.rows]

    def unpacked(point: Array) -> tuple[dict[str, Array], Array]:
        cut = np.cumsum([0, *sizes]) * topics
        parts = {name: point[cut[n] : cut[n + 1]].reshape(-1, topics) for n, name in enumerate(example.rows)}
        return parts, point[cut[-1] :]

    def loss(point: Array) -> tuple[float, Array]:
        tables, bias = unpacked(point)
        score = bias + sum(
            LINEAR_WEIGHT[name] * looked(Table(table, one), example.rows[name]) for name, table in tables.items()
        )
        short = np.maximum(0, 1 - signs * score)
        slope = -2 * PENALTY * signs * short
        parts = [LINEAR_WEIGHT[name] * _earned(columns[name], widths[name], slope) + tables[name] for name in tables]
        weights = point[:-topics].astype(np.float64)
        value = PENALTY * float((short.astype(np.float64) ** 2).sum()) + 0.5 * float(weights @ weights)
        return value, np.concatenate([part.ravel() for part in parts] + [slope.sum(0)])

    point = _descended(loss, np.zeros((sum(sizes) + 1) * topics, np.float32))
    tables, bias = unpacked(point)
    return {name: LINEAR_WEIGHT[name] * table for name, table in tables.items()}, bias


def _descended(loss: Callable[[Array], tuple[float, Array]], point: Array) -> Array:
    """Limited-memory BFGS with backtracking."""
    value, slope = loss(point)
    steps: list[tuple[Array, Array, float]] = []
    for _ in range(ROUNDS):
        direction = -_curved(slope, steps)
        reach = 1.0 if steps else 1.0 / max(1.0, float(np.abs(slope).max()))
        while True:
            trial = point + np.float32(reach) * direction
            new_value, new_slope = loss(trial)
            if new_value <= value + 1e-4 * reach * float(slope @ direction) or reach < 1e-6:
                break
            reach /= 3
        step, change = trial - point, new_slope - slope
        if float(step @ change) > 1e-10:
            steps = [*steps, (step, change, 1 / float(step @ change))][-MEMORY:]
        point, value, slope = trial, new_value, new_slope
    return point


def _curved(slope: Array, steps: list[tuple[Array, Array, float]]) -> Array:
    result = slope.copy()
    taken = []
    for step, change, inverse in reversed(steps):
        share = inverse * float(step @ result)
        result -= np.float32(share) * change
        taken.append(share)
    if steps:
        step, change, inverse = steps[-1]
        result *= np.float32(1 / (inverse * float(change @ change)))
    for (step, change, inverse), share in zip(steps, reversed(taken), strict=True):
        result += np.float32(share - inverse * float(change @ result)) * step
    return result


# --- reader with a hidden layer --------------------------------------------------------------------------------------------


class Deep(NamedTuple):
    """Tables of the blocks and the two layers above them."""

    tables: dict[str, Array]
    hidden: Array
    hidden_bias: Array
    out: Array
    bias: Array


class _Adam:
    """Steps of Adam; for tables only in the rows that were touched."""

    def __init__(self, values: Array) -> None:
        self.values, self.mean, self.spread = values, np.zeros_like(values), np.zeros_like(values)

    def step(self, gradient: Array, rate: float, number: int, where: Any = slice(None)) -> None:
        self.mean[where] = mean = 0.9 * self.mean[where] + 0.1 * gradient
        self.spread[where] = spread = 0.99 * self.spread[where] + 0.01 * gradient * gradient
        move = mean / (1 - 0.9**number) / (np.sqrt(spread / (1 - 0.99**number)) + 1e-6)
        self.values[where] -= (rate * move).astype(np.float32)


def deep(example: Example, widths: Mapping[str, int], seed: int = SEED) -> Deep:
    """Sums of n-gram vectors of every block, dropout, one hidden layer, cross entropy, Adam."""
    luck = np.random.default_rng(seed)
    names = list(example.rows)
    size, topics = example.labels.shape
    wide = sum(WIDTH[name] for name in names) + int(example.shape.shape[1])
    tables = {n: _Adam(luck.normal(0, 0.1, (widths[n], WIDTH[n])).astype(np.float32)) for n in names}
    hidden = _Adam(luck.normal(0, np.sqrt(2 / wide), (wide, HIDDEN)).astype(np.float32))
    hidden_bias = _Adam(np.zeros(HIDDEN, np.float32))
    out = _Adam(luck.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, topics)).astype(np.float32))
    bias = _Adam(np.full(topics, -2, np.float32))
    total = EPOCHS * (size // BATCH)
    number = 0
    for _ in range(EPOCHS):
        order = luck.permutation(size)
        for first in range(0, size - BATCH + 1, BATCH):
            number += 1
            rate = RATE * (1 - number / total) + 1e-5
            batch = example.part(np.sort(order[first : first + BATCH]))
            below = np.concatenate(
                [looked(Table(tables[n].values, np.ones(WIDTH[n], np.float32)), batch.rows[n]) for n in names]
                + [batch.shape],
                axis=1,
            )
            kept = _mask(luck, below.shape)
            above = (below * kept) @ hidden.values + hidden_bias.values
            kept_above = _mask(luck, above.shape) * (above > 0)
            fired = above * kept_above
            wrong = (1 / (1 + np.exp(-(fired @ out.values + bias.values))) - batch.labels).astype(np.float32) / BATCH
            back = (wrong @ out.values.T) * kept_above
            down = (back @ hidden.values.T) * kept
            out.step(fired.T @ wrong, rate, number)
            bias.step(wrong.sum(0), rate, number)
            hidden.step((below * kept).T @ back, rate, number)
            hidden_bias.step(back.sum(0), rate, number)
            at = 0
            for n in names:
                columns = _columns(batch.rows[n])
                touched = _earned(columns, widths[n], down[:, at : at + WIDTH[n]])[columns.ids]
                tables[n].values[columns.ids] *= np.float32(1 - rate * DECAY)
                tables[n].step(touched, rate, number, columns.ids)
                at += WIDTH[n]
    return Deep({n: tables[n].values for n in names}, hidden.values, hidden_bias.values, out.values, bias.values)


def _mask(luck: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return (luck.random(shape, dtype=np.float32) >= DROP).astype(np.float32) / np.float32(1 - DROP)


# --- model -----------------------------------------------------------------------------------------------------------------


def fitted(example: Example, known: Vocabulary, topics: tuple[str, ...]) -> Model:
    """The model of these examples, in the small integers it is shipped with; its thresholds are still 0."""
    whole = len(known.short) + len(known.long)
    widths = {name: whole if name == "sentence" else len(known.short) for name in example.rows}
    flat, flat_bias = linear(example, widths)
    high = deep(example, widths)
    return Model(
        topics, known,
        {name: _quantised(np.concatenate([high.tables[name], flat[name]], axis=1)) for name in example.rows},
        high.hidden.astype(np.float16).astype(np.float32), high.hidden_bias, (high.out * DEEP_SHARE).astype(np.float32),
        (flat_bias + DEEP_SHARE * high.bias).astype(np.float32), np.zeros(len(topics), np.float32),
    )  # fmt: skip


def _quantised(table: Array) -> Table:
    scale = np.maximum(np.abs(table).max(axis=0), 1e-6) / 127
    return Table(np.rint(table / scale).astype(np.int8), scale.astype(np.float32))


def thresholds(labels: Array, found: Array, rounds: int = 4) -> Array:
    """A threshold for each topic: between the one that is best for F1 over all topics together, and the one for its own.

    The first alone would give up weak topics, of which most of what is said is wrong. A topic with hardly an example is never
    said: its threshold could only be chance.
    """
    own = np.array([_best(labels[:, n], found[:, n], 0, 0, 0) for n in range(labels.shape[1])])
    limits = own.copy()
    for _ in range(rounds):
        for n in range(len(limits)):
            others = np.arange(len(limits)) != n
            said = found[:, others] > limits[others]
            right = int((said & labels[:, others]).sum())
            limits[n] = _best(labels[:, n], found[:, n], right, int(said.sum()), int(labels[:, others].sum()))
    limits += KINDNESS * (own - limits)
    limits[labels.sum(0) < FEWEST] = NEVER
    return limits.astype(np.float32)


def _best(labels: Array, found: Array, right: int, said: int, meant: int) -> float:
    order = np.argsort(-found, kind="stable")
    hits = right + np.cumsum(labels[order])
    merit = 2 * hits / (said + np.arange(1, len(order) + 1) + meant + labels.sum())
    best = int(merit.argmax())
    return float(found[order[best]] + found[order[min(best + 1, len(order) - 1)]]) / 2
