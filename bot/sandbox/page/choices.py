"""How are the elements drawn in which a person chooses among options?"""

from __future__ import annotations

from typing import Any

from nicegui import ui

from bot.sandbox.model import Json
from bot.sandbox.page.controls import confirmed, markup, put, text_html, words
from bot.sandbox.page.surface import Place

_ID_KEYS = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}


def select(place: Place) -> None:
    """static_select and multi_static_select."""
    kind = place.element["type"]
    options = _offered(place.element)
    is_multi = kind.startswith("multi_")
    key = "selected_options" if is_multi else "selected_option"
    kept = place.value().get(key)
    first = [option["value"] for option in kept or []] if is_multi else (kept or {}).get("value")
    shown = {value: name for value, (name, _) in options.items()}

    async def change(value: Any) -> None:
        if is_multi:
            await place.enter({"type": kind, key: [options[each][1] for each in value or []]})
        else:
            await place.enter({"type": kind, key: options[value][1] if value else None})

    _drop_down(place, shown, first, change)


def pick(place: Place) -> None:
    """Selects of people, conversations and channels."""
    kind = place.element["type"]
    key = _ID_KEYS[kind]
    first = place.value().get(key)
    names = _people(place) if "users" in kind else _channels(place, kind)
    for each in first if isinstance(first, list) else [first]:
        if each:
            names.setdefault(each, each)

    async def change(value: Any) -> None:
        await place.enter({"type": kind, key: value or ([] if kind.startswith("multi_") else None)})

    _drop_down(place, names, first or None, change)


def radio(place: Place) -> None:
    """radio_buttons."""
    options = place.element["options"]
    chosen = (place.value().get("selected_option") or {}).get("value")
    # The arrow keys go on from where the cursor is; Tab, too, would lead to what is chosen.
    first = chosen or options[0]["value"]
    with _group(place, "radiogroup") as group:
        for option in options:
            box = _option(place, option, "radio", chosen == option["value"])
            put(box, name=f"choice-{group.id}")
            put(box, autofocus=place.autofocus and option["value"] == first)
            value = {"type": "radio_buttons", "selected_option": option}
            box.on("change", lambda _, value=value: place.enter(value))


def checkboxes(place: Place) -> None:
    """checkboxes."""
    chosen = {option["value"] for option in place.value().get("selected_options") or []}
    every = place.element["options"]

    async def toggle(value: str) -> None:
        chosen.symmetric_difference_update({value})
        kept = [option for option in every if option["value"] in chosen]
        await place.enter({"type": "checkboxes", "selected_options": kept})

    with _group(place, "group"):
        for index, option in enumerate(every):
            box = _option(place, option, "checkbox", option["value"] in chosen)
            put(box, autofocus=place.autofocus and index == 0)
            box.on("change", lambda _, value=option["value"]: toggle(value))


def _group(place: Place, role: str) -> ui.element:
    return put(ui.element("div"), role=role, aria_label=place.label).classes("options")


def _option(place: Place, option: Json, kind: str, is_chosen: bool) -> ui.element:
    reader = place.surface.reader
    with ui.element("label").classes("option"):
        box = put(ui.element("input"), type=kind, checked=is_chosen)
        with ui.element("span"):
            markup(text_html(option["text"], reader), tag="span")
            if option.get("description"):
                markup(text_html(option["description"], reader)).classes("hint")
    return box


def _drop_down(place: Place, names: dict[str, str], first: Any, change: Any) -> None:
    element = place.element
    is_multi = element["type"].startswith("multi_")
    hint = words(element.get("placeholder")) or "Choose"

    async def changed() -> None:
        put(drawn, placeholder="" if is_multi and drawn.value else hint)
        if await confirmed(element.get("confirm"), place.surface.reader):
            await change(drawn.value)

    # Only with an input does Quasar give the field itself a name; Slack's can be typed into too.
    drawn = ui.select(
        names,
        value=first if is_multi or first in names else None,
        multiple=is_multi,
        with_input=True,
        clearable=bool(place.block.get("optional")),
        on_change=changed,
    )
    drawn.props('outlined dense options-dense behavior="menu" hide-bottom-space').classes("field")
    if is_multi:
        drawn.props("use-chips")
    put(drawn, aria_label=place.label or hint, autofocus=place.autofocus, transition_duration=0)
    put(drawn, placeholder=None if is_multi and first else hint)


def _offered(element: Json) -> dict[str, tuple[str, Json]]:
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    offered: dict[str, tuple[str, Json]] = {}
    for group in groups:
        prefix = f"{words(group['label'])}: " if "label" in group else ""
        for option in group["options"]:
            note = words(option.get("description"))
            name = prefix + words(option["text"]) + (f" ({note})" if note else "")
            offered[option["value"]] = (name, option)
    return offered


def _people(place: Place) -> dict[str, str]:
    people = place.surface.workspace.people.values()
    return {
        person.id: f"{person.real_name} ({person.title})" if person.title else person.real_name
        for person in people
        if not person.is_deleted and not person.is_bot
    }


def _channels(place: Place, kind: str) -> dict[str, str]:
    surface = place.surface
    seen = surface.workspace.channels_seen_by(surface.reader.person_id)
    only = (place.element.get("filter") or {}).get("include") or ["public", "private"]
    return {
        channel.id: f"#{channel.name}"
        for channel in seen
        if not channel.is_im
        and not channel.is_archived
        and (not channel.is_private or ("channels" not in kind and "private" in only))
        and (channel.is_private or "public" in only)
    }
