"""What do people read while PostgreSQL fails, and what is left of what they were told?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from tests.disks import small_disk
from tests.flows.load import UNSURE, Load, under_load
from tests.flows.story import TITLE
from tests.room import IDRIS, MARA, Room, war_room
from tests.servers import Server, ended, give_away, own_server

NO_ANSWER = "The log cannot be written: the database does not answer. Nothing was changed; "


@contextlib.asynccontextmanager
async def on(url: str) -> AsyncIterator[Load]:
    async with war_room(url) as room:
        yield await under_load(room)


async def is_well(room: Room) -> bool:
    return not await room.bot.readiness.reasons()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_server_stopped_and_started_under_load_loses_nothing_that_was_acked(
    mode: str,
) -> None:
    async with own_server() as server, on(server.url()) as load:
        room = load.room
        async with load.going_on():
            await load.is_at_work()
            await server.stop(mode)
            await load.is_refused()
            assert await load.note(IDRIS) == f"{NO_ANSWER}please try again."
            assert await room.bot.readiness.reasons() == [
                "The log cannot be written: the database does not answer."
            ]
            assert room.sandbox.link.is_open
            await server.start()
            await load.is_at_work()
        await load.nothing_is_lost()
        assert await is_well(room)


async def test_a_form_that_could_not_be_taken_is_taken_when_the_database_is_back() -> None:
    async with own_server() as server, war_room(server.url()) as room:
        form = await room.form(MARA, f"/incident declare {TITLE}")
        await server.stop()
        told = await form.submit()
        sentence = "The log cannot be written: the database does not answer."
        assert told == {"title": f"{sentence} Nothing was changed; submit again."}
        await server.start()
        assert await form.submit() == {}
        await room.settled()
        assert len(room.rooms()) == 1


async def test_a_failover_to_a_promoted_synchronous_replica_loses_nothing_that_was_acked() -> None:
    async with own_server() as first:
        second = await first.replica()
        async with ended(second):
            await second.start()
            await first.ask(
                "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"
            )
            both = f"postgresql://postgres@{first.host},{second.host}/postgres"
            async with on(both) as load:
                async with load.going_on():
                    await load.is_at_work()
                    await first.stop("immediate")
                    await load.is_refused(1)
                    await second.promote()
                    await second.ask(
                        "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"
                    )
                    await load.is_at_work()
                await load.nothing_is_lost()
                assert await is_well(load.room)


async def test_a_server_that_says_nothing_is_told_in_time_and_nothing_is_done_twice() -> None:
    async with own_server() as server, on(server.url()) as load:
        async with load.going_on():
            await load.is_at_work()
            server.freeze(is_frozen=True)
            try:
                await load.is_refused()
                reasons = await load.room.bot.readiness.reasons()
            finally:
                server.freeze(is_frozen=False)
            await load.is_at_work()
        assert len(reasons) == 1
        await load.nothing_is_lost()


async def test_a_server_without_a_free_connection_is_told_and_work_resumes_by_itself() -> None:
    async with own_server(max_connections=12, superuser_reserved_connections=0) as server:
        async with on(server.url()) as load:
            others = await _take_every_connection(server)
            try:
                told = await load.note(IDRIS)
                reasons = await load.room.bot.readiness.reasons()
            finally:
                for other in others:
                    other.close()
            cause = "the server has no connection free"
            assert (
                told == f"The log cannot be read: {cause}. Nothing was changed; please try again."
            )
            assert reasons == [f"The log cannot be written: {cause}."]
            await until_noted(load)
            await load.nothing_is_lost()


async def test_a_server_whose_disk_is_full_is_told_and_work_resumes_by_itself() -> None:
    with small_disk(megabytes=40) as disk:
        give_away(disk.folder)
        async with own_server() as server:
            await server.ask(
                f"CREATE TABLESPACE small LOCATION '{disk.folder}'",
                "CREATE DATABASE small TABLESPACE small",
            )
            async with on(server.url("small")) as load:
                async with load.going_on():
                    await load.is_at_work()
                    with disk.full() if disk.is_real else refusing(server.url("small")):
                        await load.is_refused(1)
                        told = next(reversed(load.refused.values()))
                    await load.is_at_work()
                assert told == (
                    "The log cannot be written: the server's disk is full. "
                    "Nothing was changed; please try again."
                )
                await load.nothing_is_lost()
            await server.ask("DROP DATABASE small", "DROP TABLESPACE small")


@contextlib.contextmanager
def refusing(url: str) -> Iterator[None]:
    """Where no disk can be mounted: the server says itself that there is no more room."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$"
        )
        owner.execute("CREATE TRIGGER no_room BEFORE INSERT ON facts EXECUTE FUNCTION no_room()")
        yield
        owner.execute("DROP FUNCTION no_room CASCADE")


async def until_noted(load: Load) -> None:
    """Type until it is taken: the server frees what was closed a moment later."""
    async with asyncio.timeout(20):
        while not (await load.note(IDRIS)).startswith("Noted"):
            assert UNSURE not in next(reversed(load.refused.values()))


async def _take_every_connection(server: Server) -> list[psycopg.Connection[tuple[object, ...]]]:
    """Ours are ended, and others have all there are before we are back."""

    def work() -> list[psycopg.Connection[tuple[object, ...]]]:
        taken: list[psycopg.Connection[tuple[object, ...]]] = []
        ending = (
            "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity "
            "WHERE application_name LIKE 'warroom %'"
        )
        full = 0
        while full < 20:
            try:
                taken.append(psycopg.connect(server.url(), autocommit=True))
                full = 0
            except psycopg.OperationalError:
                full += 1
                taken[0].execute(ending)
        return taken

    return await asyncio.to_thread(work)
