"""Which verbs tell a newcomer what is known, or anybody what was known at a moment?"""

from __future__ import annotations

from bot.core import times
from bot.core.outcome import Refused
from bot.features.catchup import blocks
from bot.features.catchup.state import known
from bot.slack.effects import permalink
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command


def register(desk: Desk) -> None:
    """Take the verbs of this feature."""
    entry = _Catchup(desk)
    desk.verb(Verb("catchup", "catchup", "what you missed, in ten lines", entry.catchup))
    usage = "as-of 03:40"
    desk.verb(Verb("as-of", usage, "what the room knew at that time", entry.as_of, ("asof",)))


class _Catchup:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def catchup(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        case = await self._desk.inside(number, command.person)
        facts = await self._engine.facts(number)
        place = await self._engine.message_of(case.incident.summary)
        link = permalink(self._desk.me.team_url, *place) if place else None
        shown = self._engine.shown(case)
        return blocks.catchup(shown, known(number, facts), command.person, link)

    async def as_of(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        await self._desk.inside(number, command.person)
        people = await self._desk.people.look_up([command.person])
        zone = people[command.person].tz
        try:
            spoken = times.spoken(words, self._engine.now(), zone)
        except ValueError as error:
            raise Refused(str(error)) from error
        if spoken.at is None or spoken.words:
            raise Refused(
                "Say a time and nothing else: `as-of 03:40`, `as-of yesterday 23:10` or "
                "`as-of 20 min ago`."
            )
        facts = await self._engine.facts(number)
        then = known(number, [one for one in facts if one.at <= spoken.at])
        return blocks.as_of(then, self._engine.policy, spoken.at, zone)
