"""Provisions that a policy does not state: said only where our silence is measured to be worth something.

A missed phrase must not become a false breach. So a provision is called absent only if (1) no rule found it and
no sentence comes near it, and that the reader's silence means this is measured and passes (`Measured.proves_absence`), (2) a main policy in that language was read as a whole, with the topic
model, and (3) every list or annex that it refers to was handed in.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Case
from mingcha.model.fact import Fact, PolicyDocument, ProvisionAbsent, ProvisionNear, ProvisionStated
from mingcha.model.factbase import Covered, FactBase

_OURS = frozenset({"policy.recall_unmeasured"})
"""Gaps over provisions that a measured recall answers."""
_LANGUAGE = {"zh-Hans": "zh", "en": "en"}


def provisions_absent(base: FactBase, _: Case, tables: Catalogue, __: FactBase | None) -> Iterator[Fact | Covered]:
    """A fact for each measured provision that no document of the case states; what is stated is certainly not absent."""
    stated = {fact.provision for fact in base.of_kind("ProvisionStated") if isinstance(fact, ProvisionStated)}
    yield from (Covered(kind="ProvisionAbsent", where={"provision": p}, collector="relate") for p in sorted(stated))
    policies = [fact for fact in base.of_kind("PolicyDocument") if isinstance(fact, PolicyDocument)]
    mains = [policy for policy in policies if policy.role == "main"]
    open_ = any(
        "ProvisionStated" in gap.hides and gap.code not in _OURS and gap.reason != "missing" for gap in base.gaps
    )
    referred = any(gap.code == "policy.list_not_given" for gap in base.gaps)
    if len(mains) != 1 or open_ or referred or not (mains[0].collection_rules and mains[0].learnt):
        return
    language = _LANGUAGE.get(mains[0].language or "")
    near = {fact.provision for fact in base.of_kind("ProvisionNear") if isinstance(fact, ProvisionNear)}
    for row in tables.measured:
        if row.language == language and row.proves_absence and row.provision not in stated | near:
            yield ProvisionAbsent(
                place=mains[0].place,
                sources=(mains[0].id,),
                provision=row.provision,
                positives=row.positives,
                missed=row.missed,
            )
