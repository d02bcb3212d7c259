"""When is the daily roll-up sent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import ids
from bot.core.facts.house import RollUpSent
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Shown
from bot.features.home import blocks

_LATE = timedelta(minutes=1)


@dataclass(frozen=True)
class RollUp:
    """The open public incidents, each with the channel of its room, at the moment it is due.

    `since` is when the first of all that are open, private ones too, was declared; None: none is.
    """

    day: datetime
    shown: Sequence[tuple[Shown, str | None]]
    since: datetime | None = None


def roll_up(house: Incident, request: RollUp, context: Context) -> Outcome:
    """Tell those whom the policy names what is open; the key keeps it to once a day."""
    to = context.policy.stakeholders.roll_up
    if to is None or _is_before_all(house, request, context):
        return Outcome()
    places = [ids.person(person) for person in to.people]
    if to.channel:
        places.insert(0, f"channel/{to.channel.removeprefix('#')}")
    # By UTC's days two mornings around a change of clocks can be one, and one would be left out.
    zone = ZoneInfo(to.time_zone or context.policy.calendar.time_zone)
    day = f"{request.day.astimezone(zone):%Y-%m-%d}"
    numbers = tuple(one.incident.number for one, _ in request.shown)
    sent = RollUpSent(day=day, incidents=numbers)
    return Outcome((sent,), tuple(blocks.roll_up(request.shown, place, day) for place in places))


def _is_before_all(house: Incident, request: RollUp, context: Context) -> bool:
    """Whether it is made up for, of a moment at which nothing was on record here yet.

    So it is when the bot is started for the first time ever: nobody waits for it.
    """
    was_there = house.last_seq > 0 or (request.since or context.now) < request.day
    return context.now - request.day > _LATE and not was_there
