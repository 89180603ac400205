"""How often the policy reader says that a provision is absent although it is there: CA4P-483, by whole policy.

Positives are policies in which its annotators gave a paragraph the class; absent cases are the same policies with those
paragraphs taken out. Only figures are kept: the corpus states no licence. A provision may be called absent by the reader
only where ``catalogue/measured.yaml`` holds such figures and they pass (`mingcha.model.measured`).

    python -m tests.bench.policy_absence FOLDER   # a checkout of zacharykzhao/CA4P-483
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.policy import collector as policy
from mingcha.formats.page import Document, Paragraph
from mingcha.model.artefact import Artefact
from mingcha.model.fact import ProvisionNear, ProvisionStated

CLASSES: dict[str, tuple[str, ...]] = {
    "minors": ("年龄限制条款",),
    "contact": ("开发者公司名称联系方式",),
    "retention": ("数据保存",),
    "update_notice": ("隐私政策修改更新",),
    "security": ("数据安全",),
    "cookies": ("网站Cookie及WebBeacon使用",),
    "withdrawal": ("获取撤回同意",),
    "sharing": ("第三方收集或共享个人信息",),
}
"""Provision → classes of paragraphs that state it."""
_BLANK = re.compile(r"\s+")
ARTEFACT = Artefact(sha256="0" * 64, name="policy.txt", kind="policy", size=1)


@cache
def _tables() -> Catalogue:
    return load()


def text_of(file: Path) -> list[str]:
    """The paragraphs of one policy of the corpus."""
    body = file.read_text("utf-8").partition("<article>")[2]
    lines = re.sub(r"<br\s*/?>|</p>|</h\d>|</div>|</pre>", "\n", body)
    text = re.sub(r"&[a-z]+;|&#\d+;", " ", re.sub(r"<[^>]+>", "", lines))
    return [line.strip() for line in text.splitlines() if line.strip()]


def found(lines: list[str]) -> set[str]:
    """The provisions the reader sees, and those it would show a near sentence of: all that it would not call absent."""
    document = Document("", "zh-Hans", tuple(Paragraph(n, line) for n, line in enumerate(lines, 1)))
    facts = policy.collect(ARTEFACT, document, _tables())
    return {fact.provision for fact in facts if isinstance(fact, ProvisionStated | ProvisionNear)}


def without(lines: list[str], taken: str) -> list[str]:
    """The paragraphs that are no part of a text (white space aside)."""
    return [line for line in lines if _BLANK.sub("", line) not in taken]


def of_policy(file: Path, folder: Path) -> list[tuple[str, str]]:
    """What happened: for each provision ``found`` or ``missed``, then ``absent`` or ``stays`` with its paragraphs taken out."""
    lines = text_of(folder / "raw_data" / f"{file.stem}.html")
    rows = json.loads(file.read_text("utf-8"))
    if not lines:
        return []
    seen = found(lines)
    said: list[tuple[str, str]] = []
    for provision, classes in CLASSES.items():
        taken = "\n".join(_BLANK.sub("", row["text"]) for row in rows if row["classId_name"] in classes)
        if not taken:
            continue
        said.append((provision, "found" if provision in seen else f"missed {file.stem}"))
        rest = without(lines, taken)
        if len(rest) < len(lines):
            said.append((provision, "stays" if provision in found(rest) else "absent"))
    return said


def figures(folder: Path) -> Iterator[str]:
    """One line for each provision, with the numbers of the policies in which it was missed."""
    files = sorted((folder / "data_preprocess" / "merged_json").glob("[0-9]*.json"))
    count: Counter[tuple[str, str]] = Counter()
    missed: dict[str, list[str]] = {}
    with ProcessPoolExecutor(1) as pool:
        for said in pool.map(of_policy, files, [folder] * len(files), chunksize=8):
            for provision, outcome in said:
                word, _, name = outcome.partition(" ")
                count[provision, word] += 1
                if name:
                    missed.setdefault(provision, []).append(name)
    for provision in CLASSES:
        n = {word: count[provision, word] for word in ("found", "missed", "absent", "stays")}
        wrong = n["missed"] / max(1, n["missed"] + n["absent"])
        yield (
            f"{provision}: positives {n['found'] + n['missed']}, missed {n['missed']}; taken out: absent {n['absent']}, "
            f"still found {n['stays']}; false share of 'absent' {wrong:.3f}; missed in {' '.join(missed.get(provision, ())[:40])}"
        )


if __name__ == "__main__":
    print("\n".join(figures(Path(sys.argv[1]))))
