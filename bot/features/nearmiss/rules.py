"""What does a near miss need to be recorded?"""

from __future__ import annotations

from bot.core import ids, typed
from bot.core.facts import Words
from bot.core.facts.incidents import NearMissReported
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused


def report(incident: Incident, request: tuple[str, str], context: Context) -> Outcome:
    """Record a near miss: what nearly happened and what caught it. No room, nobody is called."""
    what, caught_by = (typed.cleared(ids.clean(text), context) for text in request)
    if not what:
        raise Refused("Say in a sentence what nearly happened.", field="what")
    if not caught_by:
        raise Refused("Say what caught it, or that it was luck.", field="caught_by")
    return Outcome(
        (NearMissReported(number=incident.number, what=Words(what), caught_by=Words(caught_by)),)
    )
