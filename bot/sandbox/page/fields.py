"""How are the inputs that take typed text, a date or a time drawn?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page import richtext
from bot.sandbox.page.controls import put, words
from bot.sandbox.page.surface import Agreement, Place

_NATIVE = {
    "plain_text_input": "text",
    "email_text_input": "email",
    "url_text_input": "url",
    "number_input": "text",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "datetime-local",
}
_KEYS = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_ON_ENTER = ["on_enter_pressed"]
_MANY = 3000  # what every field may hold; nobody needs to be told


def typed(place: Place) -> None:
    """plain_text_input, email, url and number inputs."""
    element = place.element
    hint = words(element.get("placeholder"))
    kept = str(place.value().get("value") or "")
    if element.get("multiline"):
        field: ui.input = ui.textarea(value=kept, placeholder=hint)
        field.props("autogrow")
    else:
        field = ui.input(value=kept, placeholder=hint)
        field.props["type"] = _NATIVE[element["type"]]
        if element["type"] == "number_input":
            put(field, inputmode="decimal")
    _dress(field, place)
    put(field, maxlength=element.get("max_length"))
    _tell(field, place)


def _tell(field: ui.input, place: Place) -> None:
    element = place.element
    config = element.get("dispatch_action_config") or {}
    told_on = config.get("trigger_actions_on") or _ON_ENTER
    told_on = told_on if place.block.get("dispatch_action") else []

    async def change() -> None:
        await place.enter({"type": element["type"], "value": field.value or None})
        if "on_character_entered" in told_on:
            await place.press({"value": field.value or None})

    field.on_value_change(change)
    if "on_enter_pressed" in told_on and not element.get("multiline"):
        field.on("keydown.enter", lambda _: place.press({"value": field.value or None}))


def written(place: Place) -> None:
    """rich_text_input, as plain text; until somebody writes, what was there stays as it was."""
    element = place.element
    hint = words(element.get("placeholder"))
    kept = richtext.plain(place.value().get("rich_text_value"))
    field = ui.textarea(value=kept, placeholder=hint).props("autogrow")
    _dress(field, place)

    async def change() -> None:
        said = richtext.typed(field.value) if field.value else None
        await place.enter({"type": element["type"], "rich_text_value": said})

    field.on_value_change(change)


def moment(place: Place) -> None:
    """datepicker, timepicker and datetimepicker."""
    kind = place.element["type"]
    kept = _shown(place.value().get(_KEYS[kind]), place)
    field = ui.input(value=kept)
    field.props["type"] = _NATIVE[kind]
    _dress(field, place)
    agreement = Agreement(place, kept)

    async def change() -> None:
        if await agreement.covers(field):
            await place.enter({"type": kind, _KEYS[kind]: _meant(field.value, place)})

    field.on_value_change(change)


def _dress(field: ui.element, place: Place) -> None:
    field.props("outlined dense hide-bottom-space").classes("field")
    name = place.label or words(place.element.get("placeholder")) or _NAMES[place.element["type"]]
    put(field, aria_label=name, autofocus=place.autofocus, aria_describedby=place.told_by or None)
    if place.is_required:
        put(field, aria_required="true")


_NAMES = {
    "plain_text_input": "Text", "email_text_input": "Email", "url_text_input": "Web address",
    "number_input": "Number", "rich_text_input": "Text", "datepicker": "Date",
    "timepicker": "Time", "datetimepicker": "Date and time",
}  # fmt: skip


def _shown(value: str | int | None, place: Place) -> str:
    if not isinstance(value, int):
        return value or ""
    zone = ZoneInfo(place.surface.reader.zone)
    return f"{datetime.fromtimestamp(value, UTC).astimezone(zone):%Y-%m-%dT%H:%M}"


def _meant(shown: str | None, place: Place) -> str | int | None:
    if not shown or place.element["type"] != "datetimepicker":
        return shown or None
    zone = ZoneInfo(place.surface.reader.zone)
    return int(datetime.fromisoformat(shown).replace(tzinfo=zone).timestamp())


def note(element: Json, zone: str) -> str:
    """How much may be entered, or which zone a time is meant in; empty when neither matters."""
    kind = element["type"]
    if kind == "datetimepicker":
        return f"Time zone: {zone.replace('_', ' ')}"
    if kind == "plain_text_input":
        least, most = element.get("min_length"), element.get("max_length")
        return _between(least, most if most and most < _MANY else None, " characters")
    if kind == "number_input":
        return _between(element.get("min_value"), element.get("max_value"), "")
    return ""


def _between(least: object, most: object, unit: str) -> str:
    if least and most:
        return f"{least} to {most}{unit}"
    if least:
        return f"{least}{unit} or more"
    return f"Up to {most}{unit}" if most else ""
