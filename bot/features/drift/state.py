"""What was put back in the room, what is left as people want it, and who was asked to return?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core import ids
from bot.core.facts import ERASED, Recorded
from bot.core.facts.incidents import DeliveryFailed, IncidentDeclared
from bot.core.facts.people import PersonLeft
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
from bot.core.facts.status import MadePrivate

# What hangs on the summary, as the notice of a loss calls it.
_HANGS: Mapping[str, Part] = {
    "the pin of the summary": "pin",
    "the bookmark of the summary": "bookmark",
}


@dataclass(frozen=True)
class Drift:
    """`opened_as` is the name the room was opened with, `named` what a person called it last, and
    `times_named` how often one did.

    `neutral` is the name it has when its title was erased. `lost` is why nothing can be brought
    there now. `left_at` is who left and when, but for those who were asked.
    """

    opened_as: str = ""
    neutral: str = ""
    named: str | None = None
    times_named: int = 0
    put_back_at: Mapping[Part, datetime] = field(default_factory=dict)
    left: frozenset[Part] = frozenset()
    lost: Away | None = None
    left_at: Mapping[str, datetime] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()


def fold(drift: Drift, recorded: Recorded) -> Drift:
    """The same after one more fact."""
    match recorded.fact:
        case IncidentDeclared() as declared:
            neutral = ids.room_name(declared.number, None, is_test=declared.is_test)
            return replace(drift, opened_as=_opened_as(declared), neutral=neutral)
        case MadePrivate():  # it goes on in another room, where all is new
            name, neutral = f"{drift.neutral}-private", drift.neutral
            return Drift(name, neutral, left_at=drift.left_at, asked=drift.asked)
        case RoomRenamed(name=name):
            return replace(drift, named=name, times_named=drift.times_named + 1)
        case RoomLost(why=why):
            return replace(drift, lost=why)
        case RoomRecovered():
            return replace(drift, lost=None)
    return _people(_parts(drift, recorded), recorded)


def _parts(drift: Drift, recorded: Recorded) -> Drift:
    match recorded.fact:
        case RoomRepaired(part=part):
            # A summary that is posted anew is one that nobody has taken away yet.
            left = drift.left - {"summary"} if part == "summary" else drift.left
            put_back_at = {**drift.put_back_at, part: recorded.at}
            return replace(drift, put_back_at=put_back_at, left=left)
        case RoomDrifted(part=part):
            return replace(drift, left=drift.left | {part})
        case DeliveryFailed(what=what) if what in _HANGS:
            # Whoever commands was told what to do; the next try would only be told of as well.
            return replace(drift, left=drift.left | {_HANGS[what]})
    return drift


def _people(drift: Drift, recorded: Recorded) -> Drift:
    match recorded.fact:
        case PersonLeft(person=person) if person not in drift.asked:
            return replace(drift, left_at={**drift.left_at, person: recorded.at})
        case ReturnAsked(person=person):
            left_at = {one: at for one, at in drift.left_at.items() if one != person}
            return replace(drift, left_at=left_at, asked=drift.asked | {person})
    return drift


def _opened_as(declared: IncidentDeclared) -> str:
    hides_title = declared.is_private or declared.is_person_at_risk or declared.title == ERASED
    title = None if hides_title else declared.title
    return ids.room_name(declared.number, title, is_test=declared.is_test)
