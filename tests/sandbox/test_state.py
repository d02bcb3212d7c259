"""Does the workspace outlive its process?"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.page.reading import Marks
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.state import KEPT, NOT_KEPT, VERSION
from tests.sandbox.foreign import Api, HandMovedClock, button, modal, write_manifest

MARA, IDRIS, GENERAL, BOT = "U0ONCALL", "U0SAFETY", "C0GENERAL", "U0HELPER"


def opened(folder: Path, clock: HandMovedClock) -> Sandbox:
    """A workspace kept in `folder`."""
    return Sandbox(write_manifest(folder), now=clock.now, state=folder / "state.json")


def seen(sandbox: Sandbox) -> dict[str, Any]:
    """All that is kept, in comparable form."""
    return {name: getattr(sandbox.workspace, name) for name in KEPT}


async def test_everything_is_there_after_a_restart(tmp_path: Path, clock: HandMovedClock) -> None:
    before = opened(tmp_path, clock)
    async with before.running() as base_url, aiohttp.ClientSession() as session:
        api = Api(base_url, session)
        room = (await api.ok("conversations.create", name="room", is_private=True))["channel"]["id"]
        await api.ok("conversations.invite", channel=room, users=MARA)
        ts = (await api.ok("chat.postMessage", channel=room, text="é", blocks=[button()]))["ts"]
        await api.ok("pins.add", channel=room, timestamp=ts)
        await api.ok("views.open", trigger_id=before.workspace.triggers.give(MARA), view=modal())
        await before.as_person(MARA).say(room, f"<@{MARA}> hello", ts)
        await before.as_person(MARA).react(room, ts, "eyes")
        await before.as_person(MARA).mute(GENERAL)
        await before.as_person(MARA).slash(GENERAL, "/unknown")
        before.workspace.entered[room, ts, MARA] = {"row": {"go": {"type": "x"}}}

    after = opened(tmp_path, clock)

    assert seen(after) == seen(before)
    async with after.running() as base_url, aiohttp.ClientSession() as session:
        api = Api(base_url, session)
        again = (await api.ok("chat.postMessage", channel=room, text="on"))["ts"]
        assert again > max(message.ts for message in before.workspace.channels[room].messages)
        other = (await api.ok("conversations.create", name="other"))["channel"]["id"]
        assert other not in before.workspace.channels


async def test_what_a_person_has_read_stays_read_after_a_restart(
    tmp_path: Path, clock: HandMovedClock
) -> None:
    before = opened(tmp_path, clock)
    marks = Marks(before.workspace)
    await before.as_person(IDRIS).say(GENERAL, "<@U0ONCALL> one")
    marks.read(MARA, before.workspace.channels[GENERAL])
    await before.as_person(IDRIS).say(GENERAL, "@mara two")
    before.save()

    after = opened(tmp_path, clock)

    assert Marks(after.workspace).unread(MARA) == {GENERAL: 1}
    two = after.workspace.channels[GENERAL].messages[-1]
    assert Marks(after.workspace).first_new(MARA, after.workspace.channels[GENERAL]) == two.ts


async def test_half_a_surrogate_pair_does_no_harm(tmp_path: Path, clock: HandMovedClock) -> None:
    before = opened(tmp_path, clock)
    await before.as_person(MARA).say(GENERAL, "half \ud83d pair")
    before.save()
    after = opened(tmp_path, clock)
    assert after.workspace.channels[GENERAL].messages[-1].text == "half ? pair"


def test_every_part_of_the_workspace_is_kept_or_named_as_not_kept(
    tmp_path: Path, clock: HandMovedClock
) -> None:
    parts = set(vars(opened(tmp_path, clock).workspace))
    assert parts == {*KEPT, *NOT_KEPT}
    assert not set(KEPT) & NOT_KEPT


async def test_a_change_is_written_soon_and_saving_by_hand_writes_at_once(
    tmp_path: Path, clock: HandMovedClock
) -> None:
    sandbox = opened(tmp_path, clock)
    path = tmp_path / "state.json"
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        await sandbox.as_person(MARA).say(GENERAL, "soon")
        async with asyncio.timeout(5):
            while not path.exists() or "soon" not in path.read_text():
                await asyncio.sleep(0.01)
        await sandbox.as_person(MARA).say(GENERAL, "at once")
        async with session.post(f"{base_url}/control/state") as answer:
            assert answer.status == 200
        assert "at once" in path.read_text()


async def test_killed_half_way_the_file_can_be_read(tmp_path: Path) -> None:
    port_file, state = tmp_path / "port", tmp_path / "state.json"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITER, str(write_manifest(tmp_path)), str(state), str(port_file)
    )
    try:
        async with asyncio.timeout(20):
            while not state.exists() or state.stat().st_size < 200_000:
                await asyncio.sleep(0.01)
    finally:
        child.send_signal(signal.SIGKILL)
        await child.wait()

    kept = json.loads(state.read_text())

    assert kept["version"] == VERSION
    assert "written by the child" in json.dumps(kept["channels"][GENERAL])


_WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.sandbox.page.reading import Marks
from bot.sandbox.sandbox import Sandbox

async def main():
    now = lambda: datetime(2026, 3, 2, tzinfo=UTC)
    sandbox = Sandbox(Path(sys.argv[1]), now=now, state=Path(sys.argv[2]))
    async with sandbox.running():
        while True:
            for _ in range(50):
                await sandbox.as_person("U0ONCALL").say("C0GENERAL", "written by the child " * 20)
            sandbox.save()
            await asyncio.sleep(0)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not the state of a workspace. Name another file."),
        ("[]", "is not the state of a workspace. Name another file."),
        ('{"a": 1}', "is not the state of a workspace. Name another file."),
        (
            '{"version": 99}',
            "was written by version 99 of the sandbox's state, this is 2. Name another file, or "
            "remove it to begin afresh.",
        ),
        (
            '{"version": 2, "app_id": "A0OTHER"}',
            "belongs to the app A0OTHER, the manifest is of A0HELPER. Name another file.",
        ),
        (
            '{"version": 2, "app_id": "A0HELPER", "people": {"U1": {"id": 1}}}',
            "is damaged at people/U1/id. Remove it to begin afresh.",
        ),
        (
            '{"version": 2, "app_id": "A0HELPER", "people": {}}',
            "is damaged at user_groups/. Remove it to begin afresh.",
        ),
    ],
)
def test_a_file_that_is_no_state_of_this_app_is_refused_and_left_as_it_is(
    tmp_path: Path, clock: HandMovedClock, text: str, says: str
) -> None:
    path = tmp_path / "state.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="state.json") as refused:
        opened(tmp_path, clock)
    assert str(refused.value) == f"{path} {says}"
    assert path.read_text(encoding="utf-8") == text


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, clock: HandMovedClock) -> None:
    (tmp_path / "state.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="is not the state of a workspace"):
        opened(tmp_path, clock)
