"""How is each Block Kit element drawn?"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from nicegui import ui

from bot.sandbox import files
from bot.sandbox.model import Json
from bot.sandbox.page import choices, controls, fields, mrkdwn
from bot.sandbox.page.attached import FileInput
from bot.sandbox.page.controls import Click, markup, put, toast, words
from bot.sandbox.page.searched import Searched
from bot.sandbox.page.surface import Place, Surface

# So that a hostile address neither runs a script nor leads out of the allowed kinds of link.
_WEB = ("https://", "http://", "mailto:")


def draw(place: Place) -> None:
    """Draw one element; one that is not known is shown as its words and its type."""
    known = _DRAWN.get(str(place.element.get("type")))
    if known is None:
        unknown(place.element)
    else:
        known(place)


def unknown(thing: Json) -> None:
    """What the page cannot draw: all words in it, its type in small print."""
    with ui.element("div").classes("unknown"):
        markup("<br>".join(escape(line) for line in _texts(thing)))
        markup(escape(str(thing.get("type"))), tag="small")


def button(place: Place) -> None:
    """A button; one with a url opens it too."""
    element = place.element
    style = {"primary": "primary", "danger": "danger"}.get(str(element.get("style")), "")
    url = str(element.get("url", ""))

    async def click() -> None:
        if not await place.agreed():
            return
        if url.startswith(_WEB):
            await _open(place, url)
        await place.press()

    drawn = controls.button(words(element["text"]), click, style)
    put(drawn, aria_label=element.get("accessibility_label"))


async def _open(place: Place, url: str) -> None:
    inside = mrkdwn.place(url, place.surface.reader)
    if inside:
        await place.surface.go(inside)
    else:
        ui.navigate.to(url, new_tab=True)


def overflow(place: Place) -> None:
    """A menu behind three dots."""
    with controls.icon_button("more_horiz", place.label or "More options"):
        controls.menu(
            [(words(option["text"]), _chosen(place, option)) for option in place.element["options"]]
        )


def feedback(place: Place) -> None:
    """Two thumbs; the one that was pressed last looks so."""
    with put(ui.element("div"), role="group", aria_label="Feedback").classes("feedback"):
        drawn: list[ui.element] = []
        for icon, name in (("thumb_up", "positive_button"), ("thumb_down", "negative_button")):
            given = place.element[name]
            told = given.get("accessibility_label") or words(given["text"])
            thumb = controls.icon_button(icon, told)
            thumb.on("click", _judged(place, given, (thumb, drawn)))
            drawn.append(put(thumb, aria_pressed="false"))


def _judged(place: Place, given: Json, thumbs: tuple[ui.element, list[ui.element]]) -> Click:
    mine, every = thumbs

    async def judge() -> None:
        for thumb in every:
            put(thumb, aria_pressed="true" if thumb is mine else "false").update()
        await place.press({"text": given["text"], "value": given["value"]})

    return judge


def icon(place: Place) -> None:
    """A button with a picture, for those it is meant for."""
    element = place.element
    meant_for = element.get("visible_to_user_ids")
    if meant_for and place.surface.reader.person_id not in meant_for:
        return
    name = element.get("accessibility_label") or words(element["text"])

    async def click() -> None:
        if await place.agreed():
            await place.press({"value": element["value"]} if "value" in element else None)

    controls.icon_button("delete", name, click)


def workflow(place: Place) -> None:
    """A button that would start a workflow, of which there are none here."""
    element = place.element
    style = {"primary": "primary", "danger": "danger"}.get(str(element.get("style")), "")
    text = words(element["text"])
    drawn = controls.button(text, lambda: toast("There are no workflows here."), style)
    put(drawn, aria_label=element.get("accessibility_label"))


def image(place: Place) -> None:
    """A picture; it is named, and loaded only from this workspace."""
    picture(place.element, place.surface)


def picture(thing: Json, surface: Surface) -> None:
    """A picture of this machine, else its description and where it lies."""
    url = _address(thing, surface)
    description = str(thing.get("alt_text", ""))
    if url.startswith(("data:image/", f"{surface.reader.base_url}/", "/shown/")):
        put(ui.element("img"), src=url, alt=description, loading="lazy").classes("picture")
        return
    with ui.element("div").classes("unknown"):
        markup(escape(f"Image: {description}"))
        markup(escape(url), tag="small")


def _address(thing: Json, surface: Surface) -> str:
    given = thing.get("slack_file")
    if not given:
        return str(thing.get("image_url", ""))
    found = files.named(surface.workspace, given)
    shown = surface.file_address(found.id) if found is not None else ""
    return shown or str(given.get("url") or given.get("id"))


def _chosen(place: Place, option: Json) -> Click:
    async def choose() -> None:
        if await place.agreed():
            if str(option.get("url", "")).startswith(_WEB):
                await _open(place, option["url"])
            await place.press({"selected_option": option})

    return choose


def _texts(thing: object) -> list[str]:
    if isinstance(thing, list):
        return [text for part in thing for text in _texts(part)]
    if not isinstance(thing, dict):
        return []
    named = [str(thing[key]) for key in ("title", "text", "alt_text") if _is_text(thing.get(key))]
    parts = [part for part in thing.values() if isinstance(part, (dict, list))]
    return named + _texts(parts)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


_DRAWN: dict[str, Callable[[Place], object]] = {
    "button": button,
    "overflow": overflow,
    "feedback_buttons": feedback,
    "icon_button": icon,
    "workflow_button": workflow,
    "rich_text_input": fields.written,
    "file_input": FileInput,
    "image": image,
    "static_select": choices.select,
    "multi_static_select": choices.select,
    "radio_buttons": choices.radio,
    "checkboxes": choices.checkboxes,
    "external_select": Searched,
    "multi_external_select": Searched,
    **dict.fromkeys(
        ("plain_text_input", "email_text_input", "url_text_input", "number_input"), fields.typed
    ),
    **dict.fromkeys(("datepicker", "timepicker", "datetimepicker"), fields.moment),
    **dict.fromkeys(
        (
            "users_select", "conversations_select", "channels_select", "multi_users_select",
            "multi_conversations_select", "multi_channels_select",
        ),
        choices.pick,
    ),
}  # fmt: skip
