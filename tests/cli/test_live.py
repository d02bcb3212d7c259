"""Does the doctor find out how the running installation does, and do its ports say so?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web

from bot import live
from bot.clock import Clock
from bot.doctor import Finding
from bot.running import Running
from bot.sandbox.sandbox import Sandbox
from bot.settings import Settings
from bot.slack import manifest
from storage import outbox
from storage.db import Database
from tests.cli import people
from tests.cli.terminal import Finished, Terminal
from tests.cli.test_doctor import remedy
from tests.cli.test_run import LISTENING, free_port
from tests.room import INCIDENTS, until, war_room


def wells(examined: Finished) -> str:
    """What was found to be well, a line each."""
    lines = examined.out.splitlines()
    return "\n".join(line for line in lines if line.startswith("well"))


async def got(url: str) -> tuple[int, str]:
    """What a page says."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_a_bot_that_is_well_answers_everywhere_and_hears_of_a_message(
    connected: Terminal, sandbox: Sandbox
) -> None:
    watched = connected.but(WARROOM_METRICS_PORT=str(free_port()))
    async with watched.running("run", says=LISTENING):
        await people.until(
            sandbox, lambda: "U0WARROOM" in sandbox.workspace.channels[people.INCIDENTS].members
        )
        examined = await watched.run("doctor", "--post", "incidents")

    assert examined.code == 0, examined
    found = wells(examined)
    assert "The running bot says that it is well." in found
    assert "/metrics answers; the running bot is version" in found
    assert "Nothing is owed to Slack." in found
    assert "A call to Slack takes " in found
    assert "The clock here agrees with Slack's." in found
    assert "A message stood in #incidents after " in found
    assert "The running bot heard an event of Slack's after " in found
    assert "It is deleted." in found
    messages = sandbox.workspace.channels[people.INCIDENTS].messages
    assert [one for one in messages if "doctor" in one.text] == []


@pytest.fixture
async def deaf_port() -> AsyncIterator[int]:
    """Where a bot says that it is well, and hears of no event."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="")

    app = web.Application()
    app.router.add_get("/{page}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield port
    await runner.cleanup()


async def test_who_breaks_off_leaves_no_message_standing(sqlite_url: str, deaf_port: int) -> None:
    async with war_room(sqlite_url) as room:
        settings = Settings(
            slack_bot_token="xoxb-sandbox",
            slack_api_url=f"{room.sandbox.workspace.url}/api/",
            database_url=sqlite_url,
            warroom_metrics_port=deaf_port,
        )

        async def examined() -> list[Finding]:
            return [one async for one in live.examine(settings, "incidents")]

        await until(lambda: "U0WARROOM" in room.sandbox.workspace.channels[INCIDENTS].members)
        examining = asyncio.create_task(examined())
        await until(lambda: any("doctor" in one.text for one in room.announcements()))
        examining.cancel()
        await asyncio.wait([examining])
        assert [one for one in room.announcements() if "doctor" in one.text] == []


async def test_nothing_is_posted_unless_asked(connected: Terminal, sandbox: Sandbox) -> None:
    await connected.run("migrate")

    examined = await connected.run("doctor", "--live")

    assert examined.code == 0, examined
    assert "WARROOM_METRICS_PORT" in remedy(examined, "careful", "A bot on Socket Mode has no port")
    assert not {call.method for call in sandbox.calls} & {"chat.postMessage", "chat.delete"}


async def test_a_port_on_which_nobody_answers_is_found(connected: Terminal) -> None:
    port = str(free_port())

    examined = await connected.but(WARROOM_METRICS_PORT=port).run("doctor", "--live")

    assert examined.code == 1
    told = remedy(examined, "wrong", f"No bot answers at http://127.0.0.1:{port}.")
    assert "Start it" in told


async def test_a_bot_that_is_not_ready_gives_its_reason(sqlite_url: str) -> None:
    async with war_room(sqlite_url, is_http=True) as room, aiohttp.ClientSession() as http:
        room.bot.readiness.stop()
        settings = Settings(port=int(room.url.rpartition(":")[2]), slack_signing_secret="x")
        found = [one.what async for one in Running(http, settings).examine()]
    assert "The running bot is not ready: It is stopping." in found


async def test_a_bot_with_another_signing_secret_is_found(connected: Terminal) -> None:
    over_http = connected.but(SLACK_SIGNING_SECRET="of-the-app", PORT=str(free_port()))
    async with over_http.running("run", "--http", says="warroom is listening by HTTP."):
        same = await over_http.run("doctor", "--live")
        other = await over_http.but(SLACK_SIGNING_SECRET="of-another-app").run("doctor", "--live")

    assert same.code == 0, same
    assert "A request signed with SLACK_SIGNING_SECRET is answered." in wells(same)
    assert other.code == 1
    told = remedy(other, "wrong", "The running bot refuses SLACK_SIGNING_SECRET.")
    assert "Basic Information" in told


async def test_what_waits_too_long_for_slack_is_found(connected: Terminal) -> None:
    await connected.run("migrate")
    database = Database.open(f"sqlite:///{connected.folder}/var/warroom.db")
    put_at = Clock().now() - timedelta(minutes=12, seconds=5)
    item = outbox.Item("post one", "lane", "post", {"to": "announce", "text": "x", "blocks": []})
    database.write_now(lambda conn: outbox.put(conn, [item], put_at))
    database.close()

    examined = await connected.run("doctor", "--live")

    assert examined.code == 1
    told = remedy(examined, "wrong", "1 owed to Slack, the oldest for 12 min.")
    assert "`warroom outbox`" in told


async def test_a_channel_without_the_bot_is_not_posted_in(
    connected: Terminal, sandbox: Sandbox
) -> None:
    examined = await connected.run("doctor", "--post", "general")

    assert examined.code == 1
    assert "Invite it" in remedy(examined, "wrong", "The bot is not in a channel general.")
    assert "chat.postMessage" not in {call.method for call in sandbox.calls}


@pytest.fixture
async def strange_slack() -> AsyncIterator[str]:
    """A Slack whose clock is 10 minutes ahead, and that granted more than was asked for."""

    async def answer(request: web.Request) -> web.Response:
        headers = {
            "Date": format_datetime(Clock().now() + timedelta(minutes=10), usegmt=True),
            "x-oauth-scopes": ",".join([*manifest.scopes(), "admin"]),
        }
        told = {"ok": True, "user_id": "U1", "bot_id": "B1", "team_id": "T1", "url": "https://x/"}
        return web.json_response({**told, "channels": []}, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/api/"
    await runner.cleanup()


async def test_a_clock_that_is_off_and_scopes_nobody_asked_for_are_found(
    connected: Terminal, strange_slack: str
) -> None:
    examined = await connected.but(SLACK_API_URL=strange_slack).run("doctor", "--live")

    assert examined.code == 1
    lines = examined.out.splitlines()
    [told] = [line for line in lines if "behind Slack's" in line]
    assert told.startswith("wrong")
    assert "Signed requests are refused beyond 5 min." in told
    told = remedy(examined, "careful", "Granted, and not asked for by manifest.yaml: admin.")
    assert "OAuth & Permissions" in told


async def test_a_worker_shows_its_figures_where_it_is_told_to(
    connected: Terminal, postgres_url: str
) -> None:
    port = str(free_port())
    worker = connected.but(DATABASE_URL=postgres_url, WARROOM_METRICS_PORT=port)
    await worker.run("migrate")
    async with worker.running("worker", says="worker is at work."):
        status, text = await got(f"http://127.0.0.1:{port}/metrics")
        assert (status, "warroom_outbox_rows" in text) == (200, True)
        assert (await got(f"http://127.0.0.1:{port}/healthz"))[0] == 200
        second = await worker.run("worker")
        assert second.code == 2
        assert "Set WARROOM_METRICS_PORT to a free one." in second.err
