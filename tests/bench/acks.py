"""How fast is a command acked, its fact committed, beside a bare Bolt app that keeps nothing?"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import aiohttp

from bot.core import ids
from storage import log
from storage.db import Database
from tests.bench import cores, many, signed
from tests.bench.fake import Json
from tests.bench.figures import Figure, ms, p99
from tests.bench.signed import Door, Request
from tests.processes import Process, start
from tests.room import free_port

ABOUT = (
    "Signed HTTP to the bot (`python -m bot run --http`, SQLite) and to bare Bolt "
    "(`tests/bench/bare.py`, the same server), in turns. The command is `/incident note`, spread "
    "over 64 open incidents, so that each has some thirty notes in the end; the bare app answers a "
    "line and writes nothing. Then the notes in the log are counted: each ack has its fact. Times "
    "are the client's, from the first byte sent to the last one read; CPU is the app's, what it "
    "tells Slack meanwhile included."
)
_INCIDENTS = 64
_TURNS = 4
_ALONE = 100  # commands in a turn over one connection
_CONNECTIONS, _EACH = 16, 20
_AT_ONCE = 500
_PUT_OFF = ("The log is busy", "The log did not answer")


@dataclass
class Taken:
    """Seconds each ack took, all of them together, and the app had of its cores for them.

    `put_off` counts those that were told in time to look or to try again, and took no note.
    """

    took: list[float] = field(default_factory=list)
    put_off: int = 0
    seconds: float = 0.0
    used: float = 0.0

    @property
    def a_second(self) -> float:
        """How many were acked in one."""
        return len(self.took) / self.seconds

    @property
    def cost(self) -> str:
        """What one costs the processor, in words."""
        return f"{ms(self.used / len(self.took))} of CPU each"


@dataclass
class App:
    """An app behind its door, and what came of the commands brought there."""

    door: Door
    pid: int
    alone: Taken = field(default_factory=Taken)
    together: Taken = field(default_factory=Taken)
    at_once: Taken = field(default_factory=Taken)

    async def take(self, turns: list[list[Request]], into: Taken) -> None:
        """Bring each list of commands over a connection of its own, all lists at once."""
        began, used = time.perf_counter(), cores.seconds(self.pid)
        # Connections of its own: one that rests while the other app has its turn, uvicorn closes.
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as over:
            await asyncio.gather(*(self._one_by_one(each, over, into) for each in turns))
        into.seconds += time.perf_counter() - began
        into.used += cores.seconds(self.pid) - used

    async def _one_by_one(
        self, requests: list[Request], over: aiohttp.ClientSession, into: Taken
    ) -> None:
        for request in requests:
            words, took = await self.door.bring(request, over)
            if words.startswith(_PUT_OFF):
                into.put_off += 1
            elif "oted" not in words:
                raise AssertionError(f"This is no note: {words}")
            into.took.append(took)


class Notes:
    """Commands nobody sent yet, and how many of their facts are in the log."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._numbers = itertools.count()

    def commands(self, connections: int, each: int) -> list[list[Request]]:
        """So many signed commands for each of so many connections."""
        return [[self._command() for _ in range(each)] for _ in range(connections)]

    def written(self) -> int:
        """The notes in the log."""
        chains = [ids.chain(number) for number in range(1, _INCIDENTS + 1)]
        facts = self._database.read_now(
            lambda conn: [fact for chain in chains for fact in log.read(conn, chain)]
        )
        return sum(fact.kind == "NoteAdded" for fact in facts)

    def _command(self) -> Request:
        number = next(self._numbers)
        incident = number % _INCIDENTS + 1
        command: Json = {
            "command": "/incident",
            "text": f"note {ids.reference(incident)} The fallback model is live, part {number}",
            "user_id": f"U{incident}",
            "team_id": "T0BENCH",
            "channel_id": "C0GENERAL",
            "trigger_id": f"note-{number}",
            "response_url": "http://127.0.0.1:9/response",
        }
        return signed.signed("slash_commands", command)


class Disk:
    """One row after the other, each on the disk, by nothing but Python's sqlite3."""

    def __init__(self, folder: Path) -> None:
        self.took: list[float] = []
        self._conn = sqlite3.connect(folder / "floor.db", isolation_level=None)
        self._conn.execute("PRAGMA journal_mode = WAL")
        self._conn.execute("PRAGMA synchronous = FULL")
        self._conn.execute("CREATE TABLE notes (words TEXT)")

    def take(self, rows: int) -> None:
        """Commit so many."""
        for _ in range(rows):
            began = time.perf_counter()
            self._conn.execute("INSERT INTO notes VALUES ('The fallback model is live')")
            self.took.append(time.perf_counter() - began)

    def close(self) -> None:
        """Let go of the file."""
        self._conn.close()


async def _turns(bot: App, bare: App, notes: Notes, disk: Disk) -> None:
    for app in (bot, bare):
        await app.take(notes.commands(1, 2 * _INCIDENTS), Taken())  # what is looked up once
    before = notes.written()
    for _ in range(_TURNS):
        disk.take(_ALONE)
        for app in (bot, bare):
            await app.take(notes.commands(1, _ALONE), app.alone)
            await app.take(notes.commands(_CONNECTIONS, _EACH), app.together)
    for app in (bot, bare):
        await app.take(notes.commands(_AT_ONCE, 1), app.at_once)
    taken = (bot.alone, bot.together, bot.at_once)
    acked, put_off = sum(len(one.took) for one in taken), sum(one.put_off for one in taken)
    there = notes.written() - before
    if not acked - put_off <= there <= acked:
        raise AssertionError(f"{acked} were acked, {put_off} put off, {there} are in the log.")


def _figures(bot: App, bare: App, disk: Disk) -> list[Figure]:
    alone, together, slowest = median(bot.alone.took), bot.together, max(bot.at_once.took)
    return [
        Figure(
            "p50 over 1 connection",
            alone * 1000,
            2.0,
            "ms",
            f"p99 {ms(p99(bot.alone.took))}, {bot.alone.cost}",
            f"bare Bolt: {ms(median(bare.alone.took))}, {bare.alone.cost}; "
            f"one row on the disk: {ms(median(disk.took))}",
        ),
        Figure(
            f"Acks a second over {_CONNECTIONS} connections",
            together.a_second,
            600.0,
            detail=f"p50 {ms(median(together.took))}, {together.cost}",
            beside=f"bare Bolt: {bare.together.a_second:.0f}, {bare.together.cost}",
            is_least=True,
        ),
        Figure(
            f"p99 over {_CONNECTIONS} connections",
            p99(together.took) * 1000,
            60.0,
            "ms",
            f"worst {ms(max(together.took))}",
            f"bare Bolt: {ms(p99(bare.together.took))}; one row on the disk: {ms(p99(disk.took))}",
        ),
        Figure(
            f"Slowest of {_AT_ONCE} commands at once",
            slowest,
            3.0,
            "s",
            f"p50 {ms(median(bot.at_once.took))}{_put_off(bot.at_once)}",
            f"bare Bolt: {ms(max(bare.at_once.took))}",
        ),
    ]


def _put_off(taken: Taken) -> str:
    """What is to be known of acks that took no note."""
    return f"; {taken.put_off} were told to try again" if taken.put_off else ""


async def measure(folder: Path) -> list[Figure]:
    """One run; the apps take turns, so that the machine's moods meet both."""
    url = f"sqlite:///{folder}/warroom.db"
    await many.stand(url, _INCIDENTS)
    async with contextlib.AsyncExitStack() as stack:
        fake = await _started(stack, ["-m", "tests.bench.fake"], folder, {})
        base = f"http://127.0.0.1:{(await fake.said('port ')).split()[1]}"

        async def behind(name: str, words: list[str], **more: str) -> App:
            port = free_port()
            tokens = {
                "SLACK_API_URL": f"{base}/api/",
                "SLACK_BOT_TOKEN": f"xoxb-{name}",
                "SLACK_SIGNING_SECRET": signed.SECRET,
            }
            app = await _started(stack, words, folder, {**tokens, "PORT": str(port), **more})
            await app.said("is listening")
            return App(Door(f"http://127.0.0.1:{port}/slack/events"), app.child.pid)

        words = ["-m", "bot", "run", "--http"]
        room = {"DATABASE_URL": url, "WARROOM_ANNOUNCE_CHANNEL": "incidents"}
        bot = await behind("bot", words, **room)
        bare = await behind("bare", ["-m", "tests.bench.bare"])
        database = Database.open(url)
        stack.callback(database.close)
        disk = stack.enter_context(contextlib.closing(Disk(folder)))
        await _turns(bot, bare, Notes(database), disk)
        return _figures(bot, bare, disk)


async def _started(
    stack: contextlib.AsyncExitStack, words: list[str], folder: Path, variables: dict[str, str]
) -> Process:
    process = await start(words, folder / f"{words[1]}.log", variables)
    stack.push_async_callback(process.kill)
    return process
