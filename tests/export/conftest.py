"""Which record do the tests take along?"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot import registry
from bot.copies import Copy
from bot.core import ids
from bot.core.facts import Words
from bot.core.facts.runbooks import ApprovalAnswered, ApprovalAsked, FieldAnswered, FormAnswered
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.core.webhooks import Answered, Sent
from bot.engine import Asked, Existing
from bot.export.bundle import Bundle, bundle
from tests.flows import leaks
from tests.room import MARA, Room, StillClock, war_room

TITLE = '=HYPERLINK("https://evil.example";"x") <script>alert(1)</script> | **bold**'
ERASED = "Ruth A. of Elm Street"


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, Copy, Bundle]:
    """An incident in which much happened, copied twice, and its export."""
    folder = tmp_path_factory.mktemp("record")
    return asyncio.run(_taken(folder))


@pytest.fixture(scope="session")
def copy(taken: tuple[Copy, Copy, Bundle]) -> Copy:
    """The incident as it was copied."""
    return taken[0]


@pytest.fixture(scope="session")
def made(taken: tuple[Copy, Copy, Bundle]) -> Bundle:
    """The export."""
    return taken[2]


@pytest.fixture
def folder(made: Bundle, tmp_path: Path) -> Path:
    """The export as a folder."""
    place = tmp_path / made.name
    place.mkdir()
    for name, content in made.files.items():
        (place / name).write_bytes(content)
    return place


async def _taken(folder: Path) -> tuple[Copy, Copy, Bundle]:
    async with war_room(f"sqlite:///{folder}/warroom.db", clock=StillClock()) as room:
        await room.declare(TITLE, severity="SEV1")
        await room.settled()
        channel = room.channel(1).id
        await leaks.worked_on(room, channel)
        await room.pass_time(minutes=40)
        await room.type(MARA, channel, f"/incident note {ERASED} was told to stop")
        await room.type(MARA, channel, "/incident note +3 calls since then")
        _erase(room)
        for hours in (5, 1):
            await room.pass_time(hours=hours)
            await room.type(MARA, channel, f"/incident update {hours} h later all is calm")
        came = Answered(Sent("incident/1 hook 1", "step/1", "github"), 201, "#7")
        asked = Asked("answered", ids.BOT)
        await room.bot.engine.carry_out(registry.webhook_rule(), came, Existing(1), asked)
        await room.bot.engine.carry_out(_signed, None, Existing(1), Asked("signed", MARA))
        first = await room.bot.engine.copy(1)
        again = room.bot.engine.copy_now(1)
        return first, again, bundle(first, room.bot.engine.record_parts)


def _signed(_incident: Incident, _request: object, _context: Context, /) -> Outcome:
    """A form answered and a sign-off given in the runbook that was begun."""
    said = Words(TITLE)
    return Outcome((
        FieldAnswered(run=1, step=1, field="record", text=said),
        FormAnswered(run=1, step=1, edition=1, fields=("record",)),
        ApprovalAsked(
            run=1, step=5, ask=1, text=said, approvers=(MARA,), options=("rollback", "block_rules")
        ),
        ApprovalAnswered(
            run=1, step=5, ask=1, decision="approved", seat="ic", reason=said,
            options=("rollback",),
        ),
    ))  # fmt: skip


def _erase(room: Room) -> None:
    words = room.bot.engine.words_of(Existing(1))
    place = next(where for where, (_, said) in words.items() if ERASED in said)
    assert room.bot.engine.erase(Existing(1), [place], "a name", "Elena") == 1
    room.clock.move(timedelta(minutes=1))
