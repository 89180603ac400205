"""Our own examination of APKs in one process, as a worker of a survey does it: `python -m tests.bench.own_kept FLOWS APK...`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence

from mingcha.catalogue.load import load
from mingcha.survey.dataset import Dataset
from mingcha.survey.examine import examine, plan_of
from mingcha.survey.rows import Item
from tests.bench.timed import each


def main(flows: str, apks: Sequence[str]) -> None:
    plan = plan_of(load(), (), flows, 2 << 30, 300)
    with tempfile.TemporaryDirectory() as url:
        Dataset(url).begin(plan)

        def work(apk: str) -> None:
            told = examine(Item(name=apk, app=apk), plan, url)
            if told.outcome != "done":
                raise SystemExit(f"{apk}: {told}")

        each(apks, work)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
