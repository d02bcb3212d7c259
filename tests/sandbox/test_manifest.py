"""Is a manifest refused that Slack would refuse, and where?"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.sandbox import manifest
from tests.sandbox.foreign import Json

SHORTCUT = {"name": "Ask", "type": "global", "callback_id": "ask", "description": "Asks"}
DEPLOY = "settings/org_deploy_enabled"
COMMAND = {"command": "/help-me", "description": "Asks"}
WHOLE: Json = {
    "_metadata": {"major_version": 2, "minor_version": 1},
    "display_information": {
        "name": "Helper",
        "description": "Helps",
        "long_description": "x" * 174,
    },
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "helper", "always_online": False},
        "shortcuts": [SHORTCUT],
        "slash_commands": [{**COMMAND, "should_escape": True, "usage_hint": "[what]"}],
        "unfurl_domains": ["example.com"],
    },
    "oauth_config": {"scopes": {"bot": ["commands"]}, "redirect_urls": ["https://example.com"]},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
        "org_deploy_enabled": True,
        "function_runtime": "remote",
        "allowed_ip_address_ranges": ["10.0.0.0/8"],
    },
    "functions": {"say_hello": {"title": "Say hello"}},
}


def but(place: str, value: Any) -> Json:
    """The manifest with one place changed; None takes it away."""
    content = copy.deepcopy(WHOLE)
    *way, last = place.split("/")
    part: Any = content
    for name in way:
        part = part[int(name)] if isinstance(part, list) else part.setdefault(name, {})
    if value is None:
        del part[last]
    elif isinstance(part, list):
        part[int(last)] = value
    else:
        part[last] = value
    return content


@pytest.mark.parametrize(
    ("place", "most"),
    [
        pytest.param("display_information/name", 35, marks=pytest.mark.rule("manifest.name")),
        pytest.param(
            "display_information/description", 140, marks=pytest.mark.rule("manifest.description")
        ),
        pytest.param(
            "display_information/long_description",
            4000,
            marks=pytest.mark.rule("manifest.long_most"),
        ),
        pytest.param(
            "features/bot_user/display_name", 80, marks=pytest.mark.rule("manifest.bot_name")
        ),
        pytest.param(
            "features/shortcuts/0/callback_id", 255, marks=pytest.mark.rule("manifest.shortcut_id")
        ),
        pytest.param(
            "features/shortcuts/0/description",
            150,
            marks=pytest.mark.rule("manifest.shortcut_says"),
        ),
        pytest.param(
            "features/slash_commands/0/command", 32, marks=pytest.mark.rule("manifest.command")
        ),
        pytest.param(
            "features/slash_commands/0/description",
            2000,
            marks=pytest.mark.rule("manifest.command_says"),
        ),
        pytest.param(
            "features/slash_commands/0/usage_hint",
            1000,
            marks=pytest.mark.rule("manifest.command_hint"),
        ),
        pytest.param(
            "functions/say_hello/title", 255, marks=pytest.mark.rule("manifest.function_title")
        ),
    ],
)
def test_a_text_at_its_limit_is_taken_and_a_longer_one_refused(place: str, most: int) -> None:
    assert manifest.mistakes(but(place, "x" * most)) == []
    told = f"/{place} is longer than {most} characters"
    assert manifest.mistakes(but(place, "x" * (most + 1))) == [told]


@pytest.mark.rule("manifest.long_least")
def test_a_long_description_is_not_short() -> None:
    place = "display_information/long_description"
    assert manifest.mistakes(but(place, "x" * 173)) == [f"/{place} is shorter than 174 characters"]


@pytest.mark.parametrize(
    ("place", "most", "item"),
    [
        pytest.param(
            "features/slash_commands", 50, COMMAND, marks=pytest.mark.rule("manifest.commands")
        ),
        pytest.param(
            "features/unfurl_domains", 5, "a.example", marks=pytest.mark.rule("manifest.unfurls")
        ),
        pytest.param(
            "oauth_config/scopes/bot", 255, "commands", marks=pytest.mark.rule("manifest.scopes")
        ),
        pytest.param(
            "oauth_config/scopes/user_optional",
            255,
            "chat:write",
            marks=pytest.mark.rule("manifest.scopes"),
        ),
        pytest.param(
            "oauth_config/redirect_urls",
            1000,
            "https://a.example",
            marks=pytest.mark.rule("manifest.redirects"),
        ),
        pytest.param(
            "settings/event_subscriptions/bot_events",
            100,
            "app_mention",
            marks=pytest.mark.rule("manifest.events"),
        ),
        pytest.param(
            "settings/allowed_ip_address_ranges",
            10,
            "10.0.0.0/8",
            marks=pytest.mark.rule("manifest.ranges"),
        ),
    ],
)
def test_as_many_as_there_may_be_are_taken_and_one_more_refused(
    place: str, most: int, item: object
) -> None:
    assert manifest.mistakes(but(place, [item] * most)) == []
    told = f"/{place} has more than {most} items"
    assert manifest.mistakes(but(place, [item] * (most + 1))) == [told]


@pytest.mark.rule("manifest.shortcuts")
def test_an_app_has_ten_shortcuts_at_most() -> None:
    ten = [SHORTCUT, {**SHORTCUT, "type": "message"}] * 5
    assert manifest.mistakes(but("features/shortcuts", ten)) == []
    wrong = manifest.mistakes(but("features/shortcuts", [*ten, SHORTCUT]))
    assert "/features/shortcuts has more than 10 items" in wrong


@pytest.mark.parametrize(
    ("place", "good", "wrong", "says"),
    [
        pytest.param(
            "_metadata/major_version",
            1,
            3,
            "must be 1 or 2",
            marks=pytest.mark.rule("manifest.version"),
        ),
        pytest.param(
            "features/shortcuts/0/type",
            "message",
            "channel",
            "must be global or message",
            marks=pytest.mark.rule("manifest.shortcut_type"),
        ),
        pytest.param(
            "settings/function_runtime",
            "slack",
            "local",
            "must be remote or slack",
            marks=pytest.mark.rule("manifest.runtime"),
        ),
        pytest.param(
            DEPLOY,
            True,
            False,
            "must be true where there are functions",
            marks=pytest.mark.rule("manifest.function_deploy"),
        ),
        pytest.param(
            "settings/socket_mode_enabled",
            False,
            "yes",
            "must be true or false",
            marks=pytest.mark.rule("manifest.flags"),
        ),
        pytest.param(
            "features/slash_commands/0/should_escape",
            True,
            1,
            "must be true or false",
            marks=pytest.mark.rule("manifest.flags"),
        ),
        pytest.param(
            "display_information/name",
            "H",
            "",
            "is missing",
            marks=pytest.mark.rule("manifest.needed"),
        ),
        pytest.param(
            "features/slash_commands/0/command",
            "/h",
            "",
            "is missing",
            marks=pytest.mark.rule("manifest.needed"),
        ),
        pytest.param(
            "features/shortcuts/0/callback_id",
            "h",
            "",
            "is missing",
            marks=pytest.mark.rule("manifest.needed"),
        ),
        pytest.param(
            "features", {}, "none", "must be a mapping", marks=pytest.mark.rule("manifest.kinds")
        ),
        pytest.param(
            "features/slash_commands",
            [COMMAND],
            COMMAND,
            "must be a list",
            marks=pytest.mark.rule("manifest.kinds"),
        ),
        pytest.param(
            "features/shortcuts/0",
            SHORTCUT,
            "ask",
            "must be a mapping",
            marks=pytest.mark.rule("manifest.kinds"),
        ),
        pytest.param(
            "display_information/name",
            "12",
            12,
            "must be a text",
            marks=pytest.mark.rule("manifest.kinds"),
        ),
        pytest.param(
            "oauth_config/scopes/bot/0",
            "commands",
            {},
            "must be a text",
            marks=pytest.mark.rule("manifest.kinds"),
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    place: str, good: Any, wrong: Any, says: str
) -> None:
    assert manifest.mistakes(but(place, good)) == []
    assert manifest.mistakes(but(place, wrong)) == [f"/{place} {says}"]


@pytest.mark.rule("manifest.function_id")
def test_the_id_of_a_function_has_a_length() -> None:
    assert manifest.mistakes(but(f"functions/{'x' * 100}", {})) == []
    long = "x" * 101
    told = f"/functions/{long} is longer than 100 characters"
    assert manifest.mistakes(but(f"functions/{long}", {})) == [told]


@pytest.mark.rule("manifest.function_snake")
@pytest.mark.parametrize("name", ["sayHello", "say-hello", "Say_hello", "say hello", "_say"])
def test_the_id_of_a_function_is_in_snake_case(name: str) -> None:
    told = f"/functions/{name} is not in snake case"
    assert manifest.mistakes(but(f"functions/{name}", {})) == [told]
