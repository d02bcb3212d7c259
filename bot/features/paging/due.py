"""By when does somebody who was called answer?"""

from __future__ import annotations

from bot.core import calendar
from bot.core.deadlines import Deadline
from bot.core.incident import Called, Incident
from bot.core.outcome import Shown


def deadlines(shown: Shown) -> list[Deadline]:
    """An answer from each person who was called, while the incident is open."""
    incident = shown.incident
    if not incident.is_open:
        return []
    span = shown.policy.paging.unanswered_after
    return [
        Deadline(
            name=f"call/{one.call}",
            label=f"Answer of {_who(shown, one)}",
            starts_at=one.at,
            due_at=calendar.due(span, one.at, shown.policy.calendar),
            remedy="Call somebody else with `page`, or give the role to somebody who is here.",
            owner=one.person,
            is_personal=True,
        )
        for one in waited_for(incident)
    ]


def waited_for(incident: Incident) -> tuple[Called, ...]:
    """Calls that went out to somebody and were not answered.

    Who was offered the role with the call answers by accepting it, which is waited for there.
    """
    return tuple(
        one
        for one in incident.calls
        if one.via not in {"nobody", "group"}
        and one.answered_at is None
        and not (one.is_offer and one.via == "direct message")
    )


def _who(shown: Shown, called: Called) -> str:
    if called.person:
        return f"<@{called.person}>"
    return shown.policy.roles.get(called.role or "").label
