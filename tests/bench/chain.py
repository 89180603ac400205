"""Time and memory of the evidence chain: making and checking 200,000 links, the tree, a package of one case and its check.

python -m tests.bench.chain [LINKS]
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from mingcha.casework.chain import Link, check, link
from mingcha.casework.checkpoints import sign
from mingcha.casework.commitments import sealed
from mingcha.casework.keys import first_key, signer
from mingcha.casework.merkle import Tree
from mingcha.casework.package import Contents, write
from mingcha.casework.verifying import verify

_T = TypeVar("_T")
BY = signer(bytes(range(32)))
MOMENT = "2026-11-22T10:00:00+08:00"
EVENTS = 500
"""Events of the one case that is packed."""


def chain(count: int) -> list[Link]:
    """A chain of events as casework makes them: a few words, one hash, one commitment."""
    links: list[Link] = []
    for number in range(count):
        said = {"file": f"{number:064x}", "note": "收到检测样本并封存", "who": sealed(str(number), bytes(32))}
        case = f"case-{number % max(count // EVENTS, 1)}"
        before = links[-1] if links else None
        links.append(link(before, time=MOMENT, actor="inspector-1", act="evidence.received", object=case, body=said))
    return links


def measured(what: str, work: Callable[[], _T]) -> tuple[str, _T]:
    """A line with the time that the work took, and its result."""
    began = time.perf_counter()
    result = work()
    return f"{what}: {time.perf_counter() - began:.2f} s", result


def rows(count: int) -> Iterator[str]:
    """Each step with its time."""
    told, links = measured(f"{count} links made, each with a commitment", lambda: chain(count))
    yield told
    told, faults = measured("checked", lambda: check(links))
    yield f"{told}; faults: {len(faults)}"
    told, tree = measured("tree over all", lambda: Tree(one.hash for one in links))
    yield told
    ours, keys = [one for one in links if one.object == "case-0"], [first_key(BY, MOMENT)]
    whole = Contents(
        number="1", case={}, links=ours, tree=tree, checkpoint=sign(tree, MOMENT, BY), keys=keys,
    )  # fmt: skip
    told, data = measured(f"package of one case with {len(ours)} events", lambda: write(whole, MOMENT, BY))
    yield f"{told}; {len(data) / 1024:.0f} KiB"
    told, result = measured("checked offline", lambda: verify(data, keys))
    yield f"{told}; {result.verdict}"
    yield f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"


def main() -> int:
    """Print the steps."""
    for row in rows(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000):
        print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
