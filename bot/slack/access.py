"""Which incident does a person speak of, and what of it may they read?"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

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

        In its room it need not be named. A private one does not exist for those outside.

        Raises:
            Refused: none is named, or there is none for this person.
        """
        first, _, rest = command.words.partition(" ")
        named = ids.parse_reference(first)
        if named is not None and _names(first):
            with contextlib.suppress(Refused):
                await self.case(named, command.person)
                return named, rest.strip()
        here = await self.engine.incident_in(command.channel_id)
        if here is not None and not _names(first):
            return here, command.words
        if here is not None and named == here:
            return here, rest.strip()
        if named is None:
            example = f"`{self.command} {command.verb} INC-12`"
            raise Refused(f"Which incident? Say it in its room, or name it: {example}.")
        await self.case(named, command.person)
        return named, rest.strip()


def _names(word: str) -> bool:
    """Whether a word in a room names an incident; a bare number there is a part of the words."""
    return ids.parse_reference(word) is not None and not word.isdigit()
