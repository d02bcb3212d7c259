"""Is a person told what is new to them, and only that?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.page.reading import Marks
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import HandMovedClock, write_manifest

NOOR, IDRIS, ELENA = "U0AGENT", "U0SAFETY", "U0LEGAL"
PLACE = "C0SUPPORT"


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(write_manifest(tmp_path), now=HandMovedClock().now)
    async with sandbox.running():
        yield sandbox


@pytest.fixture
def marks(sandbox: Sandbox) -> Marks:
    return Marks(sandbox.workspace)


def test_what_was_there_at_the_start_is_new_to_nobody(marks: Marks) -> None:
    assert marks.unread(IDRIS) == {}


async def test_new_words_count_only_where_they_rang(sandbox: Sandbox, marks: Marks) -> None:
    noor = sandbox.as_person(NOOR)
    said = await noor.say(PLACE, "The chatbot did it again")
    await noor.say("C0GENERAL", "@idris please look")
    assert marks.unread(IDRIS) == {PLACE: 0, "C0GENERAL": 1}
    assert marks.first_new(IDRIS, sandbox.workspace.channels[PLACE]) == said.ts
    assert marks.unread(NOOR) == {}


async def test_other_windows_of_the_same_person_hear_what_was_read(
    sandbox: Sandbox, marks: Marks
) -> None:
    said = await sandbox.as_person(NOOR).say(PLACE, "@idris please look")
    assert not marks.is_read(IDRIS, PLACE, said.ts)
    heard: list[str] = []
    sandbox.workspace.watch(heard.append)
    for _ in range(2):
        marks.read(IDRIS, sandbox.workspace.channels[PLACE])
    assert heard == [f"read:{IDRIS}"]
    assert marks.is_read(IDRIS, PLACE, said.ts)
    assert marks.unread(IDRIS) == {}


async def test_a_reply_is_new_in_the_channel_only_to_whom_it_rang(
    sandbox: Sandbox, marks: Marks
) -> None:
    root = await sandbox.as_person(IDRIS).say(PLACE, "Who tried it?")
    for person_id in (IDRIS, NOOR):
        marks.read(person_id, sandbox.workspace.channels[PLACE])
    await sandbox.as_person("U0EXEC").say(PLACE, "I did", root.ts)
    assert marks.unread(IDRIS) == {PLACE: 1}
    assert marks.unread(NOOR) == {}


async def test_a_muted_channel_stays_quiet_and_comings_are_no_news(
    sandbox: Sandbox, marks: Marks
) -> None:
    await sandbox.as_person(IDRIS).mute(PLACE)
    await sandbox.as_person(NOOR).say(PLACE, "Anybody?")
    await sandbox.as_person(ELENA).leave("C0INCIDENTS")
    await sandbox.as_person(ELENA).join("C0INCIDENTS")
    assert marks.unread(IDRIS) == {}
