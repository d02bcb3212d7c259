"""What does the app's manifest grant and declare?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.model import App, CommandSpec, Json, ShortcutSpec
from bot.sandbox.rules import manifest as rules
from bot.sandbox.rules import requests
from bot.sandbox.rules.base import Rule

_SNAKE = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
# Places are written with slashes; * is every item of a list or of a mapping.
_LONGEST: dict[str, Rule] = {
    "display_information/name": rules.NAME,
    "display_information/description": rules.DESCRIPTION,
    "display_information/long_description": rules.LONG_MOST,
    "features/bot_user/display_name": rules.BOT_NAME,
    "features/shortcuts/*/callback_id": rules.SHORTCUT_ID,
    "features/shortcuts/*/description": rules.SHORTCUT_SAYS,
    "features/slash_commands/*/command": rules.COMMAND,
    "features/slash_commands/*/description": rules.COMMAND_SAYS,
    "features/slash_commands/*/usage_hint": rules.COMMAND_HINT,
    "functions/*/title": rules.FUNCTION_TITLE,
}
_MOST: dict[str, Rule] = {
    "features/shortcuts": rules.SHORTCUTS,
    "features/slash_commands": rules.COMMANDS,
    "features/unfurl_domains": rules.UNFURLS,
    "oauth_config/redirect_urls": rules.REDIRECTS,
    "oauth_config/scopes/bot": rules.SCOPES,
    "oauth_config/scopes/bot_optional": rules.SCOPES,
    "oauth_config/scopes/user": rules.SCOPES,
    "oauth_config/scopes/user_optional": rules.SCOPES,
    "settings/allowed_ip_address_ranges": rules.RANGES,
    "settings/event_subscriptions/bot_events": rules.EVENTS,
}
_ONE_OF: dict[str, tuple[object, ...]] = {
    "_metadata/major_version": (1, 2),
    "features/shortcuts/*/type": ("global", "message"),
    "settings/function_runtime": ("remote", "slack"),
}
_NEEDED = (
    "display_information/name",
    "features/bot_user/display_name",
    "features/shortcuts/*/name",
    "features/shortcuts/*/type",
    "features/shortcuts/*/callback_id",
    "features/shortcuts/*/description",
    "features/slash_commands/*/command",
    "features/slash_commands/*/description",
)
_FLAGS = (
    "features/app_home/home_tab_enabled",
    "features/app_home/messages_tab_enabled",
    "features/app_home/messages_tab_read_only_enabled",
    "features/bot_user/always_online",
    "features/slash_commands/*/should_escape",
    "oauth_config/token_management_enabled",
    "settings/interactivity/is_enabled",
    "settings/is_hosted",
    "settings/org_deploy_enabled",
    "settings/socket_mode_enabled",
    "settings/token_rotation_enabled",
)
_MAPPINGS = (
    "_metadata",
    "display_information",
    "features",
    "features/app_home",
    "features/bot_user",
    "features/shortcuts/*",
    "features/slash_commands/*",
    "oauth_config",
    "oauth_config/scopes",
    "settings",
    "settings/event_subscriptions",
    "settings/interactivity",
    "functions",
    "functions/*",
)


class NotAManifest(ValueError):
    """Slack would not take it; the message is for people and names every field that is wrong."""


def read(path: Path) -> App:
    """Read a manifest, YAML or JSON, as Slack would on installation.

    Raises:
        NotAManifest: Slack would refuse it.
        OSError: it cannot be read.
    """
    content = _parsed(path)
    wrong = mistakes(content)
    if wrong:
        raise NotAManifest(f"{path} is not an app manifest: {'; '.join(wrong)}.")
    return _app(content)


def _parsed(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotAManifest(f"{path} is not an app manifest: it is no text.") from error
    try:
        return json.loads(text)
    except ValueError:
        pass  # not every JSON is YAML: tabs
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise NotAManifest(f"{path} is neither YAML nor JSON{line}.") from error


def mistakes(content: Any) -> list[str]:
    """What Slack would refuse in a parsed manifest, each with its place; empty when nothing."""
    if not isinstance(content, dict):
        return ["it is no mapping"]
    # What has the wrong kind cannot be looked into any further.
    return list(_of_kind(content)) or [
        *_of_need(content),
        *_of_size(content),
        *_of_choice(content),
        *_of_functions(content),
        *_of_shortcuts(content),
    ]


def _of_kind(content: Json) -> Iterator[str]:
    wanted: list[tuple[str, type, str]] = [(place, list, "a list") for place in _MOST]
    wanted += [(place, dict, "a mapping") for place in _MAPPINGS]
    wanted += [(place, str, "a text") for place in (*_LONGEST, "features/shortcuts/*/name")]
    wanted += [(f"{place}/*", str, "a text") for place in _MOST if f"{place}/*" not in _MAPPINGS]
    wanted += [(place, bool, "true or false") for place in _FLAGS]
    wrong: list[str] = []
    for place, kind, said in wanted:
        for where, value in _at(content, place):
            is_within = where.startswith(tuple(f"{each}/" for each in wrong))
            if value is not None and not isinstance(value, kind) and not is_within:
                wrong.append(where)
                yield f"{where} must be {said}"


def _of_need(content: Json) -> Iterator[str]:
    if not content.get("display_information"):
        yield "/display_information is missing"
        return
    for place in _NEEDED:
        parent, _, name = place.rpartition("/")
        for where, value in _at(content, parent):
            if value is not None and value.get(name) in (None, ""):
                yield f"{where}/{name} is missing"


def _of_size(content: Json) -> Iterator[str]:
    for places, unit in (
        (_LONGEST, "is longer than {} characters"),
        (_MOST, "has more than {} items"),
    ):
        for place, rule in places.items():
            for where, value in _at(content, place):
                if len(value or ()) > rule.limit:
                    yield f"{where} {unit.format(rule.limit)}"
    least = rules.LONG_LEAST.limit
    for where, value in _at(content, "display_information/long_description"):
        if value is not None and len(value) < least:
            yield f"{where} is shorter than {least} characters"


def _of_choice(content: Json) -> Iterator[str]:
    for place, choices in _ONE_OF.items():
        for where, value in _at(content, place):
            if value is not None and value not in choices:
                yield f"{where} must be {' or '.join(str(choice) for choice in choices)}"


def _of_shortcuts(content: Json) -> Iterator[str]:
    kinds = [kind for _, kind in _at(content, "features/shortcuts/*/type")]
    for kind in ("global", "message"):
        most = requests.limit(f"shortcut.{kind}")
        if kinds.count(kind) > most:
            yield f"/features/shortcuts has more than {most} of type {kind}"


def _of_functions(content: Json) -> Iterator[str]:
    functions = content.get("functions") or {}
    for name in functions:
        if len(str(name)) > rules.FUNCTION_ID.limit:
            yield f"/functions/{name} is longer than {rules.FUNCTION_ID.limit} characters"
        if not re.fullmatch(_SNAKE, str(name)):
            yield f"/functions/{name} is not in snake case"
    if functions and not (content.get("settings") or {}).get("org_deploy_enabled"):
        yield "/settings/org_deploy_enabled must be true where there are functions"


def _at(content: Any, place: str, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every value at a place, with its JSON pointer; places that are not there are left out."""
    name, _, rest = place.partition("/")
    for key, value in _items(content, name):
        pointer = f"{where}/{key}"
        if rest:
            yield from _at(value, rest, pointer)
        else:
            yield pointer, value


def _items(content: Any, name: str) -> list[tuple[object, Any]]:
    if isinstance(content, list):
        return list(enumerate(content)) if name == "*" else []
    if not isinstance(content, dict):
        return []
    if name == "*":
        return list(content.items())
    return [(name, content[name])] if name in content else []


def _app(content: Json) -> App:
    features = content.get("features") or {}
    settings = content.get("settings") or {}
    bot_user = features.get("bot_user") or {}
    name = bot_user.get("display_name") or content["display_information"]["name"]
    suffix = "".join(letter for letter in name.upper() if letter.isalnum())
    return App(
        app_id=f"A0{suffix}",
        bot_user_id=f"U0{suffix}",
        bot_id=f"B0{suffix}",
        name=name,
        scopes=tuple(((content.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()),
        events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        commands=tuple(_command(spec) for spec in features.get("slash_commands") or ()),
        shortcuts=tuple(_shortcut(spec) for spec in features.get("shortcuts") or ()),
        has_home=bool((features.get("app_home") or {}).get("home_tab_enabled")),
        metadata_types=frozenset(
            spec["event_type"]
            for spec in (settings.get("event_subscriptions") or {}).get("metadata_subscriptions")
            or ()
        ),
    )


def _command(spec: Json) -> CommandSpec:
    return CommandSpec(
        command=spec["command"],
        description=spec.get("description", ""),
        usage_hint=spec.get("usage_hint", ""),
        should_escape=bool(spec.get("should_escape")),
    )


def _shortcut(spec: Json) -> ShortcutSpec:
    return ShortcutSpec(
        name=spec["name"],
        type=spec["type"],
        callback_id=spec["callback_id"],
        description=spec.get("description", ""),
    )
