"""What is left in Slack when the bot is killed in the middle of a declare?"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.clock import Clock
from bot.sandbox.model import Channel, View
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from storage import log, lookup, outbox
from storage.db import Database
from tests import processes
from tests.room import BOT, GENERAL, INCIDENTS, MARA, until
from tests.screen import shown

ROUNDS = 20
LATENCY = timedelta(milliseconds=100)  # a declare is through after some 350 ms
LATEST_KILL_SECONDS = 0.6
LEASES_SECONDS = 50.0  # on Postgres, what a dead worker held is free after half a minute
# `python -m bot run`, which imports all it needs and then waits for a line before it begins.
_WAITING = """
import runpy, sys
import bot.__main__
sys.stdin.readline()
sys.argv = ["warroom", "run"]
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""
_LOOKS = {
    "bookmarks.list",
    "conversations.history",
    "conversations.info",
    "users.conversations",
}


@dataclass
class Attempt:
    """One form that Mara submits, if need be more than once; `number` is what the ack told."""

    title: str
    view: View
    number: int | None = None


@dataclass
class Story:
    """A workspace whose bot is killed again and again."""

    sandbox: Sandbox
    database: Database
    variables: dict[str, str]
    folder: Path
    chance: random.Random
    attempts: list[Attempt] = field(default_factory=list)

    async def tell(self) -> None:
        """Kill the bot in twenty declares, then let one bring everything to its end."""
        async with self._bots() as bots:
            for _ in range(ROUNDS):
                bot = await anext(bots)
                await self._declare_and_kill(bot)
            await anext(bots)
            await until(self._is_all_delivered, LEASES_SECONDS)

    @contextlib.asynccontextmanager
    async def _bots(self) -> AsyncIterator[AsyncIterator[processes.Process]]:
        """One bot after the other, each at work; the next one is loaded meanwhile."""
        async with contextlib.AsyncExitStack() as stack:

            async def load() -> processes.Process:
                log_file = self.folder / "bot.log"
                bot = await processes.start(["-c", _WAITING], log_file, self.variables)
                stack.push_async_callback(bot.kill)
                return bot

            async def at_work() -> AsyncIterator[processes.Process]:
                waiting = await load()
                while True:
                    bot, waiting = waiting, await load()
                    await bot.go()
                    await bot.said("warroom is listening")
                    yield bot

            yield at_work()

    async def _declare_and_kill(self, bot: processes.Process) -> None:
        mara, attempt = self.sandbox.as_person(MARA), await self._next_attempt()
        submitting = asyncio.create_task(mara.submit(attempt.view.id))
        await asyncio.sleep(self.chance.uniform(0, LATEST_KILL_SECONDS))
        await bot.kill()
        await until(lambda: not self.sandbox.link.is_open)  # an ack on its way has arrived now
        submitting.cancel()
        await asyncio.wait([submitting])
        told = re.search(r"INC-(\d+) is declared", shown(attempt.view.content))
        attempt.number = int(told[1]) if told else None

    async def _next_attempt(self) -> Attempt:
        """The form that was not acked once more, or a new one."""
        if self.attempts and self.attempts[-1].number is None and self.chance.random() < 0.5:
            return self.attempts[-1]
        mara, title = self.sandbox.as_person(MARA), f"Kill {len(self.attempts) + 1}"
        await mara.slash(GENERAL, f"/incident declare sev2 {title}")
        view = mara.open_view()
        assert view, self.sandbox.workspace.notices
        self.attempts.append(Attempt(title, view))
        return self.attempts[-1]

    def _is_all_delivered(self) -> bool:
        return not self.database.read_now(lambda c: outbox.listing(c, ("pending", "claimed")))


@contextlib.asynccontextmanager
async def killed_again_and_again(database_url: str, folder: Path) -> AsyncIterator[Story]:
    """A workspace and a database; no bot yet."""
    seed = random.randrange(1_000_000)
    logging.getLogger(__name__).warning("The moments of the kills come from the seed %d.", seed)
    sandbox = Sandbox(manifest.PATH, now=Clock().now, latency=LATENCY)
    database = Database.open(database_url)
    async with sandbox.running() as base:
        variables = {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": f"{base}/api/",
            "DATABASE_URL": database_url,
            "WARROOM_ANNOUNCE_CHANNEL": "incidents",
        }
        yield Story(sandbox, database, variables, folder, random.Random(seed))
    database.close()


async def test_a_bot_killed_at_any_moment_completes_every_room_and_doubles_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with killed_again_and_again(database_url, tmp_path) as story:
        await story.tell()
        titles = story.database.read_now(
            lambda conn: {entry.number: title for entry, title in lookup.entries(conn)}
        )
        numbers = sorted(titles)
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(set(titles.values())) == len(titles), "one form made two incidents"
        for attempt in story.attempts:
            assert attempt.number is None or titles[attempt.number] == attempt.title
        verified = story.database.read_now(log.verify)
        assert (verified.chains, verified.broken) == (len(titles), None)
        assert not story.database.read_now(
            lambda conn: outbox.listing(conn, ("failed", "undeliverable"))
        )
        assert_slack_shows_each_once(story.sandbox, titles)
        assert any(call.method in _LOOKS for call in story.sandbox.calls), "no kill hit a call"
        assert 0 < sum(attempt.number is not None for attempt in story.attempts)


def assert_slack_shows_each_once(sandbox: Sandbox, titles: dict[int, str | None]) -> None:
    """Each incident has one complete room and one announcement; there is nothing else."""
    channels = sandbox.workspace.channels
    rooms = {one.name: one for one in channels.values() if one.creator == BOT and not one.is_im}
    assert set(rooms) == {f"inc-{number}-kill-{title_number(titles[number])}" for number in titles}
    assert len(rooms) == sum(one.creator == BOT for one in channels.values())
    for number, title in titles.items():
        room = rooms[f"inc-{number}-kill-{title_number(title)}"]
        assert names_of_posts(room) == [f"summary/{number}"]
        assert room.members == [BOT, MARA]
        assert room.topic == f"INC-{number} · SEV2 · Investigating · \u2068{title}\u2069"
        assert room.purpose.startswith(f"War room of INC-{number}.")
        [summary] = [one for one in room.messages if one.metadata]
        assert room.pins == [summary.ts]
        assert [bookmark.title for bookmark in room.bookmarks] == ["Summary"]
        told = Counter(one.subtype for one in room.messages if one.subtype)
        assert told["channel_topic"] == told["channel_purpose"] == 1
    announced = sorted(names_of_posts(channels[INCIDENTS]))
    assert announced == sorted(f"announcement/{number}" for number in titles)


def names_of_posts(channel: Channel) -> list[str]:
    """What the bot wrote in a channel, by the names it gave in the metadata."""
    posts = [one for one in channel.messages if one.bot_id and not one.subtype]
    return [str((one.metadata or {})["event_payload"]["name"]) for one in posts]


def title_number(title: str | None) -> str:
    """The number in a title such as "Kill 7"."""
    return (title or "").removeprefix("Kill ")
