"""By when does somebody say what kind of failure it is?"""

from __future__ import annotations

from bot.core.calendar import due, explain
from bot.core.deadlines import Deadline
from bot.core.outcome import Shown
from bot.features.classification.state import Classification


def deadlines(shown: Shown) -> list[Deadline]:
    """The primary bucket, until it is named; reckoned from the declare."""
    incident, policy = shown.incident, shown.policy
    span = policy.severities.of(incident.severity, incident.rank).classify
    start = incident.declared_at
    is_named = shown.states.of(Classification).bucket is not None
    if span is None or start is None or is_named or not incident.is_open:
        return []
    return [
        Deadline(
            name="classify",
            label="Classification",
            starts_at=start,
            due_at=due(span, start, policy.calendar),
            remedy="Press Classify on the summary and name the bucket.",
            rule=explain(span, start, policy.calendar),
        )
    ]
