"""Does the Web API refuse what Slack refuses, with Slack's codes?"""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import (
    Api,
    HandMovedClock,
    Json,
    made,
    plain,
    posted,
    write_manifest,
)

GENERAL = "C0GENERAL"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}


REFUSED: list[tuple[str, Json, str]] = [
    ("no.such", {}, "unknown_method"),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "ROOM"}, "no_text"),
    ("chat.postMessage", {"channel": "ROOM", "text": {"a": 1}}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "ROOM", "blocks": "nonsense"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "ROOM", "blocks": [SECTION] * 51}, "invalid_blocks"),
    ("chat.postMessage", {"channel": "ROOM", "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
    (
        "chat.postMessage",
        {"channel": "ROOM", "text": "x", "metadata": {"event_type": "a b", "event_payload": {}}},
        "invalid_metadata_format",
    ),
    (
        "chat.postMessage",
        {"channel": "ROOM", "text": "x", "markdown_text": "y"},
        "markdown_text_conflict",
    ),
    (
        "chat.postMessage",
        {
            "channel": "ROOM",
            "blocks": [{"type": "section", "text": plain("x" * 2500)} for _ in range(5)],
        },
        "msg_blocks_too_long",
    ),
    ("chat.postMessage", {"channel": "U0LEFT", "text": "x"}, "user_disabled"),
    ("chat.postMessage", {"channel": "U0HELPER", "text": "x"}, "cannot_dm_bot"),
    ("chat.update", {"channel": "ROOM", "ts": "TS"}, "no_text"),
    ("chat.delete", {"channel": "ROOM", "ts": "1.1"}, "message_not_found"),
    ("conversations.invite", {"channel": "ROOM", "users": "U404"}, "user_not_found"),
    ("conversations.invite", {"channel": "ROOM", "users": "U0HELPER"}, "cant_invite_self"),
    ("conversations.rename", {"channel": GENERAL, "name": "x"}, "not_in_channel"),
    ("conversations.unarchive", {"channel": "ROOM"}, "not_archived"),
    ("conversations.list", {"types": "public"}, "invalid_types"),
    (
        "views.publish",
        {"user_id": "U404", "view": {"type": "home", "blocks": [SECTION]}},
        "user_not_found",
    ),
    ("users.lookupByEmail", {}, "invalid_arguments"),
    ("users.getPresence", {"user": "U404"}, "user_not_found"),
    ("users.list", {"cursor": "x"}, "invalid_cursor"),
    ("dnd.info", {"user": "U404"}, "user_not_found"),
    ("dnd.teamInfo", {}, "no_users_provided"),
    ("dnd.teamInfo", {"users": ",".join(f"U{n}" for n in range(51))}, "invalid_arguments"),
    ("reactions.get", {"channel": "ROOM"}, "no_item_specified"),
    ("reactions.get", {"channel": "ROOM", "timestamp": "1.1"}, "message_not_found"),
    ("reactions.remove", {"channel": "ROOM", "timestamp": "TS", "name": "eyes"}, "no_reaction"),
    ("reactions.add", {"channel": "ROOM", "timestamp": "now", "name": "eyes"}, "bad_timestamp"),
    ("api.test", {"error": "my_error"}, "my_error"),
]


@pytest.mark.parametrize(
    ("method", "arguments", "code"), REFUSED, ids=[f"{row[0]}-{row[2]}" for row in REFUSED]
)
async def test_a_wrong_call_is_refused_with_slacks_code(
    api: Api, method: str, arguments: Json, code: str
) -> None:
    room = await made(api)
    ts = await posted(api, room, text="first")
    known = {"ROOM": room, "TS": ts}
    given = {
        name: known.get(value, value) if isinstance(value, str) else value
        for name, value in arguments.items()
    }

    assert await api.error(method, **given) == code


async def test_doing_it_twice_is_refused(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="first")
    await api.ok("conversations.invite", channel=room, users="U0EXEC,U0COMMS")
    await api.ok("pins.add", channel=room, timestamp=ts)
    await api.ok("reactions.add", channel=room, timestamp=ts, name="eyes")

    again = await api.error("conversations.invite", channel=room, users="U0EXEC")
    assert again == "already_in_channel"
    assert await api.error("pins.add", channel=room, timestamp=ts) == "already_pinned"
    assert await api.error("reactions.add", channel=room, timestamp=ts, name="eyes") == (
        "already_reacted"
    )
    joined = await api.ok("conversations.join", channel=room)
    assert joined["warning"] == "already_in_channel"
    await api.ok("conversations.archive", channel=room)
    assert await api.error("conversations.archive", channel=room) == "already_archived"


async def test_one_wrong_person_stops_an_invitation_unless_forced(api: Api) -> None:
    room = await made(api)
    users = "U0EXEC,U0LEFT"

    refused = await api("conversations.invite", channel=room, users=users)
    assert refused["errors"] == [{"user": "U0LEFT", "ok": False, "error": "cant_invite"}]
    assert (await api.ok("conversations.members", channel=room))["members"] == ["U0HELPER"]

    forced = await api.ok("conversations.invite", channel=room, users=users, force=True)
    assert [each["user"] for each in forced["errors"]] == ["U0LEFT"]
    members = (await api.ok("conversations.members", channel=room))["members"]
    assert members == ["U0HELPER", "U0EXEC"]


async def test_an_archived_channel_takes_nothing(api: Api, sandbox: Sandbox) -> None:
    room = await made(api)
    ts = await posted(api, room, text="first")
    await api.ok("conversations.archive", channel=room)

    assert await api.error("chat.postMessage", channel=room, text="x") == "is_archived"
    assert await api.error("chat.update", channel=room, ts=ts, text="x") == "is_inactive"
    assert await api.error("conversations.invite", channel=room, users="U0EXEC") == "is_archived"
    assert await api.error("conversations.setTopic", channel=room, topic="x") == "is_archived"
    assert await api.error("pins.add", channel=room, timestamp=ts) == "is_archived"
    reaction = {"channel": room, "timestamp": ts, "name": "eyes"}
    assert await api.error("reactions.add", **reaction) == "is_archived"
    assert await api.error("conversations.kick", channel=room, user="U0EXEC") == "is_archived"
    assert await api.error("conversations.leave", channel=room) == "is_archived"
    assert await api.error("conversations.join", channel=room) == "is_archived"
    note = {"channel": room, "user": "U0HELPER", "text": "x"}
    assert await api.error("chat.postEphemeral", **note) == "is_archived"
    assert await api.error("chat.delete", channel=room, ts=ts) == "is_inactive"
    assert await api.error("conversations.archive", channel=room) == "already_archived"
    assert (await api.ok("conversations.info", channel=room))["channel"]["is_archived"] is True
    await api.ok("conversations.history", channel=room)

    # Slack's own bug alert: a bot token cannot unarchive, a person can.
    assert await api.error("conversations.unarchive", channel=room) == "not_in_channel"
    await sandbox.as_person("U0EXEC").unarchive(room)
    await api.ok("chat.postMessage", channel=room, text="x")


async def test_a_private_channel_does_not_exist_for_those_outside(
    api: Api, sandbox: Sandbox
) -> None:
    room = await made(api, "secret", is_private=True)
    await api.ok("conversations.invite", channel=room, users="U0LEGAL")
    seen = [channel.id for channel in sandbox.workspace.channels_seen_by("U0EXEC")]
    assert room not in seen
    assert room in [channel.id for channel in sandbox.workspace.channels_seen_by("U0LEGAL")]
    assert await api.error("conversations.join", channel=room) == (
        "method_not_supported_for_channel_type"
    )
    await api.ok("conversations.leave", channel=room)

    for method in ("conversations.info", "conversations.history", "conversations.members"):
        assert await api.error(method, channel=room) == "channel_not_found"
    assert await api.error("chat.postMessage", channel=room, text="x") == "channel_not_found"
    listed = await api.ok("conversations.list", types="public_channel,private_channel")
    assert room not in [channel["id"] for channel in listed["channels"]]
    assert await api.error("conversations.create", name="secret") == "name_taken"


@pytest.mark.parametrize(
    ("scope", "method", "arguments", "needed"),
    [
        ("chat:write", "chat.postMessage", {"channel": GENERAL, "text": "x"}, "chat:write"),
        ("channels:manage", "conversations.create", {"name": "x"}, "channels:manage"),
        ("groups:write", "conversations.create", {"name": "x", "is_private": True}, "groups:write"),
        ("channels:join", "conversations.join", {"channel": GENERAL}, "channels:join"),
        ("channels:read", "conversations.info", {"channel": GENERAL}, "channels:read"),
        ("channels:history", "conversations.history", {"channel": GENERAL}, "channels:history"),
        ("pins:write", "pins.add", {"channel": GENERAL, "timestamp": "1.1"}, "pins:write"),
        ("bookmarks:read", "bookmarks.list", {"channel_id": GENERAL}, "bookmarks:read"),
        ("users:read", "users.list", {}, "users:read"),
        ("reactions:write", "reactions.add", {"channel": GENERAL}, "reactions:write"),
        ("reactions:read", "reactions.get", {"channel": GENERAL}, "reactions:read"),
        ("users:read.email", "users.lookupByEmail", {"email": "a@b.test"}, "users:read.email"),
        ("users:read", "users.getPresence", {}, "users:read"),
        ("dnd:read", "dnd.info", {}, "dnd:read"),
        ("dnd:read", "dnd.teamInfo", {"users": "U0LEGAL"}, "dnd:read"),
        ("usergroups:read", "usergroups.list", {}, "usergroups:read"),
        ("usergroups:read", "usergroups.users.list", {"usergroup": "S0"}, "usergroups:read"),
    ],
)
async def test_a_scope_the_manifest_does_not_ask_for_is_missing(
    tmp_path: Path, scope: str, method: str, arguments: Json, needed: str
) -> None:
    manifest = write_manifest(tmp_path, without=(scope,))
    sandbox = Sandbox(manifest, now=HandMovedClock().now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        answer = await Api(base_url, session)(method, **arguments)

    assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
    assert scope not in answer["provided"].split(",")


async def test_with_chat_write_public_the_app_posts_from_outside(tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path, plus=("chat:write.public",))
    sandbox = Sandbox(manifest, now=HandMovedClock().now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        await Api(base_url, session).ok("chat.postMessage", channel=GENERAL, text="x")


async def test_tokens_are_told_apart(api: Api) -> None:
    assert (await api("auth.test", token=""))["error"] == "not_authed"
    assert (await api("auth.test", token="xoxb-other"))["error"] == "invalid_auth"
    assert (await api("auth.test", token="xapp-sandbox"))["error"] == "not_allowed_token_type"
    assert (await api("apps.connections.open"))["error"] == "not_allowed_token_type"
    assert (await api("apps.connections.open", token="xapp-sandbox"))["ok"]
