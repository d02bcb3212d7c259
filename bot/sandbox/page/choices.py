"""How are the elements drawn in which a person chooses among options?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nicegui import ui

from bot.sandbox.model import Channel, Json
from bot.sandbox.page.controls import markup, plain_list, put, text_html, words
from bot.sandbox.page.surface import Agreement, Place

_EVERY_KIND = ["public", "private", "im", "mpim"]
_ID_KEYS = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}


@dataclass(frozen=True)
class Line:
    """What a list shows of an option: `head` is the group's name above its first option."""

    name: str
    note: str = ""
    group: str = ""
    head: str = ""
    option: Json = field(default_factory=dict)


def select(place: Place) -> None:
    """static_select and multi_static_select."""
    kind = place.element["type"]
    options = _offered(place.element)
    is_multi = kind.startswith("multi_")
    key = "selected_options" if is_multi else "selected_option"
    kept = place.value().get(key)
    first = [option["value"] for option in kept or []] if is_multi else (kept or {}).get("value")

    async def change(value: Any) -> None:
        if is_multi:
            await place.enter({"type": kind, key: [options[each].option for each in value or []]})
        else:
            await place.enter({"type": kind, key: options[value].option if value else None})

    _drop_down(place, options, first, change)


def pick(place: Place) -> None:
    """Selects of people, conversations and channels."""
    kind = place.element["type"]
    key = _ID_KEYS[kind]
    first = place.value().get(key)
    names = _people(place) if "users" in kind else _channels(place, kind)
    for each in first if isinstance(first, list) else [first]:
        if each:
            names.setdefault(each, Line(each))

    async def change(value: Any) -> None:
        await place.enter({"type": kind, key: value or ([] if kind.startswith("multi_") else None)})

    _drop_down(place, names, first or None, change)


def radio(place: Place) -> None:
    """radio_buttons."""
    options = place.element["options"]
    before = [(place.value().get("selected_option") or {}).get("value")]

    async def change(option: Json) -> None:
        if not await place.agreed():
            show()
            return
        before[0] = option["value"]
        await place.enter({"type": "radio_buttons", "selected_option": option})

    def show() -> None:
        # The arrow keys go on from where the cursor is; Tab, too, would lead to what is chosen.
        first = before[0] or options[0]["value"]
        group.clear()
        with group:
            for option in options:
                box = _option(place, option, "radio", before[0] == option["value"])
                put(box, name=f"choice-{group.id}")
                put(box, autofocus=place.autofocus and option["value"] == first)
                box.on("change", lambda _, option=option: change(option))

    group = _group(place, "radiogroup")
    show()


def checkboxes(place: Place) -> None:
    """checkboxes."""
    chosen = {option["value"] for option in place.value().get("selected_options") or []}
    every = place.element["options"]

    async def toggle(value: str) -> None:
        if not await place.agreed():
            show()
            return
        chosen.symmetric_difference_update({value})
        kept = [option for option in every if option["value"] in chosen]
        await place.enter({"type": "checkboxes", "selected_options": kept})

    def show() -> None:
        group.clear()
        with group:
            for index, option in enumerate(every):
                box = _option(place, option, "checkbox", option["value"] in chosen)
                put(box, autofocus=place.autofocus and index == 0)
                box.on("change", lambda _, value=option["value"]: toggle(value))

    group = _group(place, "group")
    show()


def _group(place: Place, role: str) -> ui.element:
    name = place.label or {"group": "Choices", "radiogroup": "Choice"}[role]
    drawn = put(ui.element("div"), role=role, aria_label=name).classes("options")
    put(drawn, aria_required="true" if place.is_required and role == "radiogroup" else None)
    return put(drawn, aria_describedby=place.told_by or None)


def _option(place: Place, option: Json, kind: str, is_chosen: bool) -> ui.element:
    reader = place.surface.reader
    with ui.element("label").classes("option"):
        box = put(ui.element("input"), type=kind, checked=is_chosen)
        with ui.element("span"):
            markup(text_html(option["text"], reader), tag="span")
            if option.get("description"):
                markup(text_html(option["description"], reader)).classes("hint")
    return box


class _DropDown(ui.select):
    """A select whose options have a second line, and a heading above the first of each group."""

    lines: dict[str, Line]

    def _update_options(self) -> None:
        super()._update_options()
        for option, value in zip(self._props["options"], self._values, strict=True):
            line = getattr(self, "lines", {}).get(value)
            if line is not None:
                option.update(note=line.note, group=line.group, head=line.head)


_OPTION = """
  <div v-if="props.opt.head" class="group-head" aria-hidden="true">{{ props.opt.head }}</div>
  <q-item v-bind="props.itemProps" :title="props.opt.group">
    <q-item-section>
      <q-item-label>{{ props.opt.label }}</q-item-label>
      <q-item-label caption v-if="props.opt.note">{{ props.opt.note }}</q-item-label>
    </q-item-section>
  </q-item>
"""


def _drop_down(place: Place, lines: dict[str, Line], first: Any, change: Any) -> None:
    element = place.element
    is_multi = element["type"].startswith("multi_")
    hint = words(element.get("placeholder")) or "Choose"
    agreement = Agreement(place, first)

    async def changed() -> None:
        put(drawn, placeholder="" if is_multi and drawn.value else hint)
        if await agreement.covers(drawn):
            await change(drawn.value)

    # Only with an input does Quasar give the field itself a name; Slack's can be typed into too.
    drawn = _DropDown(
        {value: line.name for value, line in lines.items()},
        value=first if is_multi or first in lines else None,
        multiple=is_multi,
        with_input=True,
        clearable=bool(place.block.get("optional")),
        on_change=changed,
    )
    plain_list(drawn)
    drawn.lines = lines
    drawn.update()
    drawn.add_slot("option", _OPTION)
    drawn.props('outlined dense options-dense behavior="menu" hide-bottom-space').classes("field")
    if is_multi:
        drawn.props("use-chips")
    put(drawn, aria_label=place.label or hint, autofocus=place.autofocus, transition_duration=0)
    put(drawn, placeholder=None if is_multi and first else hint)
    put(drawn, aria_describedby=place.told_by or None, max_values=element.get("max_selected_items"))
    put(drawn, aria_required="true" if place.is_required else None)


def _offered(element: Json) -> dict[str, Line]:
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    offered: dict[str, Line] = {}
    for group in groups:
        label = words(group.get("label"))
        for number, option in enumerate(group["options"]):
            note, head = words(option.get("description")), "" if number else label
            offered[option["value"]] = Line(words(option["text"]), note, label, head, option)
    return offered


def _people(place: Place) -> dict[str, Line]:
    people = place.surface.workspace.people.values()
    return {
        person.id: Line(person.real_name, person.title)
        for person in people
        if not person.is_deleted and not person.is_bot
    }


def _channels(place: Place, kind: str) -> dict[str, Line]:
    surface = place.surface
    seen = surface.workspace.channels_seen_by(surface.reader.person_id)
    only = (place.element.get("filter") or {}).get("include") or _EVERY_KIND
    only = ["public"] if "channels" in kind else only
    return {
        channel.id: Line(_named(channel, place))
        for channel in seen
        if _kind(channel) in only and not channel.is_archived
    }


def _kind(channel: Channel) -> str:
    if channel.is_direct:
        return "im" if channel.is_im else "mpim"
    return "private" if channel.is_private else "public"


def _named(channel: Channel, place: Place) -> str:
    if not channel.is_direct:
        return f"#{channel.name}"
    reader = place.surface.reader
    others = [each for each in channel.members if each != reader.person_id]
    return ", ".join(reader.people.get(each, each) for each in others)
