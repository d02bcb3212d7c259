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
    runbooks,
    severity,
    status,
    tasks,
    timeline,
    updates,
    webhooks,
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
    *runbooks.KINDS,
    *evidence.KINDS,
    *house.KINDS,
    *webhooks.KINDS,
)
