"""The corpora that the topic models are trained on, each cut into five parts of whole policies.

Chinese: CAPP-130 (Zhu et al., NeurIPS 2023), data CC BY 4.0. English: APPSI-139 (Zhu et al., ACL 2026), data CC BY 4.0,
of which only files without the names of the policies could be had.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from policy_fit import SEED

from mingcha.collect.policy.text import plain

Array = NDArray[Any]
PARTS = 5
TOPICS = {
    "数据收集": "collection",
    "权限获取": "permission",
    "共享、委托、转让、公开（披露）": "sharing",
    "使用": "use",
    "存储方式": "storage",
    "安全措施": "security",
    "特殊人群": "minors",
    "数据、权限管理": "rights",
    "联系方式": "contact",
    "隐私政策的授权、修改与变更": "revision",
    "停止运营": "closure",
}
"""Labels of CAPP-130, and ours; its marks for importance and risk are left aside."""
NAMES = tuple(TOPICS.values())
_ENGLISH_ORDER = (
    "collection", "permission", "sharing", "use", "storage", "security", "rights", "contact", "revision", "closure", "minors",
)  # fmt: skip
"""The columns of APPSI-139."""


class Corpus(NamedTuple):
    """Labelled sentences in order: the policy and the part each stands in. In a ``lone`` corpus they have no neighbours."""

    sentences: list[str]
    policy: Array
    part: Array
    labels: Array
    lone: bool = False


def capp130(folder: Path) -> Corpus:
    """The annotated policies of CAPP-130, in the order of their numbers; parts are dealt out after a shuffle with a fixed seed."""
    files = sorted((folder / "annotation").glob("rw_*.jsonl"), key=lambda file: int(re.sub(r"\D", "", file.stem)))
    rows = [(n, json.loads(line)) for n, file in enumerate(files) for line in file.read_text("utf-8").splitlines()]
    labels = [[topic in {TOPICS.get(label) for label in row["label"]} for topic in NAMES] for _, row in rows]
    policy = np.array([n for n, _ in rows])
    dealt = np.random.default_rng(SEED).permutation(len(files)) % PARTS
    return Corpus([plain(row["text"]) for _, row in rows], policy, dealt[policy], np.array(labels))


def appsi139(folder: Path) -> Corpus:
    """Sentences of APPSI-139: those with topics, and as counter-examples those that its annotators found of no importance.

    The training file of its topics keeps the order of the policies, so five stretches of it are, but for the four policies
    at the seams, five sets of whole policies; its other files mix the policies and are left out. The counter-examples
    have no order at all and are dealt out by their text.
    """
    base = folder / "APPSI_139_Corpus" / "Subdataset" / "Extraction"
    told = list(_english(base / "topic_identification_dataset_instance" / "train.txt"))
    others = {
        _bare(text)
        for name in ("train", "dev", "test")
        for text, _ in _english(base / "topic_identification_dataset_instance" / f"{name}.txt")
    }
    rest = dict.fromkeys(
        text
        for text, label in _english(base / "imprtant_identification_dataset_instance" / "train.txt")
        if label == "0" and _bare(text) not in others
    )
    labels = [_columns(json.loads(label)) for _, label in told] + [[False] * len(NAMES)] * len(rest)
    part = [n * PARTS // len(told) for n in range(len(told))] + [
        zlib.crc32(_bare(text).encode()) % PARTS for text in rest
    ]
    sentences = [plain(text) for text, _ in told] + [plain(text) for text in rest]
    return Corpus(sentences, np.arange(len(sentences)), np.array(part), np.array(labels), lone=True)


def _english(file: Path) -> Iterator[tuple[str, str]]:
    """Sentences and their labels; the topic files have a comma for every blank, and two for a comma."""
    for line in file.read_text("utf-8").splitlines():
        text, tab, label = line.rpartition("\t")
        if tab:
            spaced = text if " " in text else text.replace(",,", "\0").replace(",", " ").replace("\0", ", ")
            yield re.sub(r"\]\([^)\s]*\)", "]", spaced), label


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _columns(row: list[int]) -> list[bool]:
    found = dict(zip(_ENGLISH_ORDER, row, strict=True))
    return [bool(found[name]) for name in NAMES]


READERS: dict[str, Callable[[Path], Corpus]] = {"zh": capp130, "en": appsi139}
