"""Does the manifest ask for what the bot needs, and for nothing else?"""

from __future__ import annotations

import ast
import asyncio
import re
from pathlib import Path

import yaml

from bot.slack import manifest
from tests.cli.terminal import Terminal

_MANAGE = ("channels:manage", "groups:write")
_READ = ("channels:read", "groups:read")
_OF_CHANNELS = ("archive", "left", "rename", "unarchive")
# docs.slack.dev/reference/methods/<method>; public and private rooms, and direct messages where
# the bot uses the method there. A method the bot begins to use belongs here first.
NEEDED: dict[str, tuple[str, ...]] = {
    "apps.connections.open": (),  # needs the app-level token's connections:write
    "auth.test": (),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.edit": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.create": _MANAGE,
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": _READ,
    "conversations.invite": _MANAGE,
    "conversations.archive": _MANAGE,
    "conversations.join": ("channels:join",),
    "conversations.list": _READ,
    "conversations.members": _READ,
    "conversations.open": ("im:write",),
    "conversations.rename": _MANAGE,
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "conversations.setPurpose": _MANAGE,
    "conversations.setTopic": _MANAGE,
    "dnd.teamInfo": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "pins.add": ("pins:write",),
    "pins.list": ("pins:read",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": _READ,
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
# docs.slack.dev/reference/events/<event>
EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    **{f"channel_{what}": ("channels:read",) for what in _OF_CHANNELS},
    **{f"group_{what}": ("groups:read",) for what in _OF_CHANNELS},
    "member_joined_channel": _READ,
    "member_left_channel": _READ,
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
}
_METHOD = re.compile(
    r"(apps|auth|bookmarks|canvases|chat|conversations|dnd|files|pins|reactions|team|usergroups|users"
    r"|views)\.[A-Za-z.]+"
)
BOT = Path(manifest.__file__).parents[1]


def used_methods() -> set[str]:
    """Every Web API method that the bot's source names."""
    sources = [*BOT.glob("slack/*.py"), BOT / "app.py", *BOT.glob("features/*/slack.py")]
    return {
        node.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _METHOD.fullmatch(node.value)
    }


def test_every_method_the_bot_uses_is_known_with_its_scopes_and_no_other() -> None:
    assert used_methods() == set(NEEDED)


def test_the_manifest_asks_for_exactly_the_scopes_that_the_methods_need() -> None:
    needed = {scope for scopes in NEEDED.values() for scope in scopes}

    events = {scope for scopes in EVENTS.values() for scope in scopes}
    assert set(manifest.scopes()) == needed | events | {"commands"}


def test_every_event_of_the_manifest_is_heard_and_no_other() -> None:
    content = yaml.safe_load(manifest.PATH.read_text(encoding="utf-8"))
    asked = content["settings"]["event_subscriptions"]["bot_events"]
    assert set(asked) == set(EVENTS)


def test_every_scope_says_what_is_off_without_it() -> None:
    assert [scope for scope, reason in manifest.scopes().items() if not reason] == []


async def test_the_manifest_is_printed_as_it_stands_in_the_file(terminal: Terminal) -> None:
    printed = await terminal.run("manifest")

    assert printed.out == manifest.PATH.read_text(encoding="utf-8")
    assert printed.code == 0


async def test_for_http_every_request_goes_to_the_public_url_under_the_wanted_command(
    terminal: Terminal,
) -> None:
    printed = await terminal.run("manifest", "--http", "https://example.org", "--command", "/fire")

    content = yaml.safe_load(printed.out)
    url = "https://example.org/slack/events"
    assert content["settings"]["socket_mode_enabled"] is False
    assert content["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    command = content["features"]["slash_commands"][0]
    assert (command["command"], command["url"]) == ("/fire", url)
    assert content["oauth_config"]["scopes"]["bot"] == list(manifest.scopes())


async def test_a_manifest_that_slack_would_refuse_is_not_printed(terminal: Terminal) -> None:
    address, command = await asyncio.gather(
        terminal.refused("manifest", "--http", "example.org"),
        terminal.refused("manifest", "--command", "Fire Now"),
    )

    assert address == "Slack sends requests only to https://..., not to example.org."
    assert command.endswith("such as /incident, not Fire Now.")
