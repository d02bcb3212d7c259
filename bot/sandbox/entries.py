"""What does Slack's client let a person enter, and what does it send for it?"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox import blockkit, filetypes, modals
from bot.sandbox.errors import SlackError
from bot.sandbox.model import Json, View
from bot.sandbox.rules import elements, files

_FILE_BYTES = files.limit("elements.file_input.bytes")
REQUIRED = "Please complete this required field."


def entered(element: Json, value: Json) -> Json:
    """The value as view.state holds it.

    Raises:
        ValueError: Slack's client would not take it.
    """
    if value.get("type") != element["type"]:
        raise ValueError(f"This is a {element['type']}.")
    key = modals.STATEFUL[element["type"]][0]
    given = value.get(key)
    if isinstance(given, str):
        _check_text(element, given)
    if key == "selected_option" and given is not None:
        _check_offered(element, [given])
    if isinstance(given, list):
        _check_many(element, given)
    return {"type": element["type"], key: None if given == "" else given}


def check_files(element: Json, taken: list[tuple[str, bytes]]) -> None:
    """Refuse what a file_input does not take.

    Raises:
        ValueError: Slack's client would not take it; the sentence says why.
    """
    if element["type"] != "file_input":
        raise ValueError(f"This is a {element['type']}.")
    most = element.get("max_files", elements.limit("elements.file_input.max_files"))
    if len(taken) > most:
        raise ValueError(f"Choose at most {most} files.")
    types = [each.lower() for each in element.get("filetypes") or ()]
    if types and not all(
        {filetypes.ending(name), filetypes.word(name)} & {*types} for name, _ in taken
    ):
        raise ValueError(f"Choose files of type {', '.join(types)}.")
    if any(len(content) > _FILE_BYTES for _, content in taken):
        raise ValueError(f"Choose files of at most {_FILE_BYTES // 1_000_000} MB.")


def missing(view: View) -> dict[str, str]:
    """Per block_id a sentence for each required input that is empty or too short."""
    mistakes: dict[str, str] = {}
    for block in modals.every(view.content["blocks"]):
        if block["type"] != "input":
            continue
        block_id, element = block["block_id"], block["element"]
        value = view.state[block_id][element["action_id"]]
        if modals.is_empty(value):
            if not block.get("optional"):
                mistakes[block_id] = REQUIRED
        elif len(str(value.get("value"))) < element.get("min_length", 0):
            mistakes[block_id] = f"Enter at least {element['min_length']} characters."
    return mistakes


def offered(ack: Any) -> list[Json]:
    """The options in the answer to a block_suggestion; none unless all are well made."""
    answer = ack if isinstance(ack, dict) else {}
    key = "option_groups" if answer.get("option_groups") else "options"
    given = answer.get(key) or []
    select = {"type": "static_select", "action_id": "offered", key: given}
    title = {"type": "plain_text", "text": "Options"}
    blocks = [{"type": "actions", "elements": [select]}]
    try:
        blockkit.check_view({"type": "modal", "title": title, "blocks": blocks}, "modal")
    except SlackError:
        return []
    if key == "options":
        return list(given)
    return [option for group in given for option in group["options"]]


def action(block: Json, element: Json, choice: Json | None) -> Json:
    """One member of `actions` in block_actions."""
    kind = element["type"]
    shape = {"type": kind, "block_id": block["block_id"], "action_id": element["action_id"]}
    if kind == "button":
        shape["text"] = element["text"]
        return shape | ({"value": element["value"]} if "value" in element else {})
    return {**shape, **(choice or {})}


def _check_text(element: Json, given: str) -> None:
    longest = element.get("max_length", 3000)
    if element["type"] == "plain_text_input" and len(given) > longest:
        raise ValueError(f"Enter at most {longest} characters.")
    if element["type"] == "number_input" and given:
        _check_number(element, given)
    if element["type"] == "email_text_input" and given and "@" not in given:
        raise ValueError("Enter an email address.")
    if element["type"] == "url_text_input" and given and "://" not in given:
        raise ValueError("Enter a web address.")


def _check_number(element: Json, given: str) -> None:
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise ValueError("Enter a number.") from None
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        raise ValueError("Enter a whole number.")
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and number < Decimal(low):
        raise ValueError(f"Enter {low} or more.")
    if high is not None and number > Decimal(high):
        raise ValueError(f"Enter {high} or less.")


def _check_many(element: Json, given: list[Json]) -> None:
    most = element.get("max_selected_items")
    if most is not None and len(given) > most:
        raise ValueError(f"Choose at most {most}.")
    if element["type"] in ("multi_static_select", "checkboxes"):
        _check_offered(element, given)


def _check_offered(element: Json, given: list[Json]) -> None:
    if element["type"] == "external_select":
        return
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    offered = [option["value"] for group in groups for option in group["options"]]
    if any(option["value"] not in offered for option in given):
        raise ValueError("Choose one of the options.")
