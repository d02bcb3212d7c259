"""Can a new version with another schema take over while the old one works?"""

from __future__ import annotations

import asyncio
import compileall
import contextlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.sandbox.model import Channel
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from storage import log, outbox, schema
from storage.db import Database
from tests.cli import people
from tests.cli.balancer import Balancer
from tests.cli.conftest import connect
from tests.cli.terminal import Running, Terminal
from tests.cli.test_run import free_port
from tests.processes import ROOT

OLD = schema.HEAD
ADDED, TAKEN = (f"{int(OLD) + step:04}" for step in (1, 2))
LEFT = ("failed", "undeliverable", "dropped")
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
# What the modules of tomorrow have behind those of today: a note that speaks of tomorrow writes a
# kind of fact, owes an effect, and keeps a shape that older code has never heard of.
MORE = {
    "storage/tables.py": """
outbox.append_column(Column("hue", Text, default="blue"))
""",
    "bot/core/facts/timeline.py": """
class NoteTinted(Fact):
    hue: str
KINDS = (*KINDS, NoteTinted)
""",
    "bot/features/timeline/rules.py": """
import functools
from bot.core.facts.timeline import NoteTinted
from bot.core.messages import Content, Keep
plain_note = note
@functools.wraps(plain_note)
def note(incident, request, context):
    noted = plain_note(incident, request, context)
    if "tomorrow" not in request.words:
        return noted
    room = incident.room
    tint = Call(f"tint/{incident.number}", "tint", {"text": "tinted"}, needs=room)
    banner = Keep(f"banner/{incident.number}", room, Content("a banner"), shape="banner")
    return noted + Outcome((NoteTinted(hue="blue"),), (tint, banner))
""",
    "bot/slack/effects.py": """
begin = Effects.__init__
def __init__(self, calls, me):
    begin(self, calls, me)
    async def tint(owed, body):
        channel = owed.needs_value["channel"]
        await calls("chat.postMessage", channel=channel, text=body["text"])
    self.by_name["tint"] = tint
Effects.__init__ = __init__
""",
    "bot/slack/pacing.py": """
EFFECTS = {**EFFECTS, "tint": ("chat.postEphemeral",)}
_SHAPES = {**_SHAPES, "banner": ("conversations.setPurpose",)}
""",
}
UNREAD = (
    "A newer version of the bot has written here, and this process cannot read it. "
    "In a minute another one will answer. Nothing was changed; please try again."
)


def version_of_tomorrow(folder: Path) -> Path:
    """The code with more of everything, of which older code knows nothing."""
    for part in ("bot", "storage", "runbooks"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    shutil.copy(ROOT / "manifest.yaml", folder)
    versions = folder / "storage" / "migrations" / "versions"
    added = HEADER.format(revision=ADDED, before=OLD, oldest_left=None, can_wait=False)
    (versions / f"{ADDED}_hue.py").write_text(added + ADDS)
    taken = HEADER.format(revision=TAKEN, before=ADDED, oldest_left=ADDED, can_wait=True)
    (versions / f"{TAKEN}_hue_for_all.py").write_text(taken + TAKES)
    for name, more in MORE.items():
        (folder / name).write_text((folder / name).read_text() + more)
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


async def begin(stack: contextlib.AsyncExitStack, version: Terminal, *parts: str) -> list[Running]:
    """Have these processes of this version at work."""
    started = [version.running(part, says=f"warroom {part} is at work.") for part in parts]
    return await asyncio.gather(*map(stack.enter_async_context, started))


class Typist:
    """Mara, who notes one thing after the other in the room of INC-1."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.noted = 0

    async def note(self, times: int = 1) -> None:
        """Each note has to be taken."""
        for _ in range(times):
            self.noted += 1
            told = await self.type(f"note thing {self.noted}")
            assert told.endswith(f": thing {self.noted}"), told

    async def type(self, line: str) -> str:
        """What Mara was told of what she typed behind the command."""
        room, before = self.room, len(self._told())
        await self._sandbox.as_person(people.MARA).slash(room.id, f"/incident {line}")
        told = self._told()[before:]
        assert told, self._sandbox.workspace.notices.get(people.MARA)
        return told[-1]

    @property
    def room(self) -> Channel:
        """That of INC-1."""
        return people.rooms(self._sandbox)[0]

    def _told(self) -> list[str]:
        return [one.text for one in self.room.messages if one.ephemeral_to == people.MARA]

    async def until(self, done: asyncio.Event) -> None:
        """Note on until then."""
        while not done.is_set():
            await self.note()


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
        worker = await old_works_on_what_new_added(roll, sandbox)
        await old_leaves_alone_what_only_new_can_read(roll, sandbox, worker)
        await old_leaves_while_people_type(roll)
        await new_takes_away_what_old_used(roll)
        await people.everything_delivered(postgres_url)
    with contextlib.closing(Database.open(postgres_url)) as database:
        left = database.read_now(lambda conn: outbox.listing(conn, LEFT))
        assert [(row.name, row.error) for row in left] == []
        facts = database.read_now(lambda conn: log.read(conn, "incident/1"))
    assert sum(one.kind == "NoteAdded" for one in facts) == roll.mara.noted


async def old_works_on_what_new_added(roll: Roll, sandbox: Sandbox) -> Running:
    assert (await roll.old.run("migrate")).out == f"The schema is at {OLD}.\n"
    told = await roll.new.refused("web")
    assert told.endswith(f"this version needs {ADDED}. Run `warroom migrate` first.")
    _web, worker = await begin(roll.old_parts, roll.old, "web", "worker")
    await people.declare(sandbox, "sev1 Chatbot gives unsafe dosage advice")
    await people.declare(sandbox, "sev3 Summaries come out empty")
    await people.until(sandbox, lambda: len(people.rooms(sandbox)) == 2)
    expanded = (await roll.new.run("migrate")).out
    assert expanded.startswith(f"The schema is at {ADDED}.\n{TAKEN} takes away")
    assert await roll.balancer.reasons("old") == []
    await roll.mara.note()
    return worker


async def old_leaves_alone_what_only_new_can_read(
    roll: Roll, sandbox: Sandbox, old_worker: Running
) -> None:
    """What newer code wrote and owes stays for it, and the old one goes on with all the rest."""
    await begin(roll.new_parts, roll.new, "web")
    with roll.balancer.only("new"):
        assert (await roll.mara.type("note INC-2 tomorrow is here")).endswith("tomorrow is here")
    for what in ('"effect": "tint"', '"effect": "banner"'):
        await old_worker.said(what)
    with roll.balancer.only("old"):
        assert await roll.mara.type("note INC-2 nobody reads this") == UNREAD
        assert "INC-2" in await roll.mara.type("list")
        await roll.mara.note()
    await begin(roll.new_parts, roll.new, "worker")
    second = people.rooms(sandbox)[1]
    await people.until(sandbox, lambda: second.purpose == "a banner")
    await people.until(sandbox, lambda: "tinted" in [one.text for one in second.messages])
    with roll.balancer.only("new"):
        assert (await roll.mara.type("note INC-2 and it goes on")).endswith("and it goes on")
    assert '"outbox.refused"' not in old_worker.err


async def old_leaves_while_people_type(roll: Roll) -> None:
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
