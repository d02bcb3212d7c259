"""Can a record be taken along from a terminal, and checked where there is nothing but Python?"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.flows.story import TITLE
from tests.room import IDRIS, MARA, SANDBOX_CONTENT, Room, war_room


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Room]:
    """A room that Mara declared."""
    async with war_room(sqlite_url) as room:
        await room.declare(TITLE, severity="SEV2")
        await room.settled()
        yield room


@pytest.fixture
def terminal(room: Room, sqlite_url: str, tmp_path: Path) -> Terminal:
    """A shell with what the bot's own environment has, in Mara's name."""
    return Terminal(
        tmp_path,
        DATABASE_URL=sqlite_url,
        SLACK_BOT_TOKEN="xoxb-sandbox",
        SLACK_API_URL=f"{room.sandbox.workspace.url}/api/",
        WARROOM_CONTENT=str(SANDBOX_CONTENT),
        WARROOM_AS=MARA,
    )


def checked(place: Path, *more: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(place), *more]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.stderr == ""
    return run.returncode, run.stdout


async def test_a_folder_and_a_zip_are_written_and_stand_in_the_log(
    room: Room, terminal: Terminal, tmp_path: Path
) -> None:
    finished = await terminal.run("export", "INC-1", "--to", "out")
    assert finished.code == 0, finished
    folder = tmp_path / "out/INC-1-record"
    manifest, archive = re.findall(r"[0-9a-f]{64}", finished.out)[:2]
    assert checked(folder / "verify.py", "--sha256", manifest)[0] == 0
    assert checked(folder / "verify.py", f"{folder}.zip", "--sha256", archive)[0] == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        folder.name,
        f"{folder.name}.zip",
    }
    with zipfile.ZipFile(f"{folder}.zip") as packed:
        inside = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    assert inside == {path.name: path.read_bytes() for path in folder.iterdir()}
    [fact] = [one for one in room.facts(1) if one.kind == "RecordExported"]
    assert (fact.payload["manifest"], fact.payload["archive"]) == (manifest, archive)
    assert fact.actor == MARA


async def test_what_is_there_is_not_overwritten_and_nothing_is_recorded(
    room: Room, terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "INC-1-record").mkdir()
    said = await terminal.refused("export", "INC-1")
    assert said == "INC-1-record is there already. Move it away, or name another --to."
    assert [path.name for path in (tmp_path / "INC-1-record").iterdir()] == []
    assert "RecordExported" not in [one.kind for one in room.facts(1)]


async def test_who_may_not_export_in_slack_may_not_at_a_terminal(
    room: Room, terminal: Terminal, tmp_path: Path
) -> None:
    said = await terminal.refused("export", "INC-1", "--as", IDRIS)
    assert "is up to the Incident Commander" in said
    assert not (tmp_path / "INC-1-record").exists()
    assert "RecordExported" not in [one.kind for one in room.facts(1)]


async def test_an_incident_that_is_not_there_is_said_so(terminal: Terminal) -> None:
    assert "There is no INC-9." in await terminal.refused("export", "INC-9")


async def test_the_log_itself_says_whether_it_exported_this(
    terminal: Terminal, tmp_path: Path
) -> None:
    await terminal.run("export", "INC-1")
    for place in ("INC-1-record", "INC-1-record.zip"):
        finished = await terminal.run("check", place)
        assert finished.code == 0, finished
        assert finished.out.startswith(f"Whole: {MARA} exported it at ")
    page = tmp_path / "INC-1-record/index.html"
    page.write_bytes(page.read_bytes().replace(b"SEV2", b"SEV3"))
    broken = await terminal.run("check", "INC-1-record")
    assert (broken.code, broken.out) == (1, "Broken: index.html was changed.\n")
    listed = tmp_path / "INC-1-record/manifest.json"
    manifest = json.loads(listed.read_text())
    digest = hashlib.sha256(page.read_bytes()).hexdigest()
    manifest["files"]["index.html"].update(sha256=digest)
    listed.write_text(json.dumps(manifest))
    forged = await terminal.run("check", "INC-1-record")
    assert (forged.code, forged.out) == (
        1, "Broken: its files fit each other, but nothing in this log was exported so.\n",
    )  # fmt: skip
    said = await terminal.refused("check", "nothing")
    assert said == "nothing cannot be opened. Name a folder or ZIP of an export."
