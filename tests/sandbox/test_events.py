"""Which events does an app get, and what is in them?"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import manifest, posts, rooms, seed
from bot.sandbox.posts import Draft
from bot.sandbox.workspace import Clocks, Workspace
from tests.sandbox.foreign import Api, HandMovedClock, Json, Meeting, made, posted, write_manifest

GENERAL = "C0GENERAL"
MARA, IDRIS = "U0ONCALL", "U0SAFETY"
APP = "U0HELPER"


class Ear:
    """All events the foreign app takes."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self.events: list[Json] = []

        @meeting.app.event(re.compile(".*"))
        async def take(event: Json) -> None:
            self.events.append(event)

    async def heard(self, kind: str) -> list[Json]:
        """The events of a kind since the last question, such as "message" or "message:joined"."""
        await self._meeting.sandbox.deliver.settle()
        taken, self.events = self.events, []
        return [event for event in taken if kind == _kind(event)]

    async def the(self, kind: str) -> Json:
        """The only such event."""
        [event] = await self.heard(kind)
        return event


def _kind(event: Json) -> str:
    subtype = event.get("subtype")
    return f"{event['type']}:{subtype}" if subtype else str(event["type"])


@pytest.fixture
def ear(meeting: Meeting) -> Ear:
    return Ear(meeting)


@pytest.mark.rule("events.message_changed")
async def test_an_edit_brings_the_words_before_and_after(
    meeting: Meeting, heard: Api, ear: Ear
) -> None:
    mara = meeting.sandbox.as_person(MARA)
    await heard.ok("conversations.join", channel=GENERAL)
    said = await mara.say(GENERAL, "We roll back")
    await mara.edit(GENERAL, said.ts, "We do not roll back, @idris")

    event = await ear.the("message:message_changed")
    assert event["hidden"] is True
    assert (event["channel"], event["channel_type"]) == (GENERAL, "channel")
    assert event["previous_message"]["text"] == "We roll back"
    assert event["message"]["text"] == "We do not roll back, <@U0SAFETY>"
    assert (event["message"]["ts"], event["message"]["user"]) == (said.ts, MARA)
    assert event["message"]["edited"]["user"] == MARA
    assert event["ts"] != said.ts


@pytest.mark.rule("events.message_deleted")
async def test_a_deletion_brings_what_was_deleted(meeting: Meeting, heard: Api, ear: Ear) -> None:
    mara = meeting.sandbox.as_person(MARA)
    await heard.ok("conversations.join", channel=GENERAL)
    said = await mara.say(GENERAL, "Typed in haste")
    await mara.delete(GENERAL, said.ts)

    event = await ear.the("message:message_deleted")
    assert event["deleted_ts"] == said.ts
    assert event["previous_message"]["text"] == "Typed in haste"
    history = await heard.ok("conversations.history", channel=GENERAL)
    assert said.ts not in [message["ts"] for message in history["messages"]]


async def test_a_deleted_message_with_replies_leaves_a_tombstone(
    meeting: Meeting, heard: Api, ear: Ear
) -> None:
    mara = meeting.sandbox.as_person(MARA)
    await heard.ok("conversations.join", channel=GENERAL)
    said = await mara.say(GENERAL, "It names a patient")
    reply = await mara.say(GENERAL, "Sorry", said.ts)
    await mara.react(GENERAL, said.ts, "eyes")
    await mara.delete(GENERAL, said.ts)

    event = await ear.the("message:message_changed")
    assert (event["message"]["subtype"], event["message"]["user"]) == ("tombstone", "USLACKBOT")
    assert event["message"]["text"] == "This message was deleted."
    assert event["previous_message"]["text"] == "It names a patient"
    thread = (await heard.ok("conversations.replies", channel=GENERAL, ts=said.ts))["messages"]
    assert [message.get("subtype") for message in thread] == ["tombstone", None]
    assert "reactions" not in thread[0]
    assert await heard.error("chat.delete", channel=GENERAL, ts=said.ts) == "cant_delete_message"

    await mara.delete(GENERAL, reply.ts)
    deleted = [event["deleted_ts"] for event in await ear.heard("message:message_deleted")]
    assert deleted == [reply.ts, said.ts]
    assert await heard.error("conversations.replies", channel=GENERAL, ts=said.ts) == (
        "thread_not_found"
    )


@pytest.mark.rule("events.app_mention")
async def test_a_mention_in_a_thread_says_which_thread(
    meeting: Meeting, heard: Api, ear: Ear
) -> None:
    mara = meeting.sandbox.as_person(MARA)
    await heard.ok("conversations.join", channel=GENERAL)
    parent = await posted(heard, GENERAL, text="Summary")
    await mara.say(GENERAL, "@helper note 10 min ago", parent)

    event = await ear.the("app_mention")
    assert event["text"] == "<@U0HELPER> note 10 min ago"
    assert (event["thread_ts"], event["user"], event["channel"]) == (parent, MARA, GENERAL)
    assert "channel_type" not in event


@pytest.mark.rule("events.reaction_added", "events.reaction_removed")
async def test_a_reaction_tells_whose_message_it_is_on(
    meeting: Meeting, heard: Api, ear: Ear
) -> None:
    mara, idris = meeting.sandbox.as_person(MARA), meeting.sandbox.as_person(IDRIS)
    await heard.ok("conversations.join", channel=GENERAL)
    said = await mara.say(GENERAL, "We roll back")
    await idris.react(GENERAL, said.ts, "memo")

    event = await ear.the("reaction_added")
    assert (event["user"], event["reaction"], event["item_user"]) == (IDRIS, "memo", MARA)
    assert event["item"] == {"type": "message", "channel": GENERAL, "ts": said.ts}
    await idris.unreact(GENERAL, said.ts, "memo")
    assert (await ear.the("reaction_removed"))["reaction"] == "memo"
    with pytest.raises(ValueError, match="no :memo: of yours"):
        await idris.unreact(GENERAL, said.ts, "memo")


@pytest.mark.rule("events.member_joined_channel", "events.member_left_channel", "events.membership")
async def test_who_comes_and_goes_is_told(meeting: Meeting, heard: Api, ear: Ear) -> None:
    room = await made(heard)
    mara = meeting.sandbox.as_person(MARA)
    await mara.join(room)
    assert (await ear.heard("member_joined_channel"))[-1]["user"] == MARA
    await mara.invite(room, IDRIS)
    event = await ear.the("member_joined_channel")
    assert (event["user"], event["inviter"], event["channel_type"]) == (IDRIS, MARA, "C")
    await heard.ok("conversations.kick", channel=room, user=IDRIS)
    assert (await ear.the("member_left_channel"))["user"] == IDRIS
    told = [notice.text for notice in meeting.sandbox.workspace.notices[IDRIS]]
    assert told == ["You have been removed from #room by @helper."]
    await mara.remove(room, APP)
    assert (await ear.the("channel_left"))["channel"] == room
    await mara.say(room, "Now we are alone")
    assert await ear.heard("message") == []


@pytest.mark.rule("events.pin_added", "events.pin_removed")
async def test_a_pin_says_who_pinned_what(meeting: Meeting, heard: Api, ear: Ear) -> None:
    mara = meeting.sandbox.as_person(MARA)
    await heard.ok("conversations.join", channel=GENERAL)
    said = await mara.say(GENERAL, "Read this")
    await mara.pin(GENERAL, said.ts)

    event = await ear.the("pin_added")
    assert (event["user"], event["channel_id"], event["item_user"]) == (MARA, GENERAL, MARA)
    assert event["item"]["message"]["ts"] == said.ts
    assert event["item"]["message"]["permalink"].endswith(said.ts.replace(".", ""))
    await mara.unpin(GENERAL, said.ts)
    assert (await ear.the("pin_removed"))["has_pins"] is False


@pytest.mark.rule("events.channel_archive")
async def test_a_channel_that_people_archive_and_open_again_is_told(
    meeting: Meeting, heard: Api, ear: Ear
) -> None:
    room = await made(heard)
    mara = meeting.sandbox.as_person(MARA)
    await mara.join(room)
    await mara.archive(room)
    event = await ear.the("channel_archive")
    assert (event["channel"], event["user"]) == (room, MARA)
    assert await heard.error("chat.postMessage", channel=room, text="x") == "is_archived"
    with pytest.raises(ValueError, match="archived"):
        await mara.say(room, "x")
    await meeting.sandbox.as_person(IDRIS).unarchive(room)
    assert (await ear.the("channel_unarchive"))["user"] == IDRIS
    assert IDRIS in (await heard.ok("conversations.members", channel=room))["members"]


@pytest.mark.rule("events.app_home_opened")
async def test_the_home_a_person_opens_comes_along(meeting: Meeting, heard: Api, ear: Ear) -> None:
    mara = meeting.sandbox.as_person(MARA)
    await mara.open_home()
    first = await ear.the("app_home_opened")
    assert (first["tab"], "view" in first) == ("home", False)
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    shown = (await heard.ok("views.publish", user_id=MARA, view=view))["view"]
    await mara.open_home()
    assert (await ear.the("app_home_opened"))["view"]["id"] == shown["id"]


def happenings(workspace: Workspace, channel_id: str) -> list[Json]:
    """One of everything that happens in a channel; the events of it."""
    events: list[Json] = []
    workspace.take_events(events.append)
    channel = workspace.channels[channel_id]
    said = posts.by_person(workspace, channel, MARA, Draft(f"<@{APP}> look"))
    posts.react(workspace, channel, said, (MARA, "eyes"))
    posts.unreact(workspace, channel, said, (MARA, "eyes"))
    rooms.pin(workspace, channel, MARA, said.ts)
    rooms.unpin(workspace, channel, MARA, said.ts)
    rooms.enter(workspace, channel, "U0GUEST")
    rooms.leave(workspace, channel, "U0GUEST")
    rooms.archive(workspace, channel, MARA)
    return events


@pytest.mark.parametrize(
    ("scope", "lost"),
    [
        ("channels:history", {"message"}),
        ("app_mentions:read", {"app_mention"}),
        ("reactions:read", {"reaction_added", "reaction_removed"}),
        ("pins:read", {"pin_added", "pin_removed"}),
        ("channels:read", {"member_joined_channel", "member_left_channel", "channel_archive"}),
    ],
)
@pytest.mark.rule("events.scopes")
async def test_without_the_scope_the_event_does_not_come(
    tmp_path: Path, scope: str, lost: set[str]
) -> None:
    kinds: list[set[Any]] = []
    for without in ((), (scope,)):
        app = manifest.read(write_manifest(tmp_path, without=without))
        workspace = Workspace(app, Clocks(HandMovedClock().now))
        seed.plant(workspace)
        rooms.enter(workspace, workspace.channels[GENERAL], APP)
        kinds.append({event["type"] for event in happenings(workspace, GENERAL)})

    assert kinds[0] - kinds[1] == lost


@pytest.mark.rule("events.membership")
async def test_of_private_channels_only_those_inside_hear(tmp_path: Path) -> None:
    workspace = Workspace(manifest.read(write_manifest(tmp_path)), Clocks(HandMovedClock().now))
    seed.plant(workspace)
    room = rooms.create(workspace, "secret", MARA, is_private=True)
    assert happenings(workspace, room.id) == []


async def test_an_app_may_react_too_and_its_reactions_can_be_asked_for(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="x")
    await asyncio.gather(
        *(api.ok("reactions.add", channel=room, timestamp=ts, name=name) for name in ("a", "b"))
    )
    await api.ok("reactions.remove", channel=room, timestamp=ts, name="a")

    found = await api.ok("reactions.get", channel=room, timestamp=ts)
    assert found["message"]["reactions"] == [{"name": "b", "users": [APP], "count": 1}]
    assert (found["type"], found["message"]["ts"]) == ("message", ts)
