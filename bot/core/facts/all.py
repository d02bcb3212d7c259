"""Which kinds of facts are there?"""

from __future__ import annotations

from bot.core.facts import (
    Fact,
    decisions,
    evidence,
    house,
    incidents,
    people,
    roles,
    rooms,
    severity,
    status,
    tasks,
    timeline,
    updates,
)

KINDS: tuple[type[Fact], ...] = (
    *incidents.KINDS,
    *people.KINDS,
    *roles.KINDS,
    *rooms.KINDS,
    *severity.KINDS,
    *status.KINDS,
    *updates.KINDS,
    *decisions.KINDS,
    *timeline.KINDS,
    *tasks.KINDS,
    *evidence.KINDS,
    *house.KINDS,
)
