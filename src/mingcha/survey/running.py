"""A survey from its sources to a packed dataset: hand out, keep account, pack; safe to interrupt anywhere and to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from mingcha.survey.dataset import Dataset, Known, Part
from mingcha.survey.rows import Item, ItemRow, Plan, Told
from mingcha.survey.tables import write, write_records

PACK = 2000
"""Apps of one pack."""
Engine = Callable[[Iterable[Item], Plan, str], Iterator[Told]]


@dataclass
class Account:
    """What a run has come to."""

    run: int
    outcomes: dict[str, int] = field(default_factory=lambda: {"done": 0, "known": 0, "failed": 0})
    rows: list[ItemRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Items told of so far."""
        return sum(self.outcomes.values())

    def take(self, told: Told) -> None:
        """Count it, and keep its row for the next pack."""
        self.outcomes[told.outcome] += 1
        if told.problem:
            self.problems.append(f"{told.item.name}: {told.problem}")
        self.rows.append(_item_row(self.run, told))


def run(
    items: Iterable[Item], plan: Plan, url: str, engine: Engine, tell: Callable[[Account], object] = bool
) -> Account:
    """Examine everything, pack as it comes, and give the account. An interruption packs what there is before it goes on up."""
    dataset = Dataset(url)
    dataset.begin(plan)
    account, known = Account(dataset.next_number("runs")), Known(dataset)
    dataset.write(msgspec.json.encode(plan), "runs", f"{account.run:06d}.json")
    try:
        for told in engine(items, plan, url):
            account.take(told)
            tell(account)
            if len(account.rows) >= PACK:
                pack(dataset, account, known)
    finally:
        pack(dataset, account, known)
    return account


def pack(dataset: Dataset, account: Account, known: Known) -> None:
    """Everything spooled becomes Parquet, and then the account's items."""
    known.refresh()
    keys = sorted(dataset.spooled())
    dataset.forget([key for key in keys if known.packed(key)])  # packed before an interruption, and not yet removed
    fresh = [key for key in keys if not known.packed(key)]
    for at in range(0, len(fresh), PACK):
        _pack(dataset, account.run, fresh[at : at + PACK])
    if account.rows:
        number = dataset.next_number("parts")
        file = write(dataset, "items", account.rows, "tables", "items", f"{number:06d}.parquet")
        _commit(dataset, Part(number=number, run=account.run, files={"items": file}))
        account.rows.clear()


def _pack(dataset: Dataset, run: int, keys: Sequence[str]) -> None:
    """One part: its files first, then the word that it exists, then the spool is emptied of it."""
    number = dataset.next_number("parts")
    files = write_records(dataset, dataset.unspooled(keys), f"{number:06d}.parquet")
    _commit(dataset, Part(number=number, run=run, files=files, keys=tuple(keys)))
    dataset.forget(keys)


def _commit(dataset: Dataset, part: Part) -> None:
    dataset.write(msgspec.json.encode(part), "parts", f"{part.number:06d}.json")


def _item_row(run: int, told: Told) -> ItemRow:
    item = told.item
    return ItemRow(
        run=run,
        name=item.name,
        key=told.key,
        outcome=told.outcome,
        category=item.category,
        developer=item.developer,
        downloads=item.downloads,
        store=item.store,
        seconds=round(told.seconds, 3),
        peak_mib=told.peak_mib,
    )
