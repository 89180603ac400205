"""Count the policies that come out breached by their text alone: `python -m tests.bench.policy_accused FOLDER...`.

No text may accuse anybody by itself unless a promise is firm and too long; of the 122 policies of CAPP-130 (by default
../shared/data/capp130/original, which is no part of the repository: without it nothing is measured, and that is said) none may.
Only numbers are printed, and the clauses of policies that are breached; the exit code is 1 if there are any.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.policy import collector as policy
from mingcha.errors import FormatError
from mingcha.formats.page import read
from mingcha.judge.evaluate import judge
from mingcha.model.artefact import Artefact, Case
from mingcha.model.factbase import FactBase
from mingcha.relate.joins import relate

ORIGINALS = Path(__file__).parents[3] / "shared" / "data" / "capp130" / "original"
_KINDS = (".txt", ".html", ".md", ".mdx", ".docx", ".pdf")


def outcomes(file: Path, tables: Catalogue) -> Iterator[tuple[str, str]]:
    """Clause and outcome, by the text of one policy, of every clause of every rule set."""
    artefact = Artefact(sha256="0" * 64, name=file.name, kind="policy", size=1)
    found = policy.collect(artefact, read(file.read_bytes(), file.name), tables)
    base = relate(FactBase().with_findings(found), Case(), tables)
    for regulation in tables.regulations.values():
        for verdict in judge(regulation.clauses, base, Case(), (), tables.is_a):
            yield verdict.clause, verdict.outcome


def accused(folder: Path, tables: Catalogue) -> tuple[int, Counter[str], list[str]]:
    """How many policies were read, how often each outcome came out, and what was breached where."""
    count: Counter[str] = Counter()
    breached: list[str] = []
    files = sorted(file for file in folder.iterdir() if file.suffix in _KINDS)
    read_files = 0
    for file in files:
        try:
            found = list(outcomes(file, tables))
        except FormatError as error:
            print(f"not read: {file.name}: {error}")
            continue
        read_files += 1
        count.update(outcome for _, outcome in found)
        breached += [f"{file.name} {clause}" for clause, outcome in found if outcome == "breached"]
    return read_files, count, breached


def main(folders: list[Path]) -> int:
    """The command line; 2 if a folder is missing, so that no one takes silence for a pass."""
    missing = [folder for folder in folders if not folder.is_dir()]
    for folder in missing:
        print(f"NOT MEASURED: {folder} is not here")
    tables = load()
    wrong: list[str] = []
    for folder in folders:
        if folder in missing:
            continue
        read_files, count, breached = accused(folder, tables)
        print(f"{folder}: {read_files} policies, {len(breached)} breached by text alone; {dict(count)}")
        wrong += breached
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]] or [ORIGINALS]))
