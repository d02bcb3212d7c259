"""By when has a decision to be looked at again?"""

from __future__ import annotations

from bot.core.deadlines import Deadline
from bot.core.incident import IC
from bot.core.outcome import Shown
from bot.features.decisions.state import Decision, Decisions


def deadlines(shown: Shown) -> list[Deadline]:
    """The reviews that were agreed on, until somebody looks again or the incident is over."""
    if shown.incident.is_over:
        return []
    return [owed for one in shown.states.of(Decisions).to_review if (owed := _review(one))]


def _review(one: Decision) -> Deadline | None:
    if one.details.review_at is None or one.review_since is None:
        return None
    role = one.details.decider_role
    return Deadline(
        name=f"decision/{one.number}/review",
        label=f"Review of decision {one.number}",
        starts_at=one.review_since,
        due_at=one.details.review_at,
        remedy="Say whether it still holds, or amend or reverse it.",
        owner=one.details.decider,
        owner_roles=(role, IC) if role else (IC,),
        rule="agreed when it was decided",
        climbs=False,
        actions=(("decision_review", "Look at it"),),
    )
