"""Does the doctor find what is wrong, and say what to do about it?"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from storage.schema import OLDEST
from tests.cli.conftest import connect
from tests.cli.people import INCIDENTS
from tests.cli.terminal import Finished, Terminal
from tests.cli.test_settings import lay_over
from tests.disks import small_disk

VAULT_KEY = "bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0="


async def test_nothing_is_wrong_with_an_installation_that_is_well(connected: Terminal) -> None:
    await connected.run("migrate")

    examined = await connected.but(WARROOM_VAULT_KEY=VAULT_KEY).run("doctor")

    assert examined.code == 0, examined
    assert [line.split()[0] for line in examined.out.splitlines()] == ["well"] * 9


async def test_keys_that_lie_open_in_the_database_are_pointed_out(connected: Terminal) -> None:
    await connected.run("migrate")

    examined = await connected.run("doctor")

    assert examined.code == 0, examined
    told = remedy(examined, "careful", "Evidence is encrypted in var/warroom.db.vault, and whoever")
    assert "WARROOM_VAULT_KEY" in told


async def test_a_database_that_newer_code_migrated_is_not_to_be_migrated_by_this(
    connected: Terminal, tmp_path: Path
) -> None:
    await connected.run("migrate")
    with contextlib.closing(sqlite3.connect(tmp_path / "var" / "warroom.db")) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9998'")
        conn.commit()
        examined = await connected.run("doctor")
        assert examined.code == 0, examined
        assert "and its schema fits: a newer version made it." in examined.out
        conn.execute("INSERT INTO counters (name, value) VALUES (?, 9998)", [OLDEST])
        conn.commit()
    examined = await connected.run("doctor")
    assert examined.code == 1, examined
    remedy(examined, "wrong", "Database: The database is at schema 9998, and what this version")


async def test_a_full_disk_is_found(connected: Terminal, tmp_path: Path) -> None:
    with small_disk(megabytes=2) as disk:
        if not disk.is_real:
            pytest.skip("takes a disk of its own, which only root may mount")
        file = disk.folder / "warroom.db"
        on_it = connected.but(DATABASE_URL=f"sqlite:///{file}")
        await on_it.run("migrate")
        # As beside a bot: what stands beside the file for reading is there already.
        with contextlib.closing(sqlite3.connect(file)) as reading:
            reading.execute("SELECT * FROM counters").fetchall()
            with disk.full():
                examined = await on_it.run("doctor")
    assert examined.code == 1, examined
    remedy(examined, "wrong", "Database: The log cannot be written: the disk is full.")


async def test_what_may_be_meant_so_is_pointed_out_and_is_no_fault(
    connected: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "warroom.db").touch()
    unusual = connected.but(WARROOM_COMMAND="/fire", WARROOM_ANNOUNCE_CHANNEL="")

    examined = await unusual.run("doctor")

    assert examined.code == 0, examined
    assert "`warroom migrate`" in remedy(examined, "careful", "The database has no schema")
    told = remedy(examined, "careful", "WARROOM_COMMAND is /fire; manifest.yaml has /incident.")
    assert "`warroom manifest --command /fire`" in told
    assert "channel's name" in remedy(examined, "careful", "WARROOM_ANNOUNCE_CHANNEL is not set")


async def test_where_no_database_is_the_doctor_says_so_and_makes_none(
    connected: Terminal, tmp_path: Path
) -> None:
    examined = await connected.run("doctor", "--live")

    told = remedy(examined, "careful", f"There is no database at {tmp_path}/var/warroom.db.")
    assert "set DATABASE_URL" in told
    assert list(tmp_path.iterdir()) == []


async def test_a_wrong_bot_token_is_found_and_where_to_copy_it(connected: Terminal) -> None:
    examined = await connected.but(SLACK_BOT_TOKEN="xoxb-of-yesterday").run("doctor")

    assert examined.code == 1
    told = remedy(examined, "wrong", "Slack did not take SLACK_BOT_TOKEN (auth.test: invalid_auth)")
    assert "OAuth & Permissions" in told


async def test_a_wrong_app_token_and_an_archived_channel_are_found(
    connected: Terminal, sandbox: Sandbox
) -> None:
    sandbox.workspace.channels[INCIDENTS].is_archived = True

    examined = await connected.but(SLACK_APP_TOKEN="xapp-of-yesterday").run("doctor")

    assert examined.code == 1
    told = remedy(examined, "wrong", "Slack did not take SLACK_APP_TOKEN")
    assert "connections:write" in told
    told = remedy(examined, "wrong", "The announcement channel incidents is archived.")
    assert "Unarchive it" in told


async def test_each_missing_scope_says_which_feature_is_off(
    terminal: Terminal, tmp_path: Path
) -> None:
    granted = tmp_path / "granted.yaml"
    text = manifest.PATH.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    granted.write_text("".join(line for line in lines if "pins:write" not in line))
    sandbox = Sandbox(granted, now=Clock().now)
    async with sandbox.running():
        examined = await (
            connect(terminal, sandbox).but(WARROOM_ANNOUNCE_CHANNEL="nowhere").run("doctor")
        )

    assert examined.code == 1
    told = remedy(
        examined, "wrong", "The scope pins:write is missing; off without it: pins the summary."
    )
    assert "einstall the app" in told
    told = remedy(examined, "wrong", "There is no channel nowhere that the bot can see.")
    assert "WARROOM_ANNOUNCE_CHANNEL" in told


async def test_faults_of_policy_and_database_are_found_without_slack(
    terminal: Terminal, tmp_path: Path
) -> None:
    faulty = lay_over(tmp_path, "  - rank: 2", "  - rank: two")
    (tmp_path / "not-a-folder").touch()
    broken = terminal.but(
        WARROOM_CONTENT=str(tmp_path / "content"),
        DATABASE_URL=f"sqlite:///{tmp_path}/not-a-folder/warroom.db",
    )

    examined = await broken.run("doctor")

    assert examined.code == 1
    assert "Correct the file" in remedy(examined, "wrong", f"Policy: {faulty}, line 34:")
    told = f"There is no database at {tmp_path}/not-a-folder/warroom.db."
    assert "set DATABASE_URL" in remedy(examined, "careful", told)
    assert "SLACK_BOT_TOKEN is not set" in remedy(examined, "wrong", "No bot token.")


async def test_a_server_that_does_not_answer_is_found_without_its_password(
    connected: Terminal,
) -> None:
    url = "postgresql://bot:hunter2@127.0.0.1:1/war"

    examined = await connected.but(DATABASE_URL=url).run("doctor")

    assert examined.code == 1
    told = remedy(examined, "wrong", "Database: The log cannot be read: the database does not")
    assert "DATABASE_URL" in told
    assert "hunter2" not in examined.out + examined.err


def remedy(examined: Finished, state: str, what: str) -> str:
    """What stands under the finding that begins like this."""
    lines = examined.out.splitlines()
    found = [
        place for place, line in enumerate(lines) if line.split(maxsplit=1)[1].startswith(what)
    ]
    assert found, examined.out
    assert lines[found[0]].startswith(state)
    return lines[found[0] + 1].strip()
