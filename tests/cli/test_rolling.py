"""Can a new version with another schema take over while the old one works?"""

from __future__ import annotations

import asyncio
import compileall
import contextlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from storage import log, schema
from storage.db import Database
from tests.cli import people
from tests.cli.balancer import Balancer
from tests.cli.conftest import connect
from tests.cli.terminal import Terminal
from tests.cli.test_run import free_port
from tests.processes import ROOT

OLD = schema.HEAD
ADDED, TAKEN = (f"{int(OLD) + step:04}" for step in (1, 2))
HEADER = '''"""A column for tomorrow."""

from alembic import op
import sqlalchemy as sa

revision, down_revision = "{revision}", "{before}"
oldest_left, can_wait = {oldest_left!r}, {can_wait}


def upgrade():
'''
ADDS = '    op.add_column("outbox", sa.Column("hue", sa.Text))\n'
TAKES = """    op.execute("UPDATE outbox SET hue = 'none' WHERE hue IS NULL")
    op.alter_column("outbox", "hue", nullable=False)
"""


def version_of_tomorrow(folder: Path) -> Path:
    """The code with a column more, which it fills, and which older code will not be able to."""
    for part in ("bot", "storage", "runbooks"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    shutil.copy(ROOT / "manifest.yaml", folder)
    versions = folder / "storage" / "migrations" / "versions"
    added = HEADER.format(revision=ADDED, before=OLD, oldest_left=None, can_wait=False)
    (versions / f"{ADDED}_hue.py").write_text(added + ADDS)
    taken = HEADER.format(revision=TAKEN, before=ADDED, oldest_left=ADDED, can_wait=True)
    (versions / f"{TAKEN}_hue_for_all.py").write_text(taken + TAKES)
    tables = folder / "storage" / "tables.py"
    more = '\noutbox.append_column(Column("hue", Text, default="blue"))\n'
    tables.write_text(tables.read_text() + more)
    known = folder / "storage" / "schema.py"
    head = re.sub(r'(?m)^HEAD = ".*"$', f'HEAD = "{TAKEN}"', known.read_text())
    known.write_text(re.sub(r'(?m)^NEEDED = ".*"$', f'NEEDED = "{ADDED}"', head))
    compileall.compile_dir(folder, quiet=1)  # once, instead of at each start
    return folder


@dataclass
class Roll:
    """Two versions, the requests they share, and who stops them in the end."""

    old: Terminal
    new: Terminal
    balancer: Balancer
    mara: Typist
    old_parts: contextlib.AsyncExitStack
    new_parts: contextlib.AsyncExitStack


async def begin(stack: contextlib.AsyncExitStack, version: Terminal) -> None:
    """Have a web and a worker of this version at work."""
    web = version.running("web", says="warroom web is at work.")
    worker = version.running("worker", says="warroom worker is at work.")
    await asyncio.gather(*map(stack.enter_async_context, (web, worker)))


class Typist:
    """Mara, who notes one thing after the other in the room of INC-1."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.noted = 0

    async def note(self, times: int = 1) -> None:
        """Each note has to be taken."""
        [room] = people.rooms(self._sandbox)
        mara = self._sandbox.as_person(people.MARA)
        for _ in range(times):
            self.noted += 1
            await mara.slash(room.id, f"/incident note thing {self.noted}")
            told = [one.text for one in room.messages if one.ephemeral_to == people.MARA]
            notices = self._sandbox.workspace.notices.get(people.MARA)
            assert told[-1:] == [f"{told[-1].partition(': ')[0]}: thing {self.noted}"], notices

    async def until(self, done: asyncio.Event) -> None:
        """Note on until then."""
        while not done.is_set():
            await self.note()


@pytest.mark.timeout(400)  # it starts nine processes
async def test_two_versions_work_side_by_side_until_the_old_one_is_gone(
    tmp_path: Path, postgres_url: str
) -> None:
    (tmp_path / "old").mkdir()
    folders = {"old": tmp_path / "old", "new": version_of_tomorrow(tmp_path / "new")}
    balancer = Balancer({name: free_port() for name in folders})
    app_url = f"http://127.0.0.1:{balancer.port}/slack/events"
    sandbox = Sandbox(manifest.PATH, now=Clock().now, app_url=app_url)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(balancer.running())
        await stack.enter_async_context(sandbox.running())
        old, new = (
            connect(Terminal(folder), sandbox).but(
                DATABASE_URL=postgres_url,
                PORT=str(balancer.ports[name]),
                SLACK_SIGNING_SECRET="sandbox",
            )
            for name, folder in folders.items()
        )
        parts = [await stack.enter_async_context(contextlib.AsyncExitStack()) for _ in "on"]
        roll = Roll(old, new, balancer, Typist(sandbox), *parts)
        await old_works_on_what_new_added(roll, sandbox)
        await old_leaves_while_people_type(roll)
        await new_takes_away_what_old_used(roll)
        await people.everything_delivered(postgres_url)
    with contextlib.closing(Database.open(postgres_url)) as database:
        facts = database.read_now(lambda conn: log.read(conn, "incident/1"))
    assert sum(one.kind == "NoteAdded" for one in facts) == roll.mara.noted


async def old_works_on_what_new_added(roll: Roll, sandbox: Sandbox) -> None:
    assert (await roll.old.run("migrate")).out == f"The schema is at {OLD}.\n"
    told = await roll.new.refused("web")
    assert told.endswith(f"this version needs {ADDED}. Run `warroom migrate` first.")
    await begin(roll.old_parts, roll.old)
    await people.declare(sandbox, "sev1 Chatbot gives unsafe dosage advice")
    expanded = (await roll.new.run("migrate")).out
    assert expanded.startswith(f"The schema is at {ADDED}.\n{TAKEN} takes away")
    assert await roll.balancer.reasons("old") == []
    await roll.mara.note()


async def old_leaves_while_people_type(roll: Roll) -> None:
    await begin(roll.new_parts, roll.new)
    told = await roll.new.refused("migrate", "--contract")
    assert told.startswith(f"A bot of schema {OLD} still runs on this database")
    await roll.mara.note(4)
    assert roll.balancer.answered["new"] > 0
    gone = asyncio.Event()
    typing = asyncio.create_task(roll.mara.until(gone))
    await roll.old_parts.aclose()
    gone.set()
    await typing


async def new_takes_away_what_old_used(roll: Roll) -> None:
    assert (await roll.new.run("migrate", "--contract")).out == f"The schema is at {TAKEN}.\n"
    assert (await roll.old.refused("web")).endswith("Install the newer version.")
    assert await roll.balancer.reasons("new") == []
    await roll.mara.note(2)
