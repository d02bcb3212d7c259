"""What does the app's manifest grant and declare?"""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.sandbox.model import App, CommandSpec, Json, ShortcutSpec


def read(path: Path) -> App:
    """Read a manifest as Slack would on installation.

    Raises:
        ValueError: the file is not a manifest.
        OSError: it cannot be read.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or "display_information" not in content:
        raise ValueError(f"{path} is not an app manifest: it has no display_information")
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
