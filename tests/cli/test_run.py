"""How do the processes start, work beside each other, and stop?"""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient  # noqa: TID251 (a plain client, no bot)

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import listen
from storage import schema
from tests.cli import people
from tests.cli.terminal import Terminal
from tests.disks import small_disk

LISTENING = "warroom is listening by Socket Mode."


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_a_signal_stops_the_bot_cleanly(connected: Terminal, by: signal.Signals) -> None:
    async with connected.running("run", says=LISTENING) as bot:
        assert (await bot.stopped(by)).code == 0


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_a_signal_stops_a_bot_that_waits_for_slack(
    terminal: Terminal, tmp_path: Path, by: signal.Signals
) -> None:
    port = free_port()
    slack = {"SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": f"http://127.0.0.1:{port}/"}
    waiting = terminal.but(SLACK_BOT_TOKEN="xoxb-1", **slack)

    async with waiting.running("run", says="slack.unreachable") as bot:
        assert (await bot.stopped(by)).code == 0


async def test_one_bot_owns_a_file_and_readers_work_beside_it(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with connected.running("run", says=LISTENING):
        await people.declare(sandbox, "sev1 Chatbot gives unsafe dosage advice")

        told, verified, copied = await asyncio.gather(
            connected.refused("run"),
            connected.run("verify"),
            connected.run("backup", "copy [of today].db"),
        )
        assert told.startswith("Another bot is running on var/warroom.db.")
        assert re.fullmatch(r"Whole: \d+ facts in 1 chains\.\n", verified.out)
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
        assert (await connected.run("outbox")).out == "Nothing is owed.\n"
        assert re.fullmatch(
            r"Copied to copy \[of today\]\.db\. Whole: \d+ facts in 1 chains\.\n", copied.out
        )
        assert "is there already" in await connected.refused("backup", "copy [of today].db")

    copy = connected.but(DATABASE_URL=f"sqlite:///{tmp_path}/copy [of today].db")
    assert (await copy.run("verify")).out == verified.out


async def test_a_copy_is_loaded_into_an_empty_postgres_and_only_there(
    connected: Terminal, sandbox: Sandbox, postgres_url: str
) -> None:
    async with connected.running("run", says=LISTENING):
        await people.declare(sandbox, "sev1 Chatbot gives unsafe dosage advice")
        assert (await connected.run("backup", "copy.db")).code == 0
    elsewhere = connected.but(DATABASE_URL=postgres_url)

    loaded = await elsewhere.run("restore", "copy.db")

    told = re.fullmatch(r"Loaded copy\.db\. (Whole: \d+ facts in 1 chains\.) .*\n", loaded.out)
    assert told, loaded
    assert (await elsewhere.run("verify")).out == f"{told[1]}\n"
    assert "is not empty" in await elsewhere.refused("restore", "copy.db")
    assert "There is no copy at" in await elsewhere.refused("restore", "nowhere.db")


async def test_a_file_on_a_disk_that_takes_nothing_is_told_at_the_start(
    connected: Terminal,
) -> None:
    with small_disk(megabytes=8) as disk:
        there = connected.but(DATABASE_URL=f"sqlite:///{disk.folder}/warroom.db")
        assert (await there.run("migrate")).code == 0
        with disk.read_only():
            told = await there.refused("run")
    assert "cannot be made (" in told


async def test_a_fact_changed_by_hand_is_named(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with connected.running("run", says=LISTENING):
        await people.declare(sandbox, "sev1 Chatbot gives unsafe dosage advice")
    with sqlite3.connect(tmp_path / "var" / "warroom.db") as conn:
        triggers = conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            conn.execute(f'DROP TRIGGER "{name}"')
        conn.execute("UPDATE facts SET payload = replace(payload, 'SEV1', 'SEV3')")
    conn.close()

    verified = await connected.run("verify")

    assert verified.code == 1
    assert verified.out == "Broken: incident/1, fact 1. It was changed after it was written.\n"


async def test_reading_where_no_bot_ever_ran_says_so_and_makes_nothing(
    terminal: Terminal, tmp_path: Path
) -> None:
    told = await terminal.refused("verify")

    assert str(tmp_path / "var" / "warroom.db") in told
    assert "`warroom migrate`" in told
    assert list(tmp_path.rglob("*.db*")) == []


async def test_a_bug_is_logged_without_tokens_and_without_what_people_typed(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with connected.running("run", says=LISTENING) as bot:
        with sqlite3.connect(tmp_path / "var" / "warroom.db", timeout=5) as conn:
            conn.execute("DROP TABLE texts")
        conn.close()
        bot.may_log_a_bug = True
        mara = sandbox.as_person(people.MARA)
        await mara.slash(people.GENERAL, "/incident declare sev1 Quagmire of zebrafish")
        view = mara.open_view()
        assert view is not None
        await mara.submit(view.id)
        (sentence,) = view.errors.values()
        fault = sentence.rpartition(" ")[2].rstrip(".")

    assert fault in bot.err
    assert "no such table: texts" in bot.err
    assert "zebrafish" not in bot.err


async def test_migrate_brings_a_file_to_the_schema_and_a_second_time_does_no_harm(
    terminal: Terminal, tmp_path: Path
) -> None:
    for _ in range(2):
        assert (await terminal.run("migrate")).out == f"The schema is at {schema.HEAD}.\n"


async def test_web_and_worker_do_not_share_a_file(connected: Terminal) -> None:
    over_http = connected.but(SLACK_SIGNING_SECRET="of-the-app")
    for told in await asyncio.gather(over_http.refused("web"), over_http.refused("worker")):
        assert "which takes Postgres" in told
        assert "`warroom run --http`" in told


async def test_the_sandbox_tells_what_a_plain_client_needs(terminal: Terminal) -> None:
    port = free_port()
    async with terminal.running(
        "sandbox", "--headless", "--port", str(port), says="SIGNING_SECRET=sandbox"
    ) as sandbox:
        line = next(line for line in sandbox.out.splitlines() if "SLACK_API_URL=" in line)
        told = dict(pair.split("=", 1) for pair in line.split())
        assert told["SLACK_API_URL"] == f"http://127.0.0.1:{port}/api/"

        client = AsyncWebClient(told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"])
        assert (await client.auth_test())["team"] == "Sandbox"


async def test_the_demo_serves_its_page_and_stops_cleanly(
    terminal: Terminal, tmp_path: Path
) -> None:
    async with terminal.running("demo", says="Ctrl-C stops it.") as demo:
        url = next(word for word in demo.out.split() if word.startswith("http://127.0.0.1:"))
        async with aiohttp.ClientSession() as session, session.get(url) as page:
            assert page.status == 200
            assert "<html" in (await page.text()).lower()
        assert (await terminal.refused("demo")).startswith("A demo is running in this folder")
        assert (tmp_path / "var" / "demo" / "warroom.db").exists()
        finished = await demo.stopped(signal.SIGINT)

    assert finished.code == 0
    assert finished.out.splitlines()[-1] == "Stopped."


def free_port() -> int:
    listener = listen(0)
    port = int(listener.getsockname()[1])
    listener.close()
    return port
