"""Fill a fresh database of the service: `python -m tests.bench.service_data APPS FINDINGS FILE`, with the environment of the service.

Writes into FILE which apps there are and what people look for.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from pathlib import Path
from typing import Any

from mingcha.casework.chain import Link

SEED = 7
_STEP = 2500
_VARIANTS = 120
_QUESTIONS = 4000


def main() -> None:
    """Tables, the demonstration's people, then the apps."""
    asked = argparse.ArgumentParser()
    asked.add_argument("apps", type=int)
    asked.add_argument("findings", type=int)
    asked.add_argument("file", type=Path)
    given = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingcha.service.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    began = time.perf_counter()
    made = filled(given.apps, given.findings)
    given.file.write_text(json.dumps(made, ensure_ascii=False))
    print(
        f"{made['apps']} apps, {made['findings']} findings, {made['events']} events in {time.perf_counter() - began:.0f} s",
        flush=True,
    )


def filled(apps: int, findings: int) -> dict[str, object]:
    """Write the world; says the first and last app, and questions of two characters."""
    from mingcha.service import clock, demo, projections
    from mingcha.service.models import Head, Operator, Subject
    from tests.bench.service_cards import variants
    from tests.bench.service_names import question
    from tests.bench.service_rows import fill, hasty, settled
    from tests.bench.service_world import World, stretches

    hasty()
    chance = random.Random(SEED)
    world = World(demo.make(), clock.now(), variants(chance, _VARIANTS), _end(Head.objects.get(pk=1)), SEED)
    fill(Operator, ({"id": one.pk, "name": one.name} for one in world.operators))
    names = []
    for part in stretches(world, apps, findings, _STEP):
        names += part
        taken = world.taken()
        for model in _order(taken):
            fill(model, taken[model])
    assert world.last is not None
    Head.objects.filter(pk=1).update(count=world.last.seq, hash=world.last.hash)
    projections.begun()
    projections.caught_up(apps + len(names))
    settled()
    asked = [question(chance, chance.choice(names)) for _ in range(_QUESTIONS)]
    first = Subject.objects.order_by("pk").values_list("pk", flat=True)[0]
    return {"first": first, "apps": apps, "findings": world.findings, "events": world.last.seq, "questions": asked}


def _end(head: Any) -> Link:
    """The end of the chain, as far as the next link needs it."""
    return Link(seq=head.count, hash=head.hash, time="", actor="", act="", object="", body={}, previous="")


def _order(tables: object) -> list[type]:
    """What is pointed at comes before what points at it."""
    from mingcha.service.models import (
        Case,
        Document,
        Event,
        Evidence,
        Finding,
        Gram,
        Listing,
        Report,
        Subject,
        Task,
        Version,
    )

    wanted = (Evidence, Subject, Gram, Listing, Version, Report, Case, Task, Finding, Document, Event)
    return [one for one in wanted if one in tables]  # type: ignore[operator]


if __name__ == "__main__":
    main()
