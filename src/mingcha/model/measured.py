"""How well the policy reader finds a provision, measured on policies its rules were not written from."""

from __future__ import annotations

from msgspec import Struct

from mingcha.model.words import Provision

POSITIVES, MISSED, FALSE_SHARE = 150, 1, 0.02
"""Least number of policies that state a provision, most of them missed, and most false ones among all verdicts "absent"."""


class Measured(Struct, frozen=True, kw_only=True):
    """``missed`` of ``positives`` policies that state the provision were read without it and without a sentence near it.

    ``absent`` counts the verdicts "absent" that were right, on whole policies out of which the stating sentences were taken.
    ``source`` names the labels and the day.
    """

    provision: Provision
    language: str
    positives: int
    missed: int
    absent: int
    source: str

    @property
    def proves_absence(self) -> bool:
        """Whether silence of a text that was wholly read counts: a missed phrase must not become a false breach."""
        false_share = self.missed / max(1, self.missed + self.absent)
        return self.positives >= POSITIVES and self.missed <= MISSED and false_share <= FALSE_SHARE and self.absent > 0
