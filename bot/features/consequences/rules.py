"""What follows from a change of the record, though nobody says so?"""

from __future__ import annotations

from bot.core.deadlines import Alarm
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.core.runs import grounds
from bot.core.runs.model import Runs


def lapse(incident: Incident, _alarm: Alarm, context: Context) -> Outcome:
    """What was decided on other grounds than there are now has to be decided again."""
    return grounds.lapsed(incident, context.states.of(Runs))
