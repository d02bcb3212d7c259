"""Whose Slack rings, and whose stays silent?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, HandMovedClock, Json, made, posted

GENERAL = "C0GENERAL"
MARA, IDRIS, JUN, ELENA, SAM = "U0ONCALL", "U0SAFETY", "U0COMMS", "U0LEGAL", "U0EXEC"
ALL = (MARA, IDRIS, JUN, ELENA, SAM)


@pytest.fixture
def rung(sandbox: Sandbox) -> Rung:
    return Rung(sandbox)


class Rung:
    """Who was notified since the last question, and why."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._workspace = sandbox.workspace
        self._known = dict.fromkeys(ALL, 0)

    def __call__(self) -> dict[str, list[str]]:
        whys: dict[str, list[str]] = {}
        for person in ALL:
            told = self._workspace.notifications(person)
            new, self._known[person] = told[self._known[person] :], len(told)
            if new:
                whys[person] = [each.why for each in new]
        return whys


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


async def test_a_mention_rings_once_and_says_what_it_read(
    api: Api, sandbox: Sandbox, rung: Rung
) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    ts = await posted(api, GENERAL, text=f"<@{MARA}> and again <@{MARA}>: an update is due")

    assert rung() == {MARA: ["mention"]}
    [told] = sandbox.workspace.notifications(MARA)
    assert (told.channel, told.ts) == (GENERAL, ts)
    assert told.text == f"<@{MARA}> and again <@{MARA}>: an update is due"


async def test_where_there_are_blocks_they_say_who_is_mentioned(api: Api, rung: Rung) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    await posted(api, GENERAL, text=f"<@{MARA}>", blocks=[section(f"Ask <@{JUN}>")])
    assert rung() == {JUN: ["mention"]}

    user = {"type": "user", "user_id": IDRIS}
    group = {"type": "usergroup", "usergroup_id": "S0EXECS"}
    line = {"type": "rich_text_section", "elements": [user, group]}
    await posted(api, GENERAL, text="x", blocks=[{"type": "rich_text", "elements": [line]}])
    assert rung() == {IDRIS: ["mention"], SAM: ["group"]}

    header = {"type": "header", "text": {"type": "plain_text", "text": f"<@{MARA}>"}}
    await posted(api, GENERAL, text="x", blocks=[header])
    assert rung() == {}


async def test_edits_private_notes_and_slacks_own_lines_ring_nobody(
    api: Api, sandbox: Sandbox, rung: Rung
) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    ts = await posted(api, GENERAL, text="Summary")
    await api.ok("chat.update", channel=GENERAL, ts=ts, text=f"Summary <@{MARA}>")
    await api.ok("chat.postEphemeral", channel=GENERAL, user=MARA, text=f"<@{MARA}>")
    await api.ok("conversations.setTopic", channel=GENERAL, topic=f"<@{MARA}> decides")
    said = await sandbox.as_person(JUN).say(GENERAL, "x")
    await sandbox.as_person(JUN).edit(GENERAL, said.ts, "@mara")

    assert rung() == {}


async def test_direct_messages_ring(api: Api, rung: Rung) -> None:
    await posted(api, SAM, text="You are the Incident Commander")
    assert rung() == {SAM: ["direct"]}


async def test_a_thread_rings_those_who_are_in_it(api: Api, sandbox: Sandbox, rung: Rung) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    parent = (await sandbox.as_person(MARA).say(GENERAL, "Who saw it first?")).ts
    await posted(api, GENERAL, text="I ask around", thread_ts=parent)
    assert rung() == {MARA: ["thread"]}

    await sandbox.as_person(JUN).say(GENERAL, "I did, @sam knows", parent)
    assert rung() == {MARA: ["thread"], SAM: ["mention"]}
    await sandbox.as_person(MARA).say(GENERAL, "When?", parent)
    assert rung() == {JUN: ["thread"], SAM: ["thread"]}
    await posted(api, GENERAL, text="Elsewhere")
    assert rung() == {}


async def test_a_user_group_rings_its_members_and_broadcasts_ring_all(
    api: Api, sandbox: Sandbox, rung: Rung
) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    said = await sandbox.as_person(MARA).say(GENERAL, "@safety-oncall please")
    assert said.text == "<!subteam^S0SAFETY|@safety-oncall> please"
    assert rung() == {IDRIS: ["group"]}

    sandbox.workspace.people[SAM].is_away = True
    await posted(api, GENERAL, text="<!here> all hands")
    assert rung() == dict.fromkeys((MARA, IDRIS, JUN), ["broadcast"])
    await posted(api, GENERAL, text="<!channel> all hands")
    assert rung() == dict.fromkeys((MARA, IDRIS, JUN, SAM), ["broadcast"])
    parent = await posted(api, GENERAL, text="x")
    await posted(api, GENERAL, text="<!channel>", thread_ts=parent)
    assert rung() == {}


async def test_everyone_is_only_for_the_general_channel(api: Api, rung: Rung) -> None:
    room = await made(api)
    await api.ok("conversations.invite", channel=room, users=MARA)
    await posted(api, room, text="<!everyone>")
    assert rung() == {}
    await api.ok("conversations.join", channel=GENERAL)
    await posted(api, GENERAL, text="<!everyone>")
    assert rung() == dict.fromkeys((MARA, IDRIS, JUN, SAM), ["broadcast"])


async def test_escaped_words_and_people_outside_ring_nobody(api: Api, rung: Rung) -> None:
    room = await made(api)
    await api.ok("conversations.invite", channel=room, users=JUN)
    await posted(api, room, text=f"<@{MARA}> is outside, &lt;@{JUN}&gt; is only written")
    assert rung() == {}


async def test_muted_channels_and_do_not_disturb_stay_silent(
    api: Api, sandbox: Sandbox, rung: Rung, clock: HandMovedClock
) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    mara = sandbox.as_person(MARA)
    call = f"<@{MARA}> <@{ELENA}>"
    await mara.mute(GENERAL)
    await posted(api, GENERAL, text=call)
    await posted(api, ELENA, text="Call me")
    assert rung() == {}

    await mara.mute(GENERAL)
    await mara.pause_notifications(30)
    clock.move(timedelta(hours=12))
    await posted(api, GENERAL, text=call)
    assert rung() == {MARA: ["mention"], ELENA: ["mention"]}
