"""Does a method ask for the scope Slack asks for?"""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.model import Json
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import EVERY_SCOPE, Api, HandMovedClock, write_manifest
from tests.sandbox.methods.world import GENERAL

MANAGE = ("channels:manage", "groups:write", "im:write", "mpim:write")
ROOMS = ("channels:manage", "groups:write")
INVITE = ("channels:manage", "channels:write.invites", "groups:write", "groups:write.invites")
TOPIC = (
    "channels:manage", "channels:write.topic", "groups:write", "groups:write.topic",
    "im:write", "im:write.topic", "mpim:write", "mpim:write.topic",
)  # fmt: skip
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
PIN = {"channel": GENERAL, "timestamp": "1.1"}
MARK = {"channel_id": GENERAL, "title": "x", "type": "link"}

# Without any of these scopes the call is refused with all of them as `needed`.
ROWS: list[tuple[pytest.MarkDecorator, str, Json, tuple[str, ...]]] = [
    (pytest.mark.rule("conversations.create.scope"),
     "conversations.create", {"name": "x"}, ("channels:manage",)),
    (pytest.mark.rule("conversations.create.scope", "channels.private.scopes"),
     "conversations.create", {"name": "x", "is_private": True}, ("groups:write",)),
    (pytest.mark.rule("conversations.rename.scope"),
     "conversations.rename", {"channel": GENERAL, "name": "x"}, MANAGE),
    (pytest.mark.rule("conversations.archive.scope"),
     "conversations.archive", {"channel": GENERAL}, MANAGE),
    (pytest.mark.rule("conversations.setTopic.scope"),
     "conversations.setTopic", {"channel": GENERAL, "topic": "x"}, TOPIC),
    (pytest.mark.rule("conversations.setPurpose.scope"),
     "conversations.setPurpose", {"channel": GENERAL, "purpose": "x"}, TOPIC),
    (pytest.mark.rule("conversations.invite.scope"),
     "conversations.invite", {"channel": GENERAL, "users": "U0EXEC"}, INVITE),
    (pytest.mark.rule("conversations.kick.scope"),
     "conversations.kick", {"channel": GENERAL, "user": "U0EXEC"}, ROOMS),
    (pytest.mark.rule("conversations.join.scope"),
     "conversations.join", {"channel": GENERAL}, ("channels:join",)),
    (pytest.mark.rule("conversations.open.scope"),
     "conversations.open", {"users": "U0EXEC"}, ("im:write",)),
    (pytest.mark.rule("conversations.open.scope"),
     "conversations.open", {"users": "U0EXEC,U0COMMS"}, ("mpim:write",)),
    (pytest.mark.rule("conversations.history.scope"),
     "conversations.history", {"channel": GENERAL}, HISTORY),
    (pytest.mark.rule("conversations.replies.scope"),
     "conversations.replies", {"channel": GENERAL, "ts": "1.1"}, HISTORY),
    (pytest.mark.rule("conversations.info.scope"),
     "conversations.info", {"channel": GENERAL}, READ),
    (pytest.mark.rule("conversations.members.scope"),
     "conversations.members", {"channel": GENERAL}, READ),
    (pytest.mark.rule("users.conversations.scope"),
     "users.conversations", {"types": "private_channel"}, ("groups:read",)),
    (pytest.mark.rule("chat.postMessage.scope"),
     "chat.postMessage", {"channel": GENERAL, "text": "x"}, ("chat:write",)),
    (pytest.mark.rule("chat.update.scope"),
     "chat.update", {"channel": GENERAL, "ts": "1.1", "text": "x"}, ("chat:write",)),
    (pytest.mark.rule("chat.postEphemeral.scope"),
     "chat.postEphemeral", {"channel": GENERAL, "user": "U0EXEC", "text": "x"}, ("chat:write",)),
    (pytest.mark.rule("chat.delete.scope"),
     "chat.delete", {"channel": GENERAL, "ts": "1.1"}, ("chat:write",)),
    (pytest.mark.rule("chat.scheduleMessage.scope"),
     "chat.scheduleMessage", {"channel": GENERAL, "post_at": 1, "text": "x"}, ("chat:write",)),
    (pytest.mark.rule("pins.add.scope"), "pins.add", PIN, ("pins:write",)),
    (pytest.mark.rule("pins.remove.scope"), "pins.remove", PIN, ("pins:write",)),
    (pytest.mark.rule("pins.list.scope"), "pins.list", PIN, ("pins:read",)),
    (pytest.mark.rule("bookmarks.add.scope"), "bookmarks.add", MARK, ("bookmarks:write",)),
    (pytest.mark.rule("bookmarks.edit.scope"),
     "bookmarks.edit", {"channel_id": GENERAL, "bookmark_id": "Bk1"}, ("bookmarks:write",)),
    (pytest.mark.rule("bookmarks.list.scope"),
     "bookmarks.list", {"channel_id": GENERAL}, ("bookmarks:read",)),
    (pytest.mark.rule("reactions.add.scope"),
     "reactions.add", {**PIN, "name": "eyes"}, ("reactions:write",)),
    (pytest.mark.rule("users.info.scope"), "users.info", {"user": "U0EXEC"}, ("users:read",)),
    (pytest.mark.rule("users.list.scope"), "users.list", {}, ("users:read",)),
    (pytest.mark.rule("users.lookupByEmail.scope"),
     "users.lookupByEmail", {"email": "sam@example.test"}, ("users:read.email",)),
    (pytest.mark.rule("usergroups.users.list.scope"),
     "usergroups.users.list", {"usergroup": "S0SAFETY"}, ("usergroups:read",)),
    (pytest.mark.rule("team.info.scope"), "team.info", {}, ("team:read",)),
    (pytest.mark.rule("conversations.canvases.create.scope"),
     "conversations.canvases.create", {"channel_id": GENERAL}, ("canvases:write",)),
    (pytest.mark.rule("canvases.edit.scope"),
     "canvases.edit", {"canvas_id": "F1", "changes": [{}]}, ("canvases:write",)),
]  # fmt: skip


@pytest.mark.rule("webapi.missing_scope")
@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [pytest.param(*row[1:], marks=row[0], id=f"{row[1]}-{row[3][0]}") for row in ROWS],
)
async def test_without_its_scopes_a_method_names_them_and_those_there_are(
    tmp_path: Path, method: str, arguments: Json, needed: tuple[str, ...]
) -> None:
    manifest = write_manifest(tmp_path, without=needed)
    sandbox = Sandbox(manifest, now=HandMovedClock().now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        answer = await Api(base_url, session)(method, **arguments)

    assert answer == {
        "ok": False,
        "error": "missing_scope",
        "needed": ",".join(needed),
        "provided": ",".join(scope for scope in EVERY_SCOPE if scope not in needed),
    }


@pytest.mark.rule("channels.private.scopes")
@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("conversations.info", "groups:read"),
        ("conversations.history", "groups:history"),
        ("conversations.archive", "groups:write"),
    ],
)
async def test_a_private_channel_needs_the_scope_for_private_channels(
    tmp_path: Path, method: str, scope: str
) -> None:
    sandbox = Sandbox(write_manifest(tmp_path, without=(scope,)), now=HandMovedClock().now)
    room = "C0INCIDENTS"
    channel = sandbox.workspace.channels[room]
    channel.is_private = True
    channel.members.append("U0HELPER")
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        answer = await Api(base_url, session)(method, channel=room)

    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


@pytest.mark.rule("auth.test.no_scope", "views.no_scope")
async def test_some_methods_need_no_scope(tmp_path: Path) -> None:
    sandbox = Sandbox(
        write_manifest(tmp_path, without=tuple(EVERY_SCOPE)), now=HandMovedClock().now
    )
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        api = Api(base_url, session)
        assert (await api("auth.test"))["ok"]
        home = {"type": "home", "blocks": [{"type": "divider"}]}
        published = await api("views.publish", user_id="U0EXEC", view=home)
        assert published["ok"], published


@pytest.mark.rule("users.email")
@pytest.mark.parametrize("scopes", [(), ("users:read.email",)])
async def test_email_addresses_are_told_only_with_their_scope(
    tmp_path: Path, scopes: tuple[str, ...]
) -> None:
    sandbox = Sandbox(write_manifest(tmp_path, without=scopes), now=HandMovedClock().now)
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        profile = (await Api(base_url, session)("users.info", user="U0EXEC"))["user"]["profile"]

    assert ("email" in profile) is (not scopes)


@pytest.mark.rule("chat.postMessage.public", "channels.private.public")
async def test_chat_write_public_opens_public_channels_and_no_private_ones(tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path, plus=("chat:write.public",))
    sandbox = Sandbox(manifest, now=HandMovedClock().now)
    sandbox.workspace.channels["C0EXEC"].is_private = True
    async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
        api = Api(base_url, session)
        assert (await api("chat.postMessage", channel=GENERAL, text="x"))["ok"]
        refused = await api("chat.postMessage", channel="C0EXEC", text="x")

    assert refused == {"ok": False, "error": "channel_not_found"}


@pytest.mark.rule("chat.postMessage.customize")
async def test_without_the_scope_for_it_a_name_and_an_icon_are_ignored(tmp_path: Path) -> None:
    said: list[Json] = []
    for scopes in ((), ("chat:write.customize",)):
        manifest = write_manifest(tmp_path, plus=("chat:write.public", *scopes))
        sandbox = Sandbox(manifest, now=HandMovedClock().now)
        async with sandbox.running() as base_url, aiohttp.ClientSession() as session:
            message = {"channel": GENERAL, "text": "x", "username": "X", "icon_emoji": ":x:"}
            said.append((await Api(base_url, session)("chat.postMessage", **message))["message"])

    assert "username" not in said[0]
    assert (said[1]["username"], said[1]["icons"]) == ("X", {"emoji": ":x:"})
