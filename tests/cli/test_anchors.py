"""Are heads of chains anchored outside the database, and does `verify` compare with them?"""

from __future__ import annotations

import contextlib
from pathlib import Path

from bot.clock import Clock
from bot.sandbox.sandbox import Sandbox
from storage import log
from storage.db import Database
from tests.cli import people
from tests.cli.terminal import Terminal
from tests.cli.test_doctor import remedy
from tests.storage.attack import attacking

LISTENING = "warroom is listening by Socket Mode."


async def test_the_running_bot_anchors_and_what_was_cut_off_later_is_found(
    connected: Terminal, sandbox: Sandbox, tmp_path: Path
) -> None:
    elsewhere = connected.but(WARROOM_ANCHORS=str(tmp_path / "elsewhere"))
    async with elsewhere.running("run", says=LISTENING):
        await people.declare(sandbox, "sev1 Chatbot gives unsafe dosage advice")
        await people.everything_delivered(f"sqlite:///{tmp_path}/var/warroom.db")
    verified = await elsewhere.run("verify")
    assert verified.code == 0
    assert "\nAs anchored: 1 heads, noted until " in verified.out
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/var/warroom.db")) as database:
        length = len(database.read_now(lambda conn: log.read(conn, "incident/1")))
        with attacking(database) as execute:
            execute("DELETE FROM facts WHERE seq = ?", length)

    lost = (
        f"Broken: incident/1, fact {length}. It and all behind it are missing; {length} facts "
        "were anchored.\n"
    )
    verified = await elsewhere.run("verify")
    assert (verified.code, verified.out) == (1, lost)
    assert "restored from an older copy" in verified.err
    anchored = await elsewhere.run("anchor")
    assert anchored.code == 1
    assert anchored.out.startswith(lost)
    named = await connected.run("verify", "--anchors", "elsewhere")
    assert (named.code, named.out) == (1, lost)
    async with elsewhere.running("run", says="anchors.broken"):
        pass
    assert (await elsewhere.run("verify")).code == 1


async def test_anchors_stand_beside_a_file_unless_set(terminal: Terminal, tmp_path: Path) -> None:
    await terminal.run("migrate")
    verified = await terminal.run("verify")
    assert verified.out == "Whole: 0 facts in 0 chains.\n"
    assert verified.err == "No anchors were compared, so a cut tail would not show.\n"
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/var/warroom.db")) as database:
        draft = log.Draft("Declared", 1, "U1", Clock().now(), {})
        database.write_now(lambda conn: log.append(conn, "incident/1", [draft]))

    anchored = await terminal.run("anchor")

    assert anchored.out == "Anchored in var/warroom.db.anchors: 1 new of 1 heads.\n"
    assert (tmp_path / "var" / "warroom.db.anchors").exists()
    again = await terminal.run("anchor", "--file", "by hand")
    assert again.out == "Anchored in by hand: 1 new of 1 heads.\n"
    assert (await terminal.run("verify")).out.count("\n") == 2
    told = await terminal.refused("verify", "--anchors", "nowhere")
    assert told == "There is no file of anchors at nowhere. Check its name."


async def test_on_postgres_the_doctor_says_that_nothing_is_anchored(
    connected: Terminal, postgres_database: Database
) -> None:
    there = connected.but(DATABASE_URL=postgres_database.url.replace("+psycopg", ""))

    examined = await there.run("doctor")

    assert examined.code == 0, examined
    told = remedy(examined, "careful", "WARROOM_ANCHORS is not set, so a cut tail")
    assert "outside the database" in told
    assert (await there.refused("anchor")).startswith("Nothing says where to anchor.")
    wrong = await there.but(WARROOM_ANCHORS="nowhere/anchors").run("doctor")
    assert "make its folder" in remedy(wrong, "wrong", "The heads of the chains cannot be anchored")
