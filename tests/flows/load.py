"""How do people go on typing and talking while the database fails, and what came of it?"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core import ids
from storage import log
from tests.flows.story import TITLE
from tests.room import IDRIS, JUN, MARA, Room, until

UNSURE = "It may have been taken all the same"


@dataclass
class Load:
    """What people typed in the room of INC-1, by what they were told."""

    room: Room
    channel: str
    noted: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @contextlib.asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Two people note one thing after the other, and a third talks."""
        typing = [asyncio.create_task(self._type(person)) for person in (MARA, JUN)]
        talking = asyncio.create_task(self._talk())
        try:
            yield
        finally:
            talking.cancel()
            for task in typing:
                task.cancel("enough")
            await asyncio.wait([talking, *typing])

    async def note(self, person: str) -> str:
        """Type one note; what the person was told."""
        words = f"Thing {next(self._numbers)}"
        told = await self.room.type(person, self.channel, f"/incident note {words}")
        if told.startswith("Noted"):
            self.noted.append(words)
        else:
            self.refused[words] = told
        return told

    async def say(self) -> None:
        """Say one thing in the room."""
        words = f"Word {next(self._numbers)}"
        await self.room.sandbox.as_person(IDRIS).say(self.channel, words)
        self.said.append(words)

    async def is_at_work(self, more: int = 10) -> None:
        """Wait until so many more notes were acked."""
        wanted = len(self.noted) + more
        await until(lambda: len(self.noted) >= wanted, 60)

    async def is_refused(self, more: int = 4) -> None:
        """Wait until so many more people were told that it cannot be taken."""
        wanted = len(self.refused) + more
        await until(lambda: len(self.refused) >= wanted, 60)

    async def nothing_is_lost(self) -> None:
        """What was acked is there once, what was refused is not, and what was said came again."""
        await self._what_was_said_came_again()
        kept = Counter(
            str(one.payload["text"]) for one in self.room.facts(1) if one.kind == "NoteAdded"
        )
        assert [words for words in self.noted if kept[words] != 1] == []
        wrongly = [
            (words, told)
            for words, told in self.refused.items()
            if kept[words] and UNSURE not in told
        ]
        assert wrongly == []
        assert [one for one in kept.values() if one != 1] == []
        assert [one for one in Counter(self._talk_kept()).values() if one != 1] == []
        silent = [words for words, told in self.refused.items() if not told]
        assert silent == [], "somebody heard nothing in time"
        assert self.room.database.read_now(log.verify).broken is None
        await self.room.settled()

    async def _what_was_said_came_again(self) -> None:
        """Slack repeats at once, after a minute and after five, each time from when it failed."""
        for minutes in (0, 1, 5, 5):
            self.room.clock.move(timedelta(minutes=minutes))
            with contextlib.suppress(TimeoutError):
                await until(lambda: not set(self.said) - set(self._talk_kept()), 3)
                return
        raise AssertionError(set(self.said) - set(self._talk_kept()))

    def _talk_kept(self) -> list[str]:
        return [str(one.payload.get("text")) for one in self.room.chain(ids.talk(1))]

    async def _type(self, person: str) -> None:
        while True:
            # What was typed is waited for, or nobody would know what became of it.
            typed = asyncio.ensure_future(self.note(person))
            try:
                await asyncio.shield(typed)
            except asyncio.CancelledError:
                await typed
                raise

    async def _talk(self) -> None:
        while True:
            await self.say()
            await asyncio.sleep(0.1)


async def under_load(room: Room) -> Load:
    """An incident with its room, in which people are about to type."""
    await room.declare(TITLE, severity="SEV1")
    await room.settled()
    return Load(room, room.channel(1).id)
