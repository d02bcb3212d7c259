"""Does a person see names as their own Slack would show them?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox import rooms
from bot.sandbox.page import attachments, inspector, mrkdwn, people, readers
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import HandMovedClock, write_manifest


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(write_manifest(tmp_path), now=HandMovedClock().now)
    async with sandbox.running():
        yield sandbox


def test_a_conversation_of_several_is_named_after_the_others(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    several = rooms.direct(workspace, "U0AGENT", "U0SAFETY")
    named = readers.channel_name(workspace, several, "U0AGENT")
    assert named == f"{workspace.app.name}, Idris Okafor"
    one = rooms.direct(workspace, "U0AGENT")
    assert readers.channel_name(workspace, one, "U0AGENT") == workspace.app.name
    general = workspace.channels["C0GENERAL"]
    assert readers.channel_name(workspace, general, "U0AGENT") == "#general"


def test_a_group_is_shown_by_its_handle_its_members_on_hovering(sandbox: Sandbox) -> None:
    reader = readers.of(sandbox.workspace, "U0SAFETY")
    assert mrkdwn.to_html("<!subteam^S0SAFETY>", reader) == (
        '<span class="mention mine" title="Safety on-call: Idris Okafor">@safety-oncall</span>'
    )
    other = readers.of(sandbox.workspace, "U0AGENT")
    assert 'class="mention"' in mrkdwn.to_html("<!subteam^S0SAFETY>", other)


def test_a_name_on_hovering_cannot_become_markup(sandbox: Sandbox) -> None:
    person = sandbox.workspace.people["U0AGENT"]
    evil = replace(person, real_name='"><script>alert(1)</script>')
    sandbox.workspace.people["U0AGENT"] = evil
    shown = mrkdwn.to_html("<@U0AGENT>", readers.of(sandbox.workspace, "U0SAFETY"))
    assert shown.count("<") == 2  # the mention's own element
    assert 'title="&quot;&gt;&lt;script&gt;' in shown


def test_the_mark_beside_a_name_says_whether_they_can_be_reached(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    now = workspace.now_seconds()
    asked = workspace.people
    assert people.reach(asked["U0AGENT"], now) == "active"
    assert people.reach(replace(asked["U0AGENT"], is_away=True), now) == "away"
    assert people.reach(asked["U0LEGAL"], now) == "notifications paused"
    assert people.reach(asked["U0LEFT"], now) == "left"


@pytest.mark.parametrize(
    ("size", "said"), [(1, "1 byte"), (900, "900 bytes"), (2048, "2.0 kB"), (3 << 20, "3.0 MB")]
)
def test_sizes_are_for_people(size: int, said: str) -> None:
    assert attachments.spelled(size) == said


def test_an_entry_of_the_journal_tells_time_way_outcome_and_is_escaped() -> None:
    entry = {
        "number": 1,
        "at": "2026-11-21T12:00:05+00:00",
        "name": "<b>chat</b>",
        "ok": False,
        "error": "not_in_channel",
        "fault": "429",
        "took_ms": 12.4,
        "kind": "call",
    }
    line = inspector.summary(entry, "Europe/Berlin")
    assert "<time>13:00:05</time>" in line
    assert 'aria-label="from the app"' in line
    assert "&lt;b&gt;chat&lt;/b&gt;" in line
    assert '<span class="failed">not_in_channel</span>' in line
    assert '<span class="badge">429</span>' in line
    assert "<small>12 ms</small>" in line
