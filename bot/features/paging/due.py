"""By when does somebody who was called answer?"""

from __future__ import annotations

from bot.core import calendar
from bot.core.deadlines import SOUGHT, Alarm, Deadline
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
            label=_label(shown, one),
            starts_at=one.at,
            due_at=calendar.due(span, one.at, shown.policy.calendar),
            remedy="Call somebody else with `page`, or give the role to somebody who is here.",
            owner=one.person,
            is_personal=True,
        )
        for one in waited_for(incident)
    ]


def alarms(shown: Shown) -> list[Alarm]:
    """At once, for each role of which it has to be looked up who stands for it."""
    incident = shown.incident
    if not incident.is_open:
        return []
    return [Alarm(one.at, SOUGHT, role) for role, one in incident.sought.items()]


def waited_for(incident: Incident) -> tuple[Called, ...]:
    """Calls that went out to somebody and were not answered.

    Who was offered the role with the call answers by accepting it, which is waited for there. After
    whom a ladder called comes the ladder's next step: a wait of their own would climb it once more.
    """
    return tuple(
        one
        for one in incident.calls
        if one.via not in {"nobody", "group"}
        and one.answered_at is None
        and one.climbed_for is None
        and not (one.is_offer and one.via == "direct message")
    )


def _label(shown: Shown, called: Called) -> str:
    if called.role:
        return f"Answer of the {shown.policy.roles.get(called.role).label}"
    return f"Answer to call {called.call}"
