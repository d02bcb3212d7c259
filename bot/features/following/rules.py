"""Who may follow, and who follows already?"""

from __future__ import annotations

from bot.core import rights
from bot.core.facts.people import FollowStarted, FollowStopped
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused


def follow(incident: Incident, _request: None, context: Context) -> Outcome:
    """Send somebody the updates by direct message."""
    rights.require_going(incident)
    if incident.is_private:
        raise Refused(
            f"{incident.reference} is private: its updates stay in its room and are not sent by "
            "direct message. Read them there; the pinned summary has the last one."
        )
    if context.actor in incident.followers:
        raise Refused(f"You follow {incident.reference} already.")
    return Outcome((FollowStarted(person=context.actor),))


def unfollow(incident: Incident, _request: None, context: Context) -> Outcome:
    """Send them no more."""
    if context.actor not in incident.followers:
        raise Refused(f"You do not follow {incident.reference}.")
    return Outcome((FollowStopped(person=context.actor),))
