"""How are the selects drawn whose options the app gives for what is typed?"""

from __future__ import annotations

import asyncio
from typing import Any

from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page.controls import plain_list, put, words
from bot.sandbox.page.surface import Place

_PAUSE_SECONDS = 0.2
_BEFORE, _NOTHING = "Type to search", "No results"


class Found(ui.select):
    """A select that goes by what an option is, not by its place in a list.

    The list may be another one by the time a choice arrives; what a person saw and chose is theirs
    all the same.
    """

    def _update_options(self) -> None:
        super()._update_options()
        for option, value in zip(self._props["options"], self._values, strict=True):
            option["is"] = value

    def _event_args_to_value(self, e: Any) -> Any:  # noqa: ANN401 (what NiceGUI hands over)
        given = e.args if isinstance(e.args, list) else [e.args]
        assert isinstance(self.options, dict)
        for option in given:
            if isinstance(option, dict) and "is" in option:
                self.options.setdefault(option["is"], option["label"])
                self._update_values_and_labels()
                option["value"] = self._values.index(option["is"])
        return super()._event_args_to_value(e)

    def _value_to_model_value(self, value: Any) -> Any:  # noqa: ANN401 (as NiceGUI has it)
        drawn = super()._value_to_model_value(value)
        for option in drawn if isinstance(drawn, list) else [drawn]:
            if option:
                option["is"] = self._values[option["value"]]
        return drawn


class Searched:
    """One external_select or multi_external_select."""

    def __init__(self, place: Place) -> None:
        """Draw it with what is chosen so far; the app is asked when somebody types."""
        self._place = place
        kind = place.element["type"]
        self._is_multi = kind.startswith("multi_")
        self._key = "selected_options" if self._is_multi else "selected_option"
        kept = place.value().get(self._key) or []
        chosen: list[Json] = kept if isinstance(kept, list) else [kept]
        self._known: dict[str, Json] = {option["value"]: option for option in chosen}
        self._listed = list(self._known)
        self._asked = 0
        self._sought = ""  # a focus told late must not ask for everything again
        self._chosen_at = 0.0
        self._drawn = self._draw(list(self._known))
        # Without a line for "nothing", Quasar takes the list away while it is empty, and now and
        # then misses to bring it back.
        with self._drawn.add_slot("no-option"):
            self._nothing = ui.label(_BEFORE).classes("q-px-md q-py-sm")
        self._agreed_on = self._values()
        self._drawn.on("input-value", self._typed, throttle=_PAUSE_SECONDS, leading_events=False)
        self._drawn.on("focus", lambda _: self._ask(self._sought))

    def _draw(self, first: list[str]) -> ui.select:
        element = self._place.element
        hint = words(element.get("placeholder")) or _BEFORE
        drawn = Found(
            self._names(),
            value=first if self._is_multi else next(iter(first), None),
            multiple=self._is_multi,
            with_input=True,
            clearable=bool(self._place.block.get("optional")),
            on_change=self._changed,
        )
        drawn.props('outlined dense options-dense behavior="menu" hide-bottom-space')
        if self._is_multi:
            drawn.props("use-chips")
        put(drawn, aria_label=self._place.label or hint, placeholder=hint, transition_duration=0)
        put(drawn, autofocus=self._place.autofocus)
        put(drawn, aria_describedby=self._place.told_by or None)
        put(drawn, aria_required="true" if self._place.is_required else None)
        put(drawn, max_values=element.get("max_selected_items"))
        plain_list(drawn)
        return drawn.classes("field")

    def _names(self) -> dict[str, str]:
        return {value: words(self._known[value]["text"]) for value in self._listed}

    async def _typed(self, event: Any) -> None:  # noqa: ANN401 (what NiceGUI hands over)
        # What was typed before a choice is told after it; it would open the list again.
        is_stale = asyncio.get_running_loop().time() - self._chosen_at <= _PAUSE_SECONDS
        self._sought = str(event.args or "")
        if self._is_multi or not is_stale:
            await self._ask(self._sought)

    async def _ask(self, typed: str) -> None:
        self._asked += 1
        mine = self._asked
        place = self._place
        options = await place.surface.suggest(place.block, place.element, typed)
        if mine != self._asked or self._drawn.is_deleted:
            return  # more was typed meanwhile
        found = {option["value"]: option for option in options}
        self._known |= found  # what was listed before may have been chosen this very moment
        self._listed = list(dict.fromkeys([*self._values(), *found]))
        self._nothing.text = _NOTHING if typed else _BEFORE
        self._drawn.set_options(self._names())
        if options:
            # The list closed itself while it was empty.
            self._drawn.run_method("showPopup")

    def _values(self) -> list[str]:
        value = self._drawn.value
        return list(value or []) if self._is_multi else [value] if value else []

    async def _changed(self) -> None:
        place = self._place
        if self._values() == self._agreed_on:
            return
        self._chosen_at = asyncio.get_running_loop().time()
        self._asked += 1  # nor is an answer still under way wanted
        if not await place.agreed():
            before = self._agreed_on
            self._drawn.value = before if self._is_multi else next(iter(before), None)
            return
        self._agreed_on, self._sought = self._values(), ""
        chosen = [self._known[value] for value in self._values()]
        kept = chosen if self._is_multi else next(iter(chosen), None)
        await place.enter({"type": place.element["type"], self._key: kept})
