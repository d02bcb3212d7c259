"""What is put right in a room, what is left as people want it, and who is told?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.core import calling, ids
from bot.core.deadlines import Alarm
from bot.core.facts import ERASED, Fact, Words
from bot.core.facts.people import PersonCame, PersonLeft
from bot.core.facts.rooms import (
    Away,
    Part,
    ReturnAsked,
    RoomDrifted,
    RoomLost,
    RoomRecovered,
    RoomRenamed,
    RoomRepaired,
)
from bot.core.incident import Incident
from bot.core.messages import Message
from bot.core.outcome import Context, Outcome
from bot.core.sight import Sight
from bot.features.drift import blocks
from bot.features.drift.state import Drift

# Whoever takes the pin off, or has the summary deleted, twice within this means it.
INSISTS = timedelta(hours=1)
_SUFFIXES = range(2, 10)  # a name that is taken gets -2, -3, ...


@dataclass(frozen=True)
class Looked:
    """A room as it was seen while the record ended at `last_seq`; `bot` is who the bot is there."""

    sight: Sight
    last_seq: int
    bot: str


def mend(incident: Incident, looked: Looked, context: Context) -> Outcome:
    """Put right what nobody wanted otherwise, record the rest, and tell who can help.

    What was seen before something else was recorded counts no more: another look will follow.
    """
    if incident.is_over or incident.last_seq != looked.last_seq:
        return Outcome()
    outcome = _way_in(incident, looked, context)
    sight, drift = looked.sight, context.states.of(Drift)
    if not sight.is_archived and sight.is_inside:
        outcome += _renamed(incident, sight, drift)
        outcome += _summary(incident, sight, context)
        outcome += _topic(sight, drift)
        outcome += _people(incident, looked)
    return outcome


def ask_return(incident: Incident, alarm: Alarm, context: Context) -> Outcome:
    """Ask somebody who left with a role whether they come back; of that they are asked once."""
    person = alarm.about
    labels = [context.policy.roles.get(role).label for role in incident.roles_of(person)]
    told = blocks.gone(incident, person, labels)
    return Outcome((ReturnAsked(person=person),), told)


def _way_in(incident: Incident, looked: Looked, context: Context) -> Outcome:
    """Whether anything can be brought into the room, and who can see to it."""
    lost = context.states.of(Drift).lost
    now: Away | None = None
    if looked.sight.is_archived:
        now = "archived"
    elif not looked.sight.is_inside:
        now = "bot"
    if now == lost:
        return Outcome()
    facts: list[Fact] = [RoomRecovered(why=lost)] if lost else []
    told: tuple[Message, ...] = ()
    if now == "archived":
        told = blocks.archived(incident, context.command)
    elif now == "bot":
        told = blocks.removed(incident, looked.bot)
    if now:
        facts.append(RoomLost(why=now))
    return Outcome(tuple(facts), told)


def _renamed(incident: Incident, sight: Sight, drift: Drift) -> Outcome:
    """A person's name for the room is as good as ours.

    One that was erased stands in Slack until the room has its neutral name; that one is recorded.
    """
    if sight.name is None or sight.name == drift.named:
        return Outcome()
    if (sight.name in _ours(drift)) is not (drift.named == ERASED):
        return Outcome()
    return Outcome((RoomRenamed(name=Words(ids.clean(sight.name))),))


def _ours(drift: Drift) -> set[str]:
    """The names the bot may have given the room itself."""
    bases = {drift.opened_as, drift.neutral}
    longest = ids.ROOM_NAME_CHARS - 2
    return bases | {f"{base[:longest]}-{number}" for base in bases for number in _SUFFIXES}


def _summary(incident: Incident, sight: Sight, context: Context) -> Outcome:
    """The summary, and what hangs on it."""
    drift = context.states.of(Drift)
    if sight.has_summary is False:
        return _anew(incident, sight, context)
    outcome = Outcome()
    if sight.is_pinned is False and (fact := _again("pin", drift, context, INSISTS)):
        owed = (blocks.pin(incident),) if isinstance(fact, RoomRepaired) else ()
        outcome += Outcome((fact,), owed)
    if sight.bookmark_id == "" and (fact := _again("bookmark", drift, context, None)):
        owed = (blocks.bookmark(incident),) if isinstance(fact, RoomRepaired) else ()
        outcome += Outcome((fact,), owed)
    return outcome


def _anew(incident: Incident, sight: Sight, context: Context) -> Outcome:
    """Post the summary once more, unless another was deleted just now.

    It is the one part that is never given up: without it nobody reads how things stand.
    """
    drift = context.states.of(Drift)
    last = drift.put_back_at.get("summary")
    if last and context.now < last + INSISTS:
        is_new = "summary" not in drift.left
        return Outcome((RoomDrifted(part="summary"),)) if is_new else Outcome()
    fact = RoomRepaired(part="summary")
    after = calling.advanced(incident, Outcome((fact,)), context)
    owed = blocks.summary(
        after,
        sight.bookmark_id,
        is_pinned="pin" not in drift.left,
        has_bookmark="bookmark" not in drift.left,
    )
    return Outcome((fact,), owed, replaced=(incident.summary,))


def _topic(sight: Sight, drift: Drift) -> Outcome:
    """The topic follows by its slot, with what people wrote behind it."""
    if sight.has_our_topic is not False or "topic" in drift.left:
        return Outcome()
    if "topic" in drift.put_back_at:
        return Outcome((RoomDrifted(part="topic"),))
    return Outcome((RoomRepaired(part="topic"),))


def _again(
    part: Part, drift: Drift, context: Context, within: timedelta | None
) -> RoomRepaired | RoomDrifted | None:
    """Put it back, unless that was done `within` (None: ever) and people took it away again."""
    if part in drift.left:
        return None
    last = drift.put_back_at.get(part)
    if last and (within is None or context.now < last + within):
        return RoomDrifted(part=part)
    return RoomRepaired(part=part)


def _people(incident: Incident, looked: Looked) -> Outcome:
    """Who came and who left without Slack telling of it."""
    members = looked.sight.members
    if members is None:
        return Outcome()
    left = [PersonLeft(person=one) for one in sorted(incident.people - members)]
    came = [PersonCame(person=one) for one in sorted(members - incident.people - {looked.bot})]
    return Outcome((*left, *came))
