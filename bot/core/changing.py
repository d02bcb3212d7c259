"""How does an incident become another one, fact by fact?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.incident import Incident

__all__ = ["changed"]

if TYPE_CHECKING:
    from dataclasses import replace as changed  # which has names and types checked
else:

    def changed(incident: Incident, **changes: object) -> Incident:
        """As `dataclasses.replace`, in a sixth of the time: a declare changes it 22 times."""
        after = object.__new__(Incident)
        after.__dict__.update(vars(incident) | changes)
        return after
