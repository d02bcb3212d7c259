"""What does somebody at a terminal read while the log does not say what became of their words?"""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import app, registry
from bot.clock import Clock
from bot.engine import Asked, Existing
from bot.features.timeline import rules
from bot.sandbox.sandbox import Sandbox
from bot.settings import Settings
from bot.terminal.spoken import Spoken, Unsure
from runbooks import load
from storage import log
from storage.db import Database
from tests.cli import people
from tests.cli.conftest import connect
from tests.cli.terminal import Finished, Terminal
from tests.cli.test_speaking import LISTENING
from tests.servers import Server, own_server

WAITING = "The log does not answer yet; waiting for up to a minute."
NOBODY_KNOWS = (
    r"Nobody knows yet whether it is on record: the log did not answer\. When it does, look with "
    r"`warroom timeline INC-1`; or type the same with --again ([0-9a-f]{12}): "
    r"it is not done twice\."
)
ALREADY = (
    "It was on record already, so nothing was done again. `warroom timeline INC-1` shows it.\n"
)
LINES = (
    ("note", "INC-1", "the fallback is live"),
    ("decide", "INC-1", "--why", "two reports", "roll back to v41"),
    ("update", "INC-1", "the fallback is live"),
    ("role", "INC-1", "take", "scribe"),
)


@dataclass(frozen=True)
class Desk:
    """A terminal on a server whose commits can be held up."""

    terminal: Terminal
    server: Server

    @contextlib.asynccontextmanager
    async def no_commit_ends(self) -> AsyncIterator[None]:
        """Each commit waits for a replica that is not there, as in a failover."""
        await self.server.ask(
            "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"
        )
        try:
            yield
        finally:
            await self.server.ask(
                "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"
            )

    async def broken_off(self, *line: str) -> Finished:
        """Type a line, and Ctrl-C once it says that it waits."""
        async with self.terminal.begun(*line) as typed:
            await typed.said(WAITING)
            return await typed.stopped(signal.SIGINT)

    def said(self) -> int:
        """How much was said by terminal."""
        with contextlib.closing(Database.open(self.server.url())) as database:
            facts = database.read_now(lambda conn: log.read(conn, "incident/1"))
        return sum(fact.kind == "CameByTerminal" for fact in facts)

    async def comes(self, count: int) -> None:
        """Wait until so much was said by terminal."""
        async with asyncio.timeout(20):
            while self.said() < count:
                await asyncio.sleep(0.02)


@pytest.fixture
async def desk(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Desk]:
    """An incident that Mara declared; the bot has stopped, and nobody can ask Slack."""
    async with own_server() as server:
        terminal = connect(Terminal(tmp_path), sandbox).but(DATABASE_URL=server.url())
        async with terminal.running("run", says=LISTENING):
            await people.declare(sandbox, "sev1 Chatbot gives unsafe dosage advice")
            await people.everything_delivered(server.url())
        yield Desk(terminal.but(WARROOM_AS=people.MARA, SLACK_BOT_TOKEN=""), server)


async def test_who_waits_for_a_log_that_is_late_hears_that_it_is_on_record(desk: Desk) -> None:
    async with contextlib.AsyncExitStack() as held:
        await held.enter_async_context(desk.no_commit_ends())
        async with desk.terminal.begun(*LINES[0]) as typed:
            await typed.said(WAITING)
            await held.aclose()
            finished = await typed.ended()
    assert finished.code == 0
    assert finished.out.endswith(": the fallback is live\n")
    assert desk.said() == 1


async def test_who_waits_no_longer_is_told_that_nobody_knows_and_repeats_it_without_doing_it_twice(
    desk: Desk,
) -> None:
    for count, line in enumerate(LINES, start=1):
        async with desk.no_commit_ends():
            left = await desk.broken_off(*line)
        assert left.code == 3
        assert left.out == ""
        told = re.fullmatch(NOBODY_KNOWS, left.err.splitlines()[-1])
        assert told, left.err
        await desk.comes(count)
        again = await desk.terminal.run(*line, "--again", told[1])
        assert (again.code, again.out) == (0, ALREADY)
        assert desk.said() == count


async def test_what_never_came_to_the_log_is_done_by_its_repetition_and_only_once(
    desk: Desk,
) -> None:
    line = (*LINES[0], "--again", "0123456789ab")
    assert (await desk.terminal.run(*line)).out.endswith(": the fallback is live\n")
    assert (await desk.terminal.run(*line)).out == ALREADY
    assert desk.said() == 1


async def test_a_key_that_nobody_was_told_is_refused(desk: Desk) -> None:
    told = await desk.terminal.refused(*LINES[0], "--again", "yes")
    assert told == "--again takes the key that was told when nobody knew what became of it."
    assert desk.said() == 0


async def test_whoever_waited_in_vain_may_ask_again_under_the_same_key(desk: Desk) -> None:
    with contextlib.closing(Database.open(desk.server.url())) as database:
        request, asked = rules.Note("the fallback is live"), Asked("terminal 1", people.MARA)
        async with desk.no_commit_ends():
            house = app.house(load.policy(), Settings())
            engine = Spoken(database, Clock(), house, registry.RINGS)
            engine.patience_seconds = 0.0
            with pytest.raises(Unsure):
                await engine.carry_out(rules.note, request, Existing(1), asked)
        engine.patience_seconds = 20.0
        assert (await engine.carry_out(rules.note, request, Existing(1), asked)).facts
    assert desk.said() == 1
