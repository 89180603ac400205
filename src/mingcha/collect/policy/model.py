"""The topic model of one language: read from its file, and scores of sentences in their surroundings.

It is linear: a score is a sum over the n-grams of each text that tells something about the sentence (the sentence itself, the
headings over it, two sentences before and after, the one that announced its list), each looked up in a table of small
integers, and over a few numbers for the form of the sentence and its place. ``scripts/train_policy.py`` makes the file; the
card beside it says from what, and how well it reads.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mingcha.catalogue.load import HOME
from mingcha.collect.policy.grams import Rows, Vocabulary, weighted

FORMAT = 2
MODELS = HOME / "models"
NEIGHBOURS = {"before": -1, "after": 1, "second before": -2, "second after": 2}
BLOCKS = ("sentence", "heading", *NEIGHBOURS, "lead")
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The date of every member of a model's file, so that it does not depend on the day it was made."""
_AT_ONCE = 1 << 17
"""Entries looked up at once: bounds memory for policies of any length."""
Floats = NDArray[np.float32]


class Table(NamedTuple):
    """A row of small integers for each n-gram, and what one unit of each column is worth."""

    cells: NDArray[np.int8]
    scale: Floats


class Model(NamedTuple):
    """Everything that the file holds; the columns of each table and of ``form`` are the topics."""

    topics: tuple[str, ...]
    vocabulary: Vocabulary
    tables: Mapping[str, Table]
    form: Floats
    bias: Floats
    thresholds: Floats


class Surroundings(NamedTuple):
    """What stands around each sentence, one entry for each: see policy_outline."""

    headings: Sequence[str]
    leads: Sequence[str]
    titles: Sequence[bool]


_READING = Lock()


def model_of(language: str) -> Model | None:
    """The shipped model of a language, or None where there is none; read once in a process, whatever number of threads asks."""
    with _READING:
        return _kept(language)


@cache
def _kept(language: str) -> Model | None:
    try:
        data = (MODELS / f"topics_{language}.npz").read_bytes()
    except OSError:
        return None
    return read_model(data)


def read_model(data: bytes) -> Model | None:
    """The model in these bytes, or None where they are none of this format."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            held = {name: file[name] for name in file.files}
        return _model(held) if held["format"].item() == FORMAT else None
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
        return None


def _model(held: Mapping[str, NDArray[np.generic]]) -> Model:
    floats = {name: held[name].astype(np.float32) for name in ("weight", "form", "bias", "thresholds")}
    weight = floats.pop("weight")
    return Model(
        topics=tuple(str(topic) for topic in held["topics"]),
        vocabulary=Vocabulary(held["short"].astype(np.uint32), held["long"].astype(np.uint32), weight),
        tables={
            block: Table(held[f"{block}_cells"].astype(np.int8, copy=False), held[f"{block}_scale"].astype(np.float32))
            for block in BLOCKS
            if f"{block}_cells" in held
        },
        **floats,
    )


def model_bytes(model: Model) -> bytes:
    """The file of a model; the same model gives the same bytes."""
    held: dict[str, NDArray[np.generic]] = {
        "format": np.array(FORMAT),
        "topics": np.array(model.topics),
        "short": model.vocabulary.short,
        "long": model.vocabulary.long,
        "weight": model.vocabulary.weight.astype(np.float16),
        "form": model.form,
        "bias": model.bias,
        "thresholds": model.thresholds,
    }
    for block, table in model.tables.items():
        held |= {f"{block}_cells": table.cells, f"{block}_scale": table.scale}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as parts:
        for name, array in held.items():
            part = io.BytesIO()
            np.lib.format.write_array(part, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _STAMP)
            entry.create_system = 3
            parts.writestr(entry, part.getvalue())
    return file.getvalue()


# --- scores ------------------------------------------------------------------------------------------------------------


def scores(model: Model, sentences: Sequence[str], around: Surroundings) -> Floats:
    """For each sentence and topic how far the sentence lies over the threshold of the topic.

    A model of lone sentences has one table, and does not ask where in the policy they stand.
    """
    if not sentences:
        return np.zeros((0, len(model.topics)), np.float32)
    return scored(model, dict(blocks(model.vocabulary, sentences, around)), shape(sentences, around))


def scored(model: Model, rows: Mapping[str, Rows], form: Floats) -> Floats:
    """``scores`` of sentences that are rows already; blocks without a table are passed over."""
    found: Floats = form @ model.form + (model.bias - model.thresholds)
    for block, table in model.tables.items():
        found += looked(table, rows[block])
    return found


def blocks(known: Vocabulary, sentences: Sequence[str], around: Surroundings) -> Iterator[tuple[str, Rows]]:
    """Each block of ``BLOCKS`` as rows, one for each sentence."""
    whole, short = weighted(known, sentences)
    number = np.arange(len(sentences))
    yield "sentence", whole
    yield "heading", _shared(known, around.headings)
    for name, distance in NEIGHBOURS.items():
        other = number + distance
        yield name, chosen(short, np.where((other >= 0) & (other < len(sentences)), other, -1))
    yield "lead", _shared(known, around.leads)


def _shared(known: Vocabulary, texts: Sequence[str]) -> Rows:
    """Rows of texts many of which are the same."""
    places = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    return chosen(weighted(known, list(places))[1], np.array([places[text] for text in texts]))


def chosen(rows: Rows, which: NDArray[np.int64]) -> Rows:
    """These rows in this order; -1 stands for an empty one."""
    sizes = np.where(which >= 0, rows.starts[which + 1] - rows.starts[which], 0)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    at = np.arange(starts[-1]) - np.repeat(starts[:-1] - rows.starts[which], sizes)
    return Rows(starts, rows.ids[at], rows.values[at])


def looked(table: Table, rows: Rows) -> Floats:
    """For each row the weighted sum of its n-grams' cells."""
    found = np.zeros((len(rows.starts) - 1, table.cells.shape[1]), np.float32)
    first = 0
    while first < len(found):
        last = max(first + 1, int(np.searchsorted(rows.starts, rows.starts[first] + _AT_ONCE, "right")) - 1)
        part = slice(int(rows.starts[first]), int(rows.starts[last]))
        filled = np.flatnonzero(np.diff(rows.starts[first : last + 1])) + first
        if len(filled):
            cells = table.cells[rows.ids[part]] * rows.values[part, None]
            found[filled] = np.add.reduceat(cells, rows.starts[filled] - part.start, axis=0)
        first = last
    return found * table.scale


def shape(sentences: Sequence[str], around: Surroundings) -> Floats:
    """What is told by the form of a sentence and its place in the policy."""
    place = np.arange(len(sentences)) / max(1, len(sentences))
    rows = (
        np.array([bool(title) for title in around.titles]),
        np.log1p([len(sentence) for sentence in sentences]) / 4,
        np.array([sentence.endswith(("：", ":")) for sentence in sentences]),
        np.array([sentence.endswith(("；", ";")) for sentence in sentences]),
        place,
        place < 0.05,
        place > 0.95,
    )
    return np.stack(rows, axis=1).astype(np.float32)
