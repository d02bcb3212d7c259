"""Would Slack take these blocks, or this view?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox import limits
from bot.sandbox.errors import SlackError, invalid_arguments, invalid_blocks
from bot.sandbox.kinds import Typed, at
from bot.sandbox.model import Json

_ON = {
    surface: Typed({name: shape for name, shape in limits.BLOCKS.items() if name not in missing})
    for surface, missing in limits.NOT_ON.items()
}
_LISTED = ("static_select", "multi_static_select")


def check_message(blocks: Any) -> list[Json]:
    """The blocks, if Slack would post them.

    Raises:
        SlackError: invalid_blocks_format, invalid_blocks, msg_blocks_too_long.
    """
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    mistakes = list(_blocks(blocks, "message", "/blocks"))
    if len(blocks) > limits.BLOCKS_IN_MESSAGE:
        mistakes.insert(0, at(f"no more than {limits.BLOCKS_IN_MESSAGE} items allowed", "/blocks"))
    if mistakes:
        raise invalid_blocks(mistakes)
    if sum(_characters(block) for block in blocks) > limits.CHARACTERS_IN_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return blocks


def check_view(view: Any, *types: str) -> Json:
    """The view, if Slack would show it as one of these types ("modal", "home").

    Raises:
        SlackError: invalid_arguments with the mistakes, view_too_large.
    """
    mistakes = list(_view(view, types))
    if mistakes:
        raise invalid_arguments(*mistakes)
    if len(json.dumps(view).encode()) > limits.VIEW_BYTES:
        raise SlackError("view_too_large")
    checked: Json = view
    return checked


def _view(view: Any, types: tuple[str, ...]) -> Iterator[str]:
    if isinstance(view, dict) and view.get("type") not in types:
        yield at(f"unsupported type: {view.get('type')}", "/view/type")
        return
    yield from Typed(limits.VIEW).mistakes(view, "/view")
    blocks = view.get("blocks") if isinstance(view, dict) else None
    if not isinstance(blocks, list):
        return
    yield from _blocks(blocks, view["type"], "/view/blocks")
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if view["type"] == "modal" and has_input and not view.get("submit"):
        yield at("missing required field: submit", "/view")


def _blocks(blocks: list[Any], surface: str, pointer: str) -> Iterator[str]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        mistakes = list(_ON[surface].mistakes(block, here))
        if mistakes:
            yield from mistakes
            continue
        yield from _between_fields(block, here)
        block_id = block.get("block_id")
        if block_id is None:
            continue
        if block_id in seen:
            yield at(f'`block_id` "{block_id}" already exists', f"{here}/block_id")
        seen.add(block_id)


def _between_fields(block: Json, pointer: str) -> Iterator[str]:
    """What one field alone cannot tell."""
    if block.get("type") == "section" and not (block.get("text") or block.get("fields")):
        yield at("must define either `text` or `fields`", pointer)
    if block.get("type") == "image":
        yield from _image(block, pointer)
    seen: set[str] = set()
    for where, element in _elements(block, pointer):
        yield from _element(element, where)
        action_id = element.get("action_id")
        if action_id is None:
            continue
        if action_id in seen:
            yield at(f'`action_id` "{action_id}" already exists', f"{where}/action_id")
        seen.add(action_id)


def _elements(block: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    for name in ("element", "accessory"):
        if block.get(name):
            yield f"{pointer}/{name}", block[name]
    if block["type"] in ("actions", "context"):
        for index, element in enumerate(block["elements"]):
            yield f"{pointer}/elements/{index}", element


def _element(element: Json, pointer: str) -> Iterator[str]:
    kind = element["type"]
    if kind == "image":
        yield from _image(element, pointer)
    elif kind in _LISTED and not bool(element.get("options")) ^ bool(element.get("option_groups")):
        yield at("must define either `options` or `option_groups`", pointer)
    elif kind == "plain_text_input":
        low, high = element.get("min_length"), element.get("max_length")
        if low is not None and high is not None and low > high:
            yield at("min_length must not be more than max_length", pointer)
    if kind in (*_LISTED, "radio_buttons", "checkboxes"):
        yield from _first_choice(element, pointer)


def _first_choice(element: Json, pointer: str) -> Iterator[str]:
    groups = [element, *(element.get("option_groups") or ())]
    offered = [option["value"] for group in groups for option in group.get("options") or ()]
    for name in ("initial_option", "initial_options"):
        first = element.get(name) or []
        chosen = [first] if isinstance(first, dict) else first
        if any(option["value"] not in offered for option in chosen):
            yield at("must match one of the provided options", f"{pointer}/{name}")


def _image(image: Json, pointer: str) -> Iterator[str]:
    if not bool(image.get("image_url")) ^ bool(image.get("slack_file")):
        yield at("must define either `image_url` or `slack_file`", pointer)


def _characters(part: Any) -> int:
    if isinstance(part, str):
        return len(part)
    if isinstance(part, list):
        return sum(_characters(each) for each in part)
    if isinstance(part, dict):
        return sum(_characters(value) for name, value in part.items() if name in _COUNTED)
    return 0


_COUNTED = frozenset({
    "text", "fields", "elements", "accessory", "label", "hint", "element", "title", "rows",
    "placeholder", "options", "description",
})  # fmt: skip
