"""What the ladders speak of: a row with a process, a state, and a name in the chain of events."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mingcha.casework.ladder import Ladder, ladder
from mingcha.service.text import Text


class Thing(models.Model):
    """A row whose state is the fold of its events. ``state`` is empty until the first event."""

    PROCESS: ClassVar[str]
    state = models.CharField(max_length=24, default="", editable=False, db_index=True)

    class Meta:
        """Each process has its own table."""

        abstract = True

    @property
    def process(self) -> str:
        """The name of its ladder."""
        return self.PROCESS

    @property
    def key(self) -> str:
        """Its name in the chain of events: process and number."""
        return f"{self.process}:{self.pk}"

    @property
    def ladder(self) -> Ladder:
        """What may happen to it."""
        return ladder(self.process)

    @property
    def state_name(self) -> Text:
        """Its state in words."""
        state = self.ladder.states.get(self.state)
        return Text(state.zh, state.en) if state else Text("未开始", "not begun")

    @property
    def ended(self) -> bool:
        """Whether nothing more is expected."""
        return bool(self.state) and self.ladder.states[self.state].ends
