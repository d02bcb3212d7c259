"""What does a message say, and what happens when a person uses a button in it?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from nicegui import ui

from bot.sandbox import modals, payloads
from bot.sandbox.hands import Hands
from bot.sandbox.model import Json, Message
from bot.sandbox.page import blocks, mrkdwn
from bot.sandbox.page.controls import markup, rich
from bot.sandbox.page.keyed import Item, Keyed
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.page.surface import seen_file
from bot.sandbox.workspace import Workspace


@dataclass
class MessageSurface:
    """A message under a person's hands."""

    workspace: Workspace
    reader: Reader
    go: Callable[[str], Awaitable[None]]
    hands: Hands
    place: tuple[str, Message]
    drafts: dict[str, str] = field(default_factory=dict)  # of messages being edited, by ts

    @property
    def channel_id(self) -> str:
        """The channel the message stands in."""
        return self.place[0]

    @property
    def message(self) -> Message:
        """The message."""
        return self.place[1]

    def value(self, block: Json, element: Json) -> Json:
        """What the app chose at first."""
        state = modals.first_state(payloads.blocks(self.message))
        return state.get(block["block_id"], {}).get(element["action_id"], {})

    async def press(self, block: Json, element: Json, choice: Json | None) -> None:
        """Use a button or a select."""
        action = (block["block_id"], element["action_id"])
        await self.hands.press(self.channel_id, self.message.ts, *action, choice)

    async def enter(self, block: Json, element: Json, value: Json) -> None:
        """Inputs in messages act at once."""
        choice = {key: kept for key, kept in value.items() if key != "type"}
        await self.press(block, element, choice)

    async def suggest(self, block: Json, element: Json, typed: str) -> list[Json]:
        """The options the app offers for what was typed."""
        action = (block["block_id"], element["action_id"])
        ts = self.message.ts
        return await self.hands.suggest_in_message(self.channel_id, ts, action, typed)

    async def attach(self, block: Json, element: Json, files: list[tuple[str, bytes]]) -> bool:
        """Messages have no file inputs."""
        raise LookupError(f"{element['type']} in a message")

    def file_address(self, file_id: str) -> str:
        """Where the reader's browser finds a file; empty when they may not see it."""
        return seen_file(self.hands, file_id)

    def note_errors(self, block_id: str, error: ui.label) -> None:
        """Messages have no errors."""


def draw(surface: MessageSurface, more: Sequence[Item] = ()) -> Keyed:
    """Draw what the message says, `more` below it; the answer is for drawing it again."""
    keyed = Keyed(ui.element("div").classes("body"))
    keyed.show([*items(surface), *more])
    return keyed


def items(surface: MessageSurface) -> list[Item]:
    """The blocks, else the text; then the attachments, and whether it was edited."""
    message = surface.message
    shown = [
        # By its place: a block without an id of the app's gets a new one at each edit.
        _block(block, surface, f"block {number}")
        for number, block in enumerate(message.blocks)
    ]
    if not message.blocks and (message.text or not message.files):
        shown = [Item("text", message.text, lambda: _text(message.text, surface))]
    for number, attachment in enumerate(message.attachments):
        shown.append(_attachment(attachment, surface, f"attachment {number}"))
    if message.edited_ts and not message.ephemeral_to:
        shown.append(Item("edited", None, lambda: _small("(edited)")))
    return shown


def _block(block: Json, surface: MessageSurface, key: str) -> Item:
    return Item(key, repr(block), lambda: blocks.draw(block, surface))


def _attachment(attachment: Json, surface: MessageSurface, key: str) -> Item:
    def draw_it() -> None:
        with ui.element("div").classes("attachment"):
            for block in attachment.get("blocks") or []:
                blocks.draw(block, surface)
            if not attachment.get("blocks"):
                named = (attachment.get(name) for name in ("pretext", "title", "text"))
                lines = [str(line) for line in named if line]
                _text("\n".join(lines) or str(attachment.get("fallback", "")), surface)

    return Item(key, repr(attachment), draw_it)


def _text(text: str, surface: MessageSurface) -> None:
    rich(mrkdwn.to_html(text, surface.reader), surface.go)


def _small(words: str) -> None:
    markup(words, tag="small")
