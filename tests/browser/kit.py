"""What does a plain Bolt app look like that posts every block and opens every kind of modal?"""

from __future__ import annotations

import contextlib
import queue
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from tests.browser import kit_messages, kit_modals

Json = dict[str, Any]
_ROOT = Path(__file__).resolve().parents[2]
_SCOPES = (
    "commands chat:write chat:write.public chat:write.customize remote_files:write "
    "remote_files:share mpim:write channels:join channels:read channels:history im:history "
    "users:read files:read files:write"
).split()
_MANIFEST = {
    "display_information": {"name": "Kit"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "kit"},
        "slash_commands": [
            {"command": "/kit", "description": "Opens a modal", "usage_hint": "which"}
        ],
    },
    "oauth_config": {"scopes": {"bot": _SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


@dataclass
class Kit:
    """The app and the workspace it is in; `heard` holds what the app was sent, in order."""

    app: App
    address: str
    heard: queue.Queue[Json] = field(default_factory=queue.Queue)

    def forget(self) -> None:
        """Leave out what was sent so far."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.heard.get_nowait()

    def post(self, name: str, channel: str = "C0GENERAL") -> str:
        """Post one of the messages; its ts."""
        blocks = kit_messages.EVERY[name]
        posted = self.app.client.chat_postMessage(channel=channel, text=name, blocks=blocks)
        return str(posted["ts"])

    def next(self, kind: str) -> Json:
        """The next payload of a kind, such as "block_actions", waited for at most 10 s."""
        while True:
            payload = self.heard.get(timeout=10)
            if payload.get("type") == kind:
                return payload

    def action(self) -> Json:
        """What the person did in the next block_actions."""
        action: Json = self.next("block_actions")["actions"][0]
        return action

    def submitted(self) -> dict[str, Json]:
        """The values of the next view_submission, by action_id."""
        values = self.next("view_submission")["view"]["state"]["values"]
        return {name: value for block in values.values() for name, value in block.items()}


@contextlib.contextmanager
def workspace(folder: Path) -> Iterator[Kit]:
    """The workspace as anybody starts it, with the app connected by Socket Mode."""
    manifest = folder / "kit.yaml"
    manifest.write_text(yaml.safe_dump(_MANIFEST), encoding="utf-8")
    started = [sys.executable, "-m", "bot.sandbox", "--manifest", str(manifest), "--no-rates"]
    process = subprocess.Popen(
        started, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found, said
    kit = _app(found.group())
    handler = SocketModeHandler(kit.app, "xapp-sandbox")
    handler.client.web_client.base_url = f"{kit.address}/api/"
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt has no types there
    try:
        yield kit
    finally:
        handler.close()  # type: ignore[no-untyped-call]
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest, rest


def _app(address: str) -> Kit:
    app = App(token="xoxb-sandbox", signing_secret="sandbox", token_verification_enabled=False)
    app.client.base_url = f"{address}/api/"
    kit = Kit(app, address)

    @app.middleware
    def remember(body: Json, next: Any) -> None:  # noqa: A002 (Bolt asks for this name)
        kit.heard.put(body)
        next()

    _answer_commands(app)
    _answer_interactions(app)
    return kit


def _answer_commands(app: App) -> None:
    @app.command("/kit")
    def on_command(ack: Any, body: Json, client: Any) -> None:
        ack()
        what = body["text"]
        if what in kit_messages.EVERY:
            client.chat_postMessage(
                channel=body["channel_id"], text=what, blocks=kit_messages.EVERY[what]
            )
        else:
            client.views_open(trigger_id=body["trigger_id"], view=kit_modals.EVERY[what])

    @app.event("app_home_opened")
    def on_home(event: Json, client: Any) -> None:
        client.views_publish(user_id=event["user"], view=kit_modals.HOME)


def _answer_interactions(app: App) -> None:
    @app.action(re.compile(".*"))
    def on_action(ack: Any, body: Json, client: Any) -> None:
        ack()
        acts = {"update": client.views_update, "push": client.views_push}
        for action in body["actions"]:
            if action["action_id"] == "push":
                acts["push"](trigger_id=body["trigger_id"], view=kit_modals.PUSHED)
            if action["action_id"] == "update":
                acts["update"](view_id=body["view"]["id"], view=kit_modals.UPDATED)

    @app.options(re.compile(".*"))
    def on_options(ack: Any, body: Json) -> None:
        ack(kit_modals.offered(body["action_id"], body["value"]))

    @app.view(re.compile(".*"))
    def on_submit(ack: Any, view: Json) -> None:
        ack(**kit_modals.answer(view))

    @app.view_closed(re.compile(".*"))
    def on_close(ack: Any) -> None:
        ack()
