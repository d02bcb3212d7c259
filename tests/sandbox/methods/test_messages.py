"""Are chat.*, pins.*, bookmarks.* and reactions.* refused as Slack refuses them?"""

from __future__ import annotations

import dataclasses

import pytest

from tests.sandbox.foreign import Json
from tests.sandbox.methods.world import GENERAL, World

BOOKMARK = {"channel_id": "ROOM", "title": "x", "type": "link", "link": "https://a.example"}
ROWS: list[tuple[pytest.MarkDecorator, str, Json, str]] = [
    (pytest.mark.rule("chat.postMessage.channel_not_found"),
     "chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
    (pytest.mark.rule("chat.postMessage.channel_not_found", "channels.private.hidden"),
     "chat.postMessage", {"channel": "HIDDEN", "text": "x"}, "channel_not_found"),
    (pytest.mark.rule("chat.postMessage.not_in_channel"),
     "chat.postMessage", {"channel": GENERAL, "text": "x"}, "not_in_channel"),
    (pytest.mark.rule("chat.postMessage.is_archived"),
     "chat.postMessage", {"channel": "ARCHIVED", "text": "x"}, "is_archived"),
    (pytest.mark.rule("chat.postMessage.cannot_reply_to_message"),
     "chat.postMessage", {"channel": "ROOM", "text": "x", "thread_ts": "JOIN"},
     "cannot_reply_to_message"),
    (pytest.mark.rule("chat.update.message_not_found"),
     "chat.update", {"channel": "ROOM", "ts": "1.1", "text": "x"}, "message_not_found"),
    (pytest.mark.rule("chat.update.cant_update_message"),
     "chat.update", {"channel": "ROOM", "ts": "SAID", "text": "x"}, "cant_update_message"),
    (pytest.mark.rule("chat.update.msg_too_long"),
     "chat.update", {"channel": "ROOM", "ts": "TS", "text": "x" * 4001}, "msg_too_long"),
    (pytest.mark.rule("chat.update.is_inactive"),
     "chat.update", {"channel": "ARCHIVED", "ts": "OLD", "text": "x"}, "is_inactive"),
    (pytest.mark.rule("chat.postEphemeral.user_not_in_channel"),
     "chat.postEphemeral", {"channel": "ROOM", "user": "U0EXEC", "text": "x"},
     "user_not_in_channel"),
    (pytest.mark.rule("chat.postEphemeral.msg_too_long"),
     "chat.postEphemeral", {"channel": "ROOM", "user": "U0COMMS", "text": "x" * 40_001},
     "msg_too_long"),
    (pytest.mark.rule("chat.delete.cant_delete_message"),
     "chat.delete", {"channel": "ROOM", "ts": "SAID"}, "cant_delete_message"),
    (pytest.mark.rule("chat.getPermalink.message_not_found"),
     "chat.getPermalink", {"channel": "ROOM", "message_ts": "1.1"}, "message_not_found"),
    (pytest.mark.rule("pins.add.not_pinnable"),
     "pins.add", {"channel": "ROOM", "timestamp": "JOIN"}, "not_pinnable"),
    (pytest.mark.rule("pins.add.message_not_found"),
     "pins.add", {"channel": "ROOM", "timestamp": "1.1"}, "message_not_found"),
    (pytest.mark.rule("pins.add.not_in_channel"),
     "pins.add", {"channel": GENERAL, "timestamp": "1.1"}, "not_in_channel"),
    (pytest.mark.rule("pins.remove.no_pin"),
     "pins.remove", {"channel": "ROOM", "timestamp": "TS"}, "no_pin"),
    (pytest.mark.rule("bookmarks.add.invalid_link"),
     "bookmarks.add", {**BOOKMARK, "link": "a"}, "invalid_link"),
    (pytest.mark.rule("bookmarks.add.invalid_bookmark_type"),
     "bookmarks.add", {**BOOKMARK, "type": "file"}, "invalid_bookmark_type"),
    (pytest.mark.rule("bookmarks.edit.not_found"),
     "bookmarks.edit", {"channel_id": "ROOM", "bookmark_id": "Bk9", "title": "x"}, "not_found"),
    (pytest.mark.rule("reactions.add.invalid_name"),
     "reactions.add", {"channel": "ROOM", "timestamp": "TS", "name": "no way"}, "invalid_name"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [pytest.param(*row[1:], marks=row[0], id=f"{row[1]}-{row[3]}") for row in ROWS],
)
async def test_a_wrong_call_gets_slacks_code_and_nothing_else(
    world: World, method: str, arguments: Json, code: str
) -> None:
    assert await world(method, arguments) == {"ok": False, "error": code}


@pytest.mark.rule("chat.update.msg_too_long")
async def test_an_update_of_4000_characters_is_taken(world: World) -> None:
    assert (await world("chat.update", {"channel": "ROOM", "ts": "TS", "text": "x" * 4000}))["ok"]


@pytest.mark.rule("chat.postEphemeral.ts")
async def test_a_private_note_cannot_be_changed(world: World) -> None:
    note = {"channel": "ROOM", "user": "U0COMMS", "text": "x"}
    written = await world("chat.postEphemeral", note)
    changed = {"channel": "ROOM", "ts": written["message_ts"], "text": "y"}
    assert await world("chat.update", changed) == {"ok": False, "error": "message_not_found"}


@pytest.mark.rule("pins.add.already_pinned")
async def test_a_message_is_pinned_once(world: World) -> None:
    pin = {"channel": "ROOM", "timestamp": "TS"}
    assert await world("pins.add", pin) == {"ok": True}
    assert await world("pins.add", pin) == {"ok": False, "error": "already_pinned"}


@pytest.mark.rule("channels.pins")
async def test_a_channel_takes_100_pins_unless_that_choice_is_off(world: World) -> None:
    workspace = world.sandbox.workspace
    channel = workspace.channels[world.names["ROOM"]]
    for _ in range(100):
        said = await world.sandbox.as_person("U0COMMS").say(channel.id, "x")
        channel.pins.append(said.ts)

    pin = {"channel": "ROOM", "timestamp": "TS"}
    assert await world("pins.add", pin) == {"ok": False, "error": "too_many_pins"}
    workspace.chosen = dataclasses.replace(workspace.chosen, pins=None)
    assert await world("pins.add", pin) == {"ok": True}


@pytest.mark.rule("channels.bookmarks")
async def test_a_channel_takes_100_bookmarks(world: World) -> None:
    channel = world.sandbox.workspace.channels[world.names["ROOM"]]
    assert (await world("bookmarks.add", BOOKMARK))["ok"]
    channel.bookmarks *= 99
    assert (await world("bookmarks.add", BOOKMARK))["ok"]
    refused = await world("bookmarks.add", BOOKMARK)
    assert refused == {"ok": False, "error": "too_many_bookmarks"}


@pytest.mark.rule("reactions.add.already_reacted")
async def test_the_same_emoji_is_put_on_a_message_once(world: World) -> None:
    eyes = {"channel": "ROOM", "timestamp": "TS", "name": "eyes"}
    assert await world("reactions.add", eyes) == {"ok": True}
    assert await world("reactions.add", eyes) == {"ok": False, "error": "already_reacted"}


@pytest.mark.rule("reactions.add.too_many_reactions")
async def test_one_person_puts_23_emoji_on_a_message_unless_that_choice_is_off(
    world: World,
) -> None:
    workspace = world.sandbox.workspace
    for number in range(23):
        emoji = {"channel": "ROOM", "timestamp": "TS", "name": f"e{number}"}
        assert (await world("reactions.add", emoji))["ok"]

    more = {"channel": "ROOM", "timestamp": "TS", "name": "more"}
    assert await world("reactions.add", more) == {"ok": False, "error": "too_many_reactions"}
    workspace.chosen = dataclasses.replace(workspace.chosen, reactions_of_one=None)
    assert await world("reactions.add", more) == {"ok": True}


@pytest.mark.rule("reactions.add.too_many_emoji")
async def test_a_message_holds_50_different_emoji_unless_that_choice_is_off(world: World) -> None:
    workspace = world.sandbox.workspace
    for number in range(50):
        await world.sandbox.as_person("U0COMMS").react(
            world.names["ROOM"], world.names["TS"], f"e{number}"
        )

    assert (await world("reactions.add", {**_on_ts(), "name": "e0"}))["ok"]
    refused = await world("reactions.add", {**_on_ts(), "name": "more"})
    assert refused == {"ok": False, "error": "too_many_emoji"}
    workspace.chosen = dataclasses.replace(workspace.chosen, emoji_on_message=None)
    assert (await world("reactions.add", {**_on_ts(), "name": "more"}))["ok"]


def _on_ts() -> Json:
    return {"channel": "ROOM", "timestamp": "TS"}
