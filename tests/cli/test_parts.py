"""Do web and worker, as two processes on PostgreSQL, carry an incident to a room?"""

from __future__ import annotations

import asyncio
import re

import aiohttp
from sqlalchemy import text

from bot.clock import Clock
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from storage import schema
from storage.db import Database
from tests.cli import people
from tests.cli.conftest import connect
from tests.cli.terminal import Terminal
from tests.cli.test_run import free_port

TITLE = "Quagmire of zebrafish"
BY = ("--by", "Elena Petrova, legal", "--why", "a customer is named")


async def test_parts_refuse_a_schema_that_is_not_theirs_and_then_share_the_work(
    terminal: Terminal, postgres_url: str
) -> None:
    port = free_port()
    sandbox = Sandbox(
        manifest.PATH, now=Clock().now, app_url=f"http://127.0.0.1:{port}/slack/events"
    )
    async with sandbox.running():
        parts = connect(terminal, sandbox).but(
            DATABASE_URL=postgres_url, PORT=str(port), SLACK_SIGNING_SECRET="sandbox"
        )
        told = await asyncio.gather(parts.refused("web"), parts.refused("worker"))
        assert list(told) == ["The database is empty. Run `warroom migrate` first."] * 2
        for done in await asyncio.gather(parts.run("migrate"), parts.run("migrate")):
            assert done.out == f"The schema is at {schema.HEAD}.\n", done
        turn_schema(postgres_url, "0000")
        told = await asyncio.gather(parts.refused("web"), parts.refused("worker"))
        needs = f"this version needs {schema.NEEDED}. Run `warroom migrate` first."
        assert list(told) == [f"The database is at schema 0000, {needs}"] * 2
        turn_schema(postgres_url, schema.HEAD)

        await share_the_work(parts, sandbox, postgres_url, f"http://127.0.0.1:{port}/healthz")


async def share_the_work(parts: Terminal, sandbox: Sandbox, url: str, healthz: str) -> None:
    title = ("erase", "INC-1", "--place", "1.title", *BY)
    async with parts.running("web", says="warroom web is at work."):
        async with (
            aiohttp.ClientSession() as session,
            session.get(healthz) as answer,
        ):
            assert (answer.status, await answer.json()) == (200, {"ok": True})
        mara = sandbox.as_person(people.MARA)
        await mara.slash(people.GENERAL, f"/incident declare sev1 {TITLE}")
        view = mara.open_view()
        assert view is not None
        await mara.submit(view.id)
        assert people.rooms(sandbox) == []
        refused = await parts.refused(*title)
        assert "still being delivered. See `warroom outbox`" in refused

        async with parts.running("worker", says="warroom worker is at work."):
            channel = await people.complete_room(sandbox)
            assert channel.name == "inc-1-quagmire-of-zebrafish"
            await people.everything_delivered(url)
            assert (await parts.run(*title)).code == 0
            await people.until(sandbox, lambda: "zebrafish" not in people.shown(channel).lower())

    assert re.fullmatch(r"Whole: \d+ facts in 1 chains\.\n", (await parts.run("verify")).out)


def turn_schema(url: str, version: str) -> None:
    database = Database.open(url)
    database.write_now(
        lambda conn: conn.execute(
            text("UPDATE alembic_version SET version_num = :at"), {"at": version}
        )
    )
    database.close()
