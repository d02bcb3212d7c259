"""Which incident does a person speak of, and what of it may they read?"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.cases import Case
from bot.core import ids
from bot.core.outcome import Refused
from bot.engine import Engine
from bot.reads import hidden, no_such
from bot.slack.payloads import Command


@dataclass
class Access:
    """The wall in front of what features read; `command` is how people call the bot."""

    engine: Engine
    command: str
    _rooms: dict[str, int] = field(default_factory=dict, init=False, repr=False)

    async def case(self, number: int, person: str) -> Case:
        """The incident as it stands, for somebody who may see it.

        Raises:
            Refused: there is no such incident, or not for this person.
        """
        case = await self.engine.case(number)
        if case is None or hidden(case.incident, person):
            raise no_such(number)
        return case

    async def inside(self, number: int, person: str) -> Case:
        """The same, for somebody who may read what is said in its room.

        Where a person may be at risk that is only who is in it: whoever reads it is on record.

        Raises:
            Refused: there is no such incident, or they have to join its room first.
        """
        case = await self.case(number, person)
        incident = case.incident
        if incident.is_person_at_risk and person not in incident.people:
            raise Refused(
                f"What is said of {incident.reference} stays in its room: a person may be at "
                "risk. Join the room to read it; Join stands where it was announced."
            )
        return case

    async def meant(self, command: Command) -> tuple[int, str]:
        """Which incident a command speaks of, and the words that remain.

        In its room it need not be named. Whether there is one of that number for this person, the
        transaction that writes to it finds out, or `case` and `inside` for what is read.

        Raises:
            Refused: none is named.
        """
        first, _, rest = command.words.partition(" ")
        named = ids.parse_reference(first)
        if named is not None and _names(first):
            return named, rest.strip()
        here = await self._incident_in(command.channel_id)
        if here is not None:
            return here, command.words
        if named is None:
            example = f"`{self.command} {command.verb} INC-12`"
            raise Refused(f"Which incident? Say it in its room, or name it: {example}.")
        return named, rest.strip()

    async def _incident_in(self, channel_id: str) -> int | None:
        """The incident whose room this is; a channel stays the room it once was."""
        if channel_id not in self._rooms:
            number = await self.engine.incident_in(channel_id)
            if number is None:
                return None
            self._rooms[channel_id] = number
        return self._rooms[channel_id]


def _names(word: str) -> bool:
    """Whether a word in a room names an incident; a bare number there is a part of the words."""
    return ids.parse_reference(word) is not None and not word.isdigit()
