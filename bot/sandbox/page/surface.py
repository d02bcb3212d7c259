"""What does Block Kit stand on: a message, a modal or the Home?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from nicegui import ui
from nicegui.elements.mixins.value_element import ValueElement

from bot.sandbox.hands import Hands
from bot.sandbox.model import Json
from bot.sandbox.page.controls import confirmed, toast
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.workspace import Workspace


class Surface(Protocol):
    """Where a block stands: who reads it, what is entered, and where a click goes."""

    workspace: Workspace
    reader: Reader

    @property
    def go(self) -> Callable[[str], Awaitable[None]]:
        """Follows a link into this workspace."""
        ...

    def value(self, block: Json, element: Json) -> Json:
        """What is entered in an element now; empty when nothing is known."""
        ...

    async def press(self, block: Json, element: Json, choice: Json | None) -> None:
        """The person used a button, a menu or a select that acts at once."""
        ...

    async def enter(self, block: Json, element: Json, value: Json) -> None:
        """The person changed an input."""
        ...

    async def suggest(self, block: Json, element: Json, typed: str) -> list[Json]:
        """The options the app offers for what was typed; none when it is silent."""
        ...

    async def attach(self, block: Json, element: Json, files: list[tuple[str, bytes]]) -> bool:
        """Put files into a file_input, instead of those in it; False when it does not take them."""
        ...

    def file_address(self, file_id: str) -> str:
        """Where the reader's browser finds a file; empty when they may not see it."""
        ...

    def note_errors(self, block_id: str, error: ui.label) -> None:
        """Here errors of this block are to be shown."""
        ...


@contextmanager
def told() -> Iterator[None]:
    """Tell the person what they may not do, or that what they used is gone."""
    try:
        yield
    except (ValueError, LookupError) as error:
        toast(str(error))


def seen_file(hands: Hands, file_id: str) -> str:
    """Where this person's browser finds a file; empty when they may not see it."""
    try:
        return hands.file_address(file_id)
    except LookupError:
        return ""


@dataclass(frozen=True)
class Place:
    """An element in its block on its surface.

    `label` is its accessible name; `told_by` are the ids of what else is to be read aloud for it.
    """

    surface: Surface
    block: Json
    element: Json
    label: str = ""
    autofocus: bool = False
    told_by: str = ""

    @property
    def is_required(self) -> bool:
        """A modal with this left empty is not sent."""
        return self.block["type"] == "input" and not self.block.get("optional")

    async def agreed(self) -> bool:
        """Ask first, where the app wants that; True when the person goes on."""
        return await confirmed(self.element.get("confirm"), self.surface.reader)

    async def press(self, choice: Json | None = None) -> None:
        """Use it."""
        with told():
            await self.surface.press(self.block, self.element, choice)

    async def enter(self, value: Json) -> None:
        """Change it: in an input block it is only kept, elsewhere the app hears of it."""
        is_input = self.block["type"] == "input"
        if is_input:
            with told():
                await self.surface.enter(self.block, self.element, value)
        if not is_input or self.block.get("dispatch_action") and "value" not in value:
            choice = {key: kept for key, kept in value.items() if key != "type"}
            await self.press(choice)

    def value(self) -> Json:
        """What is entered now."""
        return self.surface.value(self.block, self.element)


class Agreement:
    """What an input shows since the person last agreed; what they do not agree to is taken back."""

    def __init__(self, place: Place, value: Any) -> None:  # noqa: ANN401 (whatever it holds)
        self._place = place
        self._value = value

    async def covers(self, drawn: ValueElement[Any]) -> bool:
        """Whether something else is shown now, and the person goes on with it."""
        if drawn.value == self._value:
            return False
        if not await self._place.agreed():
            drawn.value = self._value
            return False
        self._value = drawn.value
        return True
