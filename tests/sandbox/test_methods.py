"""Does the Web API refuse what Slack refuses, with Slack's codes?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, HandMovedClock, Json, button, plain, write_manifest

GENERAL = "C0GENERAL"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}


async def made(api: Api, name: str = "room", **more: Any) -> str:
    channel = (await api.ok("conversations.create", name=name, **more))["channel"]
    return str(channel["id"])


async def posted(api: Api, channel: str, **message: Any) -> str:
    return str((await api.ok("chat.postMessage", channel=channel, **message))["ts"])


REFUSED: list[tuple[str, Json, str]] = [
    ("no.such", {}, "unknown_method"),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": GENERAL, "text": "x"}, "not_in_channel"),
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
    ("chat.update", {"channel": "ROOM", "ts": "1.1", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": "ROOM", "ts": "TS", "text": "x" * 4001}, "msg_too_long"),
    ("chat.update", {"channel": "ROOM", "ts": "TS"}, "no_text"),
    ("chat.delete", {"channel": "ROOM", "ts": "1.1"}, "message_not_found"),
    (
        "chat.postEphemeral",
        {"channel": "ROOM", "user": "U0EXEC", "text": "x"},
        "user_not_in_channel",
    ),
    ("chat.getPermalink", {"channel": "ROOM", "message_ts": "1.1"}, "message_not_found"),
    ("conversations.create", {}, "invalid_name_required"),
    ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
    ("conversations.create", {"name": "Room"}, "invalid_name_specials"),
    ("conversations.create", {"name": "my room"}, "invalid_name_specials"),
    ("conversations.create", {"name": "--"}, "invalid_name_punctuation"),
    ("conversations.create", {"name": "general"}, "name_taken"),
    ("conversations.invite", {"channel": "ROOM", "users": "U404"}, "user_not_found"),
    ("conversations.invite", {"channel": "ROOM", "users": "U0HELPER"}, "cant_invite_self"),
    ("conversations.invite", {"channel": GENERAL, "users": "U0GUEST"}, "not_in_channel"),
    ("conversations.kick", {"channel": "ROOM", "user": "U0HELPER"}, "cant_kick_self"),
    ("conversations.kick", {"channel": "ROOM", "user": "U0EXEC"}, "not_in_channel"),
    ("conversations.setTopic", {"channel": "ROOM", "topic": "x" * 251}, "too_long"),
    ("conversations.setTopic", {"channel": GENERAL, "topic": "x"}, "not_in_channel"),
    ("conversations.rename", {"channel": GENERAL, "name": "x"}, "not_in_channel"),
    ("conversations.archive", {"channel": GENERAL}, "cant_archive_general"),
    ("conversations.archive", {"channel": "C0SUPPORT"}, "not_in_channel"),
    ("conversations.unarchive", {"channel": "ROOM"}, "not_archived"),
    ("conversations.history", {"channel": GENERAL}, "not_in_channel"),
    ("conversations.history", {"channel": "ROOM", "oldest": "x"}, "invalid_ts_oldest"),
    ("conversations.history", {"channel": "ROOM", "latest": "x"}, "invalid_ts_latest"),
    ("conversations.history", {"channel": "ROOM", "cursor": "x"}, "invalid_cursor"),
    ("conversations.replies", {"channel": "ROOM", "ts": "1.1"}, "thread_not_found"),
    ("conversations.members", {"channel": "C404"}, "channel_not_found"),
    ("conversations.members", {"channel": "ROOM", "limit": "many"}, "invalid_limit"),
    ("conversations.list", {"types": "public"}, "invalid_types"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0LEFT"}, "user_disabled"),
    ("conversations.open", {"users": ",".join(f"U{n}" for n in range(9))}, "too_many_users"),
    ("pins.add", {"channel": "ROOM", "timestamp": "1.1"}, "message_not_found"),
    ("pins.remove", {"channel": "ROOM", "timestamp": "TS"}, "no_pin"),
    (
        "bookmarks.add",
        {"channel_id": "ROOM", "title": "x", "type": "file", "link": "https://a.example"},
        "invalid_bookmark_type",
    ),
    (
        "bookmarks.add",
        {"channel_id": "ROOM", "title": "x", "type": "link", "link": "a"},
        "invalid_link",
    ),
    ("bookmarks.edit", {"channel_id": "ROOM", "bookmark_id": "Bk9", "title": "x"}, "not_found"),
    (
        "views.publish",
        {"user_id": "U404", "view": {"type": "home", "blocks": []}},
        "user_not_found",
    ),
    ("users.info", {"user": "U404"}, "user_not_found"),
    ("reactions.add", {"channel": "ROOM", "timestamp": "TS", "name": "no way"}, "invalid_name"),
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


async def test_an_archived_channel_takes_nothing(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="first")
    await api.ok("conversations.archive", channel=room)

    assert await api.error("chat.postMessage", channel=room, text="x") == "is_archived"
    assert await api.error("chat.update", channel=room, ts=ts, text="x") == "is_inactive"
    assert await api.error("conversations.invite", channel=room, users="U0EXEC") == "is_archived"
    assert await api.error("conversations.setTopic", channel=room, topic="x") == "is_archived"
    assert await api.error("pins.add", channel=room, timestamp=ts) == "is_archived"
    await api.ok("conversations.history", channel=room)
    await api.ok("conversations.unarchive", channel=room)
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


async def test_forms_queries_and_json_say_the_same(sandbox: Sandbox) -> None:
    url = f"{sandbox.workspace.url}/api/conversations.info"
    fields = {"channel": GENERAL, "token": "xoxb-sandbox"}
    async with aiohttp.ClientSession() as session:
        answers = [
            await (await session.get(url, params=fields)).json(),
            await (await session.post(url, data=fields)).json(),
            await (await session.post(url, json=fields)).json(),
        ]
        broken = await session.post(url, data="{", headers={"Content-Type": "application/json"})
        assert (await broken.json())["error"] == "invalid_json"

    assert [answer["channel"]["name"] for answer in answers] == ["general"] * 3


async def test_auth_test_tells_the_granted_scopes_in_a_header(sandbox: Sandbox) -> None:
    url = f"{sandbox.workspace.url}/api/auth.test"
    async with aiohttp.ClientSession() as session:
        answer = await session.post(url, headers={"Authorization": "Bearer xoxb-sandbox"})
        body = await answer.json()

    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")
    assert (body["user_id"], body["bot_id"]) == ("U0HELPER", "B0HELPER")
    assert body["url"] == f"{sandbox.workspace.url}/"


async def test_history_pages_from_the_newest_and_keeps_threads_apart(api: Api) -> None:
    room = await made(api)
    first = await posted(api, room, text="1")
    await posted(api, room, text="reply", thread_ts=first)
    second = await posted(api, room, text="2")

    page = await api.ok("conversations.history", channel=room, limit=2)
    assert [message["text"] for message in page["messages"]] == ["2", "1"]
    assert page["messages"][1]["reply_count"] == 1
    cursor = page["response_metadata"]["next_cursor"]
    rest = await api.ok("conversations.history", channel=room, limit=2, cursor=cursor)
    assert [message["subtype"] for message in rest["messages"]] == ["channel_join"]
    assert rest["has_more"] is False

    after = await api.ok("conversations.history", channel=room, oldest=first)
    assert [message["ts"] for message in after["messages"]] == [second]
    included = await api.ok("conversations.history", channel=room, oldest=first, inclusive=True)
    assert [message["ts"] for message in included["messages"]] == [second, first]
    thread = await api.ok("conversations.replies", channel=room, ts=first)
    assert [message["text"] for message in thread["messages"]] == ["1", "reply"]


async def test_metadata_is_whole_only_when_asked_for(api: Api) -> None:
    room = await made(api)
    metadata = {"event_type": "warroom_post", "event_payload": {"key": "a1", "tries": 2}}
    await posted(api, room, text="x", metadata=metadata)

    short = await api.ok("conversations.history", channel=room, limit=1)
    whole = await api.ok("conversations.history", channel=room, limit=1, include_all_metadata=True)
    assert short["messages"][0]["metadata"] == {"event_type": "warroom_post"}
    assert whole["messages"][0]["metadata"] == metadata


async def test_text_is_kept_as_slack_keeps_it(api: Api) -> None:
    room = await made(api)
    written = await api.ok(
        "chat.postMessage",
        channel=room,
        text="a < b & c &amp; <@U0EXEC> https://x.example/a?b=1. @here",
        blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "ping @everyone"}}],
    )

    assert written["message"]["text"] == (
        "a &lt; b &amp; c &amp; <@U0EXEC> <https://x.example/a?b=1>. @here"
    )
    assert written["message"]["blocks"][0]["text"]["text"] == "ping <!everyone>"
    assert written["message"]["blocks"][0]["block_id"]


async def test_a_changed_message_keeps_its_blocks_only_without_text(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="x", blocks=[SECTION])

    await api.ok("chat.update", channel=room, ts=ts, blocks=[SECTION, button()])
    kept = await api.ok("conversations.history", channel=room, limit=1)
    await api.ok("chat.update", channel=room, ts=ts, text="y")
    gone = await api.ok("conversations.history", channel=room, limit=1)

    assert (kept["messages"][0]["text"], len(kept["messages"][0]["blocks"])) == ("x", 2)
    assert gone["messages"][0]["text"] == "y"
    assert "blocks" not in gone["messages"][0]
    assert gone["messages"][0]["edited"]["user"] == "U0HELPER"


async def test_only_the_apps_own_messages_can_be_changed(api: Api, sandbox: Sandbox) -> None:
    await api.ok("conversations.join", channel=GENERAL)
    said = await sandbox.as_person("U0EXEC").say(GENERAL, "mine")

    refused = await api.error("chat.update", channel=GENERAL, ts=said.ts, text="x")
    assert refused == "cant_update_message"
    assert await api.error("chat.delete", channel=GENERAL, ts=said.ts) == "cant_delete_message"


async def test_slack_itself_says_who_joined_what_was_set_and_pinned(api: Api) -> None:
    room = await made(api)
    ts = await posted(api, room, text="x")
    await api.ok("conversations.setTopic", channel=room, topic="T")
    await api.ok("conversations.setPurpose", channel=room, purpose="P")
    await api.ok("pins.add", channel=room, timestamp=ts)

    said = await api.ok("conversations.history", channel=room)
    subtypes = [message.get("subtype") for message in reversed(said["messages"])]
    assert subtypes == ["channel_join", None, "channel_topic", "channel_purpose", "pinned_item"]
    join = said["messages"][-1]["ts"]
    assert await api.error("pins.add", channel=room, timestamp=join) == "not_pinnable"
    refused = await api.error("chat.postMessage", channel=room, text="x", thread_ts=join)
    assert refused == "cannot_reply_to_message"


async def test_rename_makes_the_name_fit_and_only_the_creator_may(api: Api) -> None:
    room = await made(api)
    renamed = await api.ok("conversations.rename", channel=room, name="My Room!")
    assert renamed["channel"]["name"] == "my-room"
    await api.ok("conversations.join", channel="C0INCIDENTS")
    refused = await api.error("conversations.rename", channel="C0INCIDENTS", name="x")
    assert refused == "not_authorized"


async def test_a_message_to_a_person_opens_their_conversation_once(
    api: Api, sandbox: Sandbox
) -> None:
    first = await api.ok("chat.postMessage", channel="U0EXEC", text="hello")
    opened = await api.ok("conversations.open", users="U0EXEC")

    assert opened["channel"]["id"] == first["channel"]
    seen = [each.id for each in sandbox.workspace.channels_seen_by("U0COMMS")]
    assert first["channel"] not in seen


async def test_a_permalink_names_the_channel_and_the_message(api: Api, sandbox: Sandbox) -> None:
    room = await made(api)
    ts = await posted(api, room, text="x")
    link = await api.ok("chat.getPermalink", channel=room, message_ts=ts)
    assert link["permalink"] == f"{sandbox.workspace.url}/archives/{room}/p{ts.replace('.', '')}"


async def test_bookmarks_come_back_as_they_were_left(api: Api) -> None:
    room = await made(api)
    given = {"channel_id": room, "title": "A", "type": "link", "link": "https://a.example"}
    first = (await api.ok("bookmarks.add", **given))["bookmark"]["id"]
    second = (await api.ok("bookmarks.add", **given))["bookmark"]["id"]
    await api.ok("bookmarks.edit", channel_id=room, bookmark_id=first, title="B")
    await api.ok("bookmarks.remove", channel_id=room, bookmark_id=second)

    listed = (await api.ok("bookmarks.list", channel_id=room))["bookmarks"]
    assert [(each["title"], each["link"]) for each in listed] == [("B", "https://a.example")]


async def test_every_ts_is_new_while_the_clock_stands_still(api: Api) -> None:
    room = await made(api)
    stamps = [await posted(api, room, text=str(number)) for number in range(5)]
    assert stamps == sorted(set(stamps))


async def test_the_journal_holds_every_call_without_its_token(api: Api, sandbox: Sandbox) -> None:
    await api("conversations.info", channel="C404")

    call = sandbox.calls[-1]
    assert (call.method, call.args, call.ok, call.error) == (
        "conversations.info",
        {"channel": "C404"},
        False,
        "channel_not_found",
    )
    assert call.ended_at >= call.started_at
