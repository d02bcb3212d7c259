"""What does a person see in Slack's client, and enter there?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.sandbox.hands import Hands
from bot.sandbox.model import Json, Message, View


def shown(content: Any) -> str:  # noqa: ANN401 (Block Kit is JSON of any shape)
    """What a person reads in blocks or a view, one text object a line."""
    if isinstance(content, list):
        return "\n".join(filter(None, map(shown, content)))
    if not isinstance(content, dict):
        return ""
    if content.get("type") in {"plain_text", "mrkdwn"}:
        return str(content["text"])
    return "\n".join(filter(None, (shown(value) for value in content.values())))


def text_objects(content: Any, kind: str) -> list[str]:  # noqa: ANN401
    """The texts of all text objects of a kind: "plain_text" or "mrkdwn"."""
    if isinstance(content, list):
        return [found for one in content for found in text_objects(one, kind)]
    if not isinstance(content, dict):
        return []
    here = [str(content["text"])] if content.get("type") == kind else []
    return here + [found for one in content.values() for found in text_objects(one, kind)]


class Form:
    """A modal in front of a person. Values are words, option values, lists of them, or moments."""

    def __init__(self, hands: Hands, view: View) -> None:
        self._hands = hands
        self.view = view

    @property
    def text(self) -> str:
        """What it reads now."""
        return shown(self.view.content["blocks"])

    def fill(self, **values: object) -> None:
        """Enter values as Slack's client lets a person do it."""
        for name, value in values.items():
            self._hands.fill(self.view.id, name, name, self._entered(name, value))

    def forge(self, name: str, value: Json) -> None:
        """Put a value in past what Slack's client checks."""
        self.view.state[name][name] = value

    def forge_person(self, name: str, person: str) -> None:
        """Choose a person."""
        chosen = {"type": "users_select", "selected_user": person}
        self.view.state.setdefault(name, {})[name] = chosen

    async def submit(self, **values: object) -> dict[str, str]:
        """Enter the values and submit; the sentences at the inputs, none when it was taken."""
        for name in values:
            await self._turn(name)
        self.fill(**values)
        await self._hands.submit(self.view.id)
        return dict(self.view.errors)

    async def _turn(self, name: str) -> None:
        """Ask a question the other way, where it does not stand there as it is to be answered."""
        blocks = {block["block_id"]: block for block in self.view.content["blocks"]}
        turn = f"{name.partition('.')[0]}.turn"
        if name not in blocks and turn in blocks:
            button = blocks[turn]["elements"][0]["action_id"]
            await self._hands.press_in_view(self.view.id, turn, button)

    def _entered(self, name: str, value: object) -> Json:
        blocks = self.view.content["blocks"]
        element = next(block["element"] for block in blocks if block.get("block_id") == name)
        options = {option["value"]: option for option in element.get("options") or ()}
        match value:
            case datetime():
                return {"type": element["type"], "selected_date_time": int(value.timestamp())}
            case list():
                return {"type": element["type"], "selected_options": [options[v] for v in value]}
            case _ if options:
                return {"type": element["type"], "selected_option": options[value]}
        return {"type": element["type"], "value": value}


def newest_with(messages: list[Message], action_id: str) -> tuple[str, str]:
    """The newest message with such a button: its ts, and the block the button stands in."""
    for message in reversed(messages):
        for block in message.blocks:
            for element in [*block.get("elements", ()), block.get("accessory", {})]:
                if element.get("action_id") == action_id:
                    return message.ts, str(block["block_id"])
    raise AssertionError(f"nobody sees a button {action_id} here")
