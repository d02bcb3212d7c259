"""What does the app's manifest ask of Slack, and why?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).resolve().parents[2] / "manifest.yaml"
_SCOPE = re.compile(r"^\s*-\s*(?P<scope>[a-z_.:]+)\s*#\s*(?P<reason>.+)$", re.MULTILINE)


def scopes(path: Path = PATH) -> dict[str, str]:
    """Each bot scope the manifest asks for, with what is off without it.

    The reason is the comment behind the scope, so that the two cannot drift apart.
    """
    text = path.read_text(encoding="utf-8")
    reasons = {match["scope"]: match["reason"] for match in _SCOPE.finditer(text)}
    asked = yaml.safe_load(text)["oauth_config"]["scopes"]["bot"]
    return {scope: reasons.get(scope, "") for scope in asked}


def commands(path: Path = PATH) -> list[str]:
    """The slash commands of the manifest."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [command["command"] for command in content["features"]["slash_commands"]]


def rendered(http: str | None, command: str | None, path: Path = PATH) -> str:
    """The manifest as YAML; `http` is the public base URL for requests instead of Socket Mode."""
    text = path.read_text(encoding="utf-8")
    if http is None and command is None:
        return text
    content: dict[str, Any] = yaml.safe_load(text)
    slash = content["features"]["slash_commands"][0]
    if command:
        slash["command"] = command
    if http:
        url = http.rstrip("/") + "/slack/events"
        slash["url"] = url
        content["settings"]["socket_mode_enabled"] = False
        content["settings"]["interactivity"]["request_url"] = url
        content["settings"]["event_subscriptions"]["request_url"] = url
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
