"""How is a list redrawn without disturbing what did not change?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nicegui import ui


@dataclass(frozen=True)
class Item:
    """One thing to draw; it is drawn again when `looks` changes."""

    key: str
    looks: object
    draw: Callable[[], None]


class Keyed:
    """A container whose children stay, with focus and typed text, while they look the same."""

    def __init__(self, container: ui.element) -> None:
        self._container = container
        self._drawn: dict[str, tuple[object, ui.element]] = {}

    @property
    def container(self) -> ui.element:
        """What holds the items."""
        return self._container

    def show(self, items: Sequence[Item]) -> None:
        """Make the container hold these items, in this order."""
        wanted = {item.key for item in items}
        for key in [key for key in self._drawn if key not in wanted]:
            self._drawn.pop(key)[1].delete()
        for index, item in enumerate(items):
            self._place(item, index)

    def forget(self) -> None:
        """Take everything out."""
        self._drawn.clear()
        self._container.clear()

    def element(self, key: str) -> ui.element | None:
        """What holds the item, None when it is not there."""
        drawn = self._drawn.get(key)
        return drawn[1] if drawn else None

    def _place(self, item: Item, index: int) -> None:
        drawn = self._drawn.get(item.key)
        slot = drawn[1] if drawn else self._new_slot()
        if drawn is None or drawn[0] != item.looks:
            slot.clear()
            with slot:
                item.draw()
        self._drawn[item.key] = (item.looks, slot)
        children = self._container.default_slot.children
        if children[index] is not slot:
            slot.move(target_index=index)

    def _new_slot(self) -> ui.element:
        with self._container:
            return ui.element("div").classes("slot")
