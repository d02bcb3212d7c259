"""Do several processes hear of each other, and does one that ends leave nothing behind?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot import app, doors
from bot.clock import Clock
from bot.sandbox.sandbox import Sandbox
from bot.settings import Settings
from bot.slack import manifest
from bot.wakeups import Wakeups
from storage import listening
from storage.db import Database
from tests import processes
from tests.cli.conftest import connect
from tests.cli.terminal import Terminal
from tests.flows.story import TITLE
from tests.room import INCIDENTS, Room, StillClock, free_port, until, war_room
from tests.servers import own_server

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 1, 9, 15, tzinfo=UTC)


class Ear:
    """What one process heard from the others."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[datetime | None] = asyncio.Queue()

    async def next(self) -> datetime | None:
        async with asyncio.timeout(20):
            return await self.heard.get()


@contextlib.asynccontextmanager
async def two_processes(url: str) -> AsyncIterator[tuple[Wakeups, Ear, Wakeups, Ear]]:
    """Both listen; what they heard at the beginning is read already."""
    async with contextlib.AsyncExitStack() as stack:
        found: list[tuple[Wakeups, Ear]] = []
        for _ in range(2):
            database = stack.enter_context(contextlib.closing(Database.open(url)))
            wakeups, ear = Wakeups(database), Ear()
            hearing = wakeups.heard_by(ear.heard.put_nowait, lambda: NOW)
            await stack.enter_async_context(hearing)
            assert await ear.next() == NOW
            found.append((wakeups, ear))
        (one, its_ear), (other, others_ear) = found
        yield one, its_ear, other, others_ear


async def test_what_one_process_writes_wakes_the_other_and_not_itself(postgres_url: str) -> None:
    async with two_processes(postgres_url) as (one, its_ear, other, others_ear):
        one.tell(DUE)
        assert await others_ear.next() == DUE
        one.tell(None)
        assert await others_ear.next() is None
        other.tell(DUE)
        assert await its_ear.next() == DUE
        assert its_ear.heard.empty()
        assert others_ear.heard.empty()


async def test_what_is_told_in_one_breath_is_told_together_and_the_earliest_counts(
    postgres_url: str,
) -> None:
    async with two_processes(postgres_url) as (one, _, _, others_ear):
        for minutes in range(50, 0, -1):
            one.tell(DUE + timedelta(minutes=minutes))
        one.tell(DUE)
        one.tell(None)
        assert await others_ear.next() == DUE
        one.tell(NOW)
        assert await others_ear.next() == NOW


async def test_a_broken_line_is_mended_and_what_was_missed_is_looked_for() -> None:
    async with own_server() as server, two_processes(server.url()) as (one, _, _, others_ear):
        await server.stop("immediate")
        one.tell(DUE)  # nobody hears it
        await server.start()
        assert await others_ear.next() == NOW
        one.tell(DUE)
        while await others_ear.next() != DUE:
            pass


@pytest.mark.parametrize("said", ["abcd soon", "abcd 2026-03-01T09:15:00"])
async def test_who_hears_a_moment_it_cannot_read_looks_now_and_hears_on(
    said: str, postgres_url: str
) -> None:
    async with two_processes(postgres_url) as (one, _, _, others_ear):
        with contextlib.closing(Database.open(postgres_url)) as newer:
            newer.write_now(lambda conn: listening.tell(conn, said))
        assert await others_ear.next() == NOW
        one.tell(DUE)
        assert await others_ear.next() == DUE


async def test_who_stumbles_over_what_it_hears_listens_on(postgres_url: str) -> None:
    heard: list[datetime | None] = []

    def stumble_once(due_at: datetime | None) -> None:
        heard.append(due_at)
        if len(heard) == 1:
            raise RuntimeError

    with contextlib.closing(Database.open(postgres_url)) as database:
        async with Wakeups(database).heard_by(stumble_once, lambda: NOW):
            await until(lambda: heard == [NOW, NOW], 20)


async def test_an_incident_declared_in_one_process_is_armed_and_delivered_in_another(
    postgres_url: str,
) -> None:
    async with war_room(postgres_url, delivers=False) as room:
        settings = settings_of(room)
        with contextlib.closing(Database.open(postgres_url)) as beside:
            async with app.assembled(settings, room.clock, beside) as worker:
                armed: asyncio.Queue[datetime] = asyncio.Queue()
                async with app.delivering(worker):
                    worker.engine.bells.on_due(armed.put_nowait)
                    await room.declare(TITLE, severity="SEV1")
                    async with asyncio.timeout(20):
                        assert await armed.get() > room.clock.now() - timedelta(minutes=1)
                    await room.settled()
        assert room.announcements()


def settings_of(room: Room) -> Settings:
    """What another process needs to work beside the bot of this room."""
    return Settings(
        slack_bot_token="xoxb-sandbox",
        slack_api_url=f"{room.sandbox.workspace.url}/api/",
        database_url=room.database.url.replace("+psycopg", ""),
        warroom_announce_channel=INCIDENTS,
    )


async def test_what_cannot_be_finished_at_the_end_is_handed_back_and_done_once_by_the_next(
    database_url: str,
) -> None:
    async with war_room(database_url, clock=StillClock()) as room:
        held = room.sandbox.workspace.faults.add("conversations.create:timeout_after:1")
        await room.declare(TITLE, severity="SEV1")
        await until(lambda: room.owed("claimed") and room.rooms())
        await room.restart(timedelta(seconds=5))  # the lease would go on for 25 s more
        room.sandbox.workspace.faults.clear(held)
        await until(lambda: not room.owed(), 60)
        assert len(room.rooms()) == 1
        assert len(room.announcements()) == 1


async def test_a_bot_without_its_line_to_slack_is_unready_until_it_is_back(
    sqlite_url: str,
) -> None:
    port = free_port()
    async with war_room(sqlite_url) as room, aiohttp.ClientSession() as session:
        async with doors.on_metrics(room.bot, Settings(warroom_metrics_port=port)):

            async def told() -> tuple[int, list[str]]:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as got:
                    return got.status, (await got.json())["reasons"]

            assert await told() == (200, [])
            room.sandbox.workspace.faults.add("*:outage")
            await becomes(room, is_ready=False)
            assert await told() == (503, ["Socket Mode is not connected."])
            room.sandbox.workspace.faults.clear()
            await becomes(room, is_ready=True)


async def becomes(room: Room, *, is_ready: bool) -> None:
    async with asyncio.timeout(60):
        while bool(await room.bot.readiness.reasons()) is is_ready:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("part", ["worker", "web"])
async def test_a_process_ends_in_time_though_its_database_says_nothing(
    part: str, tmp_path: Path
) -> None:
    async with own_server() as server:
        sandbox = Sandbox(manifest.PATH, now=Clock().now)
        async with sandbox.running():
            stuck = connect(Terminal(tmp_path), sandbox).but(
                DATABASE_URL=server.url(), PORT=str(free_port()), SLACK_SIGNING_SECRET="sandbox"
            )
            await stuck.run("migrate")
            settings = dict(stuck.variables)
            process = await processes.start(["-m", "bot", part], tmp_path / "log", settings)
            try:
                await process.said("is at work.")
                server.freeze(is_frozen=True)
                process.child.terminate()
                async with asyncio.timeout(60):
                    assert await process.child.wait() in {0, 1}
            finally:
                await process.kill()
                server.freeze(is_frozen=False)
