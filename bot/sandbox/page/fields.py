"""How are the inputs that take typed text, a date or a time drawn?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page.controls import put, words
from bot.sandbox.page.surface import Place

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

    async def change() -> None:
        await place.enter({"type": element["type"], "value": field.value or None})

    field.on_value_change(change)
    if place.block.get("dispatch_action") and not element.get("multiline"):
        field.on("keydown.enter", lambda _: place.press({"value": field.value or None}))


def moment(place: Place) -> None:
    """datepicker, timepicker and datetimepicker."""
    element = place.element
    kind = element["type"]
    field = ui.input(value=_shown(place.value().get(_KEYS[kind]), place))
    field.props["type"] = _NATIVE[kind]
    _dress(field, place)

    async def change() -> None:
        await place.enter({"type": kind, _KEYS[kind]: _meant(field.value, place)})

    field.on_value_change(change)


def _dress(field: ui.element, place: Place) -> None:
    field.props("outlined dense hide-bottom-space").classes("field")
    put(field, aria_label=place.label, autofocus=place.autofocus)
    if place.block["type"] == "input" and not place.block.get("optional"):
        put(field, aria_required="true")


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


def zone_note(element: Json, zone: str) -> str:
    """Which zone a time is meant in; empty for elements without one."""
    return f"Time zone: {zone.replace('_', ' ')}" if element["type"] == "datetimepicker" else ""
