"""Trains the model that weighs what the rules read of a sentence: labelled sentences → `catalogue/models/statements.json`.

    python scripts/train_statements.py read LABELS TEXTS OUT POLICIES…   what the rules read of each labelled sentence, as JSON
    python scripts/train_statements.py fit READ…                         write the model
    python scripts/train_statements.py fit READ… --check                 no file; eight times without an eighth of the documents

The two steps are apart on purpose: ``read`` must be run with rules that nobody changed after looking at these sentences (another
checkout in PYTHONPATH), else the model learns to trust the rules more than it should on new text. Labels and texts are those of
`tests/bench/policy_statements.py`; POLICIES are the folders that the labels name as their sources.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: sums in one order, so the same bytes every time

import argparse
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.policy import collector
from mingcha.collect.policy.information import NAMING as TAKING
from mingcha.collect.policy.mentions import mentions
from mingcha.collect.policy.roles import role_of
from mingcha.collect.policy.text import Sentence
from mingcha.formats.page import Document, read
from mingcha.model.artefact import Artefact

Array = NDArray[Any]
LABELS = [
    ["collect", False, "app"],
    ["collect", False, "third"],
    ["collect", True, "app"],
    ["share", False, "app"],
    ["share", True, "app"],
]
CUES = {
    "zh": (
        "state_collect", "state_no", "information_word", "state_named", "state_thing", "state_then", "state_share", "collect",
        "state_consent", "state_whom", "state_towards", "state_obtain", "state_we", "mention_way", "other_party", "state_with",
        "state_lets", "state_needs", "mention_part", "state_noun_after", "state_function", "state_of", "when", "state_others",
        "firm_negation", "state_void_no", "state_speaks", "state_finite", "state_of_others", "state_such_as", "share",
        "state_able", "handling", "state_including", "state_give", "state_information",
    ),
    "en": (
        "state_speaks", "state_share", "state_information", "state_no", "state_if", "information_word", "state_finite",
        "state_collect", "state_we", "state_others", "state_give", "state_used", "state_consent", "mention_data",
    ),
}  # fmt: skip
LEADS = (
    "collect", "share", "state_collect", "state_share", "state_others", "sdk", "heading_collects", "state_no", "third_collects",
    "state_used",
)  # fmt: skip
DROP, LET = 0.25, 0.5
PENALTY = 1.0
PARTS = 8
_ALONE = "appsi139"
_STRETCH = 400
"""Lines of APPSI-139 that count as one document."""


# --- what the rules read ---------------------------------------------------------------------------------------------


def read_all(labels: Path, texts: Path, folders: list[Path]) -> list[dict[str, Any]]:
    """One record for each labelled sentence that is found as one sentence of its document."""
    tables = load()
    named = {folder.name: folder for folder in folders}
    full = json.loads(texts.read_text("utf-8"))

    @cache
    def of_file(file: Path) -> tuple[Document, list[dict[str, Any]]]:
        return _read(file.read_bytes(), file.name, tables)

    found = []
    for row in yaml.safe_load(labels.read_text("utf-8")):
        text, (source, _, inside) = full[row["sha256"]]["text"], row["source"].partition("/")
        lone = source == _ALONE
        document, sentences = (
            _read(text.encode(), "policy.txt", tables) if lone else of_file(named[source] / inside / row["file"])
        )
        wanted = _bare(text)
        where = {p.number for p in document.paragraphs if wanted in _bare(p.text) or _bare(p.text) in wanted}
        near = [
            one
            for one in sentences
            if one["number"] in where and (_bare(one["text"]) in wanted or wanted in _bare(one["text"]))
        ]
        if near:
            place = f"{row['source']} {row.get('paragraph', 0) // _STRETCH if lone else row['file']}"
            gold = sorted({(said["does"], said["negated"], said["who"]) for said in row["statements"]})
            found.append({"document": place, "gold": gold, "sentences": near})
    return found


def _read(data: bytes, name: str, tables: Catalogue) -> tuple[Document, list[dict[str, Any]]]:
    document = read(data, name)
    artefact = Artefact(sha256="0" * 64, name=name, kind="policy", size=1)
    sentences: list[dict[str, Any]] = []
    for part in collector._parts(artefact, document, tables, role_of(document, name, tables.terms)):
        told: dict[int, list[Any]] = {}
        for one in part.told:
            fact, who = one.fact, "app" if one.fact.party == "app" else "third"
            told.setdefault(one.at, []).append(
                [fact.does, fact.negated, who, fact.information, bool(fact.condition), one.item]
            )
        for at, sentence in enumerate(part.reading.sentences):
            sentences.append(
                {
                    "number": sentence.number, "text": sentence.text, "plain": sentence.plain, "lead": sentence.lead,
                    "header": sentence.header, "row": sentence.row, "language": sentence.language,
                    "topics": sorted(part.reading.topics[at]) if part.reading.topics else [], "said": told.get(at, []),
                }
            )  # fmt: skip
    return document, sentences


def _bare(text: str) -> str:
    return "".join(text.split()).replace("|", "")


# --- fitting ---------------------------------------------------------------------------------------------------------


def feature_rows(records: list[dict[str, Any]]) -> list[dict[str, float]]:
    """The features of each record; of a sentence that the reader cut in parts, those of all together."""
    from mingcha.collect.policy.weighing import cues, features  # here: other checkouts, which only read, have none

    tables = load().terms
    rows = []
    for record in records:
        first = record["sentences"][0]
        terms = tables[first["language"]]
        text = " ".join(one["plain"] for one in record["sentences"])[:600]
        said = [one for sentence in record["sentences"] for one in sentence["said"]]
        sentence = Sentence(
            number=0, text=text, plain=text, lead=first["lead"], header=tuple(first["header"] or ()) or None,
            language=first["language"],
        )  # fmt: skip
        topics = frozenset(topic for one in record["sentences"] for topic in one["topics"])
        row = features(
            sentence, topics, list(mentions(terms, text)), [(one[0], one[1], one[2]) for one in said],
            item=any(one[5] for one in said), conditional=any(one[4] for one in said),
            known=any(one[3] != "generic.pi" for one in said),
        )  # fmt: skip
        rows.append(row | cues(terms, text, first["lead"], CUES[terms.language], LEADS))
    return rows


def fitted(rows: Array, labels: Array) -> Array:
    """Weights, the bias last, of a logistic regression with a quadratic penalty on all but the bias; by Newton's method."""
    inputs = np.column_stack([rows, np.ones(len(rows))])
    penalty = np.full(inputs.shape[1], PENALTY)
    penalty[-1] = 1e-6
    weight = np.zeros(inputs.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weight, -30, 30)))
        slope = inputs.T @ (chance - labels) + penalty * weight
        curve = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weight -= step
        if np.abs(step).max() < 1e-6:
            break
    return weight


def matrix(rows: list[dict[str, float]], names: list[str]) -> Array:
    """The features as a matrix, columns in the order of ``names``."""
    return np.array([[row.get(name, 0.0) for name in names] for row in rows])


def combined(chance: Array, said: Array, taking: Array) -> Array:
    """What is stated in the end, as `weighing` has it but for the sentences that say what need not be."""
    apps = np.array([who == "app" and not negated for _, negated, who in LABELS])
    kept = said & ((chance > DROP) | ~apps)
    silent = taking[:, None] & ~kept.any(axis=1, keepdims=True)
    return kept | ((chance > LET) & np.array([not negated for _, negated, _ in LABELS]) & silent)


def check(records: list[dict[str, Any]], inputs: Array) -> None:
    """Print how well whole documents are read by models that did not see them, beside the rules alone."""
    wanted = [[list(one) for one in record["gold"] if one[0] in ("collect", "share")] for record in records]
    gold = np.array([[label in one for label in LABELS] for one in wanted])
    read_of = [
        [one[:3] for sentence in record["sentences"] for one in sentence["said"] if one[0] in ("collect", "share")]
        for record in records
    ]
    said = np.array([[label in one for label in LABELS] for one in read_of])
    documents = sorted({record["document"] for record in records})
    part = np.array([documents.index(record["document"]) % PARTS for record in records])
    chance = np.zeros(gold.shape)
    for number in range(PARTS):
        train, test = part != number, part == number
        for column in range(len(LABELS)):
            weight = fitted(inputs[train], gold[train, column])
            chance[test, column] = 1 / (1 + np.exp(-(np.column_stack([inputs[test], np.ones(test.sum())]) @ weight)))
    taking = np.array(
        [any(topic in TAKING for one in record["sentences"] for topic in one["topics"]) for record in records]
    )
    states = np.array([bool(record["gold"]) for record in records])
    for name, found in (("rules", said), ("weighed", combined(chance, said, taking))):
        right = (found == gold).all(axis=1)
        both = (found & gold).sum()
        print(f"{name}: wholly right {right.mean():.3f} of {len(right)}, {right[states].mean():.3f} of {states.sum()} that state something; "
              f"P {both / found.sum():.3f} R {both / gold.sum():.3f}")  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    reads = commands.add_parser("read")
    for name in ("labels", "texts", "out"):
        reads.add_argument(name, type=Path)
    reads.add_argument("policies", type=Path, nargs="+")
    fits = commands.add_parser("fit")
    fits.add_argument("read", type=Path, nargs="+")
    fits.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.command == "read":
        options.out.write_text(
            json.dumps(read_all(options.labels, options.texts, options.policies), ensure_ascii=False), "utf-8"
        )
        return
    records = [record for file in options.read for record in json.loads(file.read_text("utf-8"))]
    rows = feature_rows(records)
    names = sorted({name for row in rows for name in row})
    inputs = matrix(rows, names)
    if options.check:
        check(records, inputs)
        return
    gold = np.array([[label in [list(one) for one in record["gold"]] for label in LABELS] for record in records])
    found = np.round(np.column_stack([fitted(inputs, gold[:, column]) for column in range(len(LABELS))]), 3)
    from mingcha.collect.policy.weighing import FILE

    model = {
        "labels": LABELS, "bias": found[-1].tolist(), "drop": DROP, "let": LET, "cues": CUES, "leads": LEADS,
        "weights": {name: row.tolist() for name, row in zip(names, found, strict=False)},
    }  # fmt: skip
    FILE.write_text(json.dumps(model, ensure_ascii=False, indent=0) + "\n", "utf-8")
    print(f"{FILE}: {len(names)} features, {len(records)} sentences")


if __name__ == "__main__":
    main()
