"""Would Slack take these blocks, or this view?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.sandbox.chosen import Chosen
from bot.sandbox.errors import SlackError, invalid_arguments, invalid_blocks
from bot.sandbox.kinds import Mistake, Mistakes, at, unmatched
from bot.sandbox.kit.blocks import ON
from bot.sandbox.kit.views import VIEW
from bot.sandbox.model import Json
from bot.sandbox.rules.blockkit import limit

_COUNT = limit("blocks.message.count")
_MARKDOWN = limit("blocks.markdown.sum")
_CHARTS = limit("blocks.data_visualization.count")
_TABLES = ("table", "data_table")
_CHART = "data_visualization"
# slackapi/bolt-js issue 2509: a divider more is worth 125 characters less.
_BLOCK_WEIGHT = 125
_WORDS = 12_000  # the same: "12,000 text characters with a buffer for block containers"


def check_message(blocks: Any) -> list[Json]:
    """The blocks, if Slack would show them in a message.

    Raises:
        SlackError: invalid_blocks_format, invalid_blocks, invalid_attachments.
    """
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    mistakes = list(in_message(blocks, "/blocks"))
    if mistakes:
        raise invalid_blocks([mistake.told for mistake in mistakes])
    if sum(block.get("type") in _TABLES for _, block in _nested(blocks, "")) > 1:
        raise invalid_blocks(["only_one_table_allowed"], "invalid_attachments")
    return blocks


def check_attachments(given: list[Any]) -> list[Json]:
    """The attachments, if Slack would show the blocks in them.

    Raises:
        SlackError: invalid_attachments.
    """
    mistakes = [
        mistake
        for index, each in enumerate(given)
        for mistake in _in_attachment(each, f"/attachments/{index}")
    ]
    if mistakes:
        raise invalid_blocks([mistake.told for mistake in mistakes], "invalid_attachments")
    return given


def check_sum(blocks: list[Json], chosen: Chosen) -> None:
    """Refuse blocks that hold more than chat.postMessage takes, which is only measured.

    Raises:
        SlackError: msg_blocks_too_long.
    """
    most = chosen.message_block_chars
    if most is None:
        return
    words = sum(_characters(block) for block in blocks)
    if words > _WORDS or words + _BLOCK_WEIGHT * len(blocks) > most:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, *types: str) -> Json:
    """The view, if Slack would show it as one of these types ("modal", "home").

    Raises:
        SlackError: invalid_arguments with the mistakes, view_too_large.
    """
    mistakes = list(in_view(view, "/view", *types))
    if mistakes:
        raise invalid_arguments(*(each.told for each in (unmatched("/view"), *mistakes)))
    if len(json.dumps(view).encode()) > limit("views.bytes"):
        raise SlackError("view_too_large")
    checked: Json = view
    return checked


def check_home(view: Json) -> None:
    """Refuse charts in App Home, of which Slack's sources say both.

    Raises:
        SlackError: invalid_arguments.
    """
    placed = _nested(view["blocks"], "/view/blocks") if view["type"] == "home" else ()
    for pointer, block in placed:
        if _is(block, _CHART):
            told = at(f"unsupported type: {_CHART}", f"{pointer}/type")
            raise invalid_arguments(unmatched("/view").told, told)


def in_message(blocks: list[Any], pointer: str) -> Mistakes:
    """Everything wrong with the blocks of a message, whose list stands at `pointer`."""
    if len(blocks) > _COUNT:
        yield Mistake(f"no more than {_COUNT} items allowed", pointer, ("max_items", _COUNT))
    yield from in_list(blocks, "message", pointer)
    charts = [place for place, block in _nested(blocks, pointer) if _is(block, _CHART)]
    for place in charts[_CHARTS:]:
        told = f"no more than {_CHARTS} data_visualization blocks allowed"
        yield Mistake(told, place, ("max_items", _CHARTS))
    plans = [place for place, block in _nested(blocks, pointer) if _is(block, "plan")]
    for place in plans[1:]:
        yield Mistake("Cannot have more than 1 plan block", place, ("max_items", 1))
    yield from _markdown(blocks, pointer)


def in_list(blocks: list[Any], surface: str, pointer: str) -> Mistakes:
    """Everything wrong with blocks on a surface: "message", "modal", "home" or "anywhere"."""
    right: list[Json] = []
    for index, block in enumerate(blocks):
        found = list(ON[surface].mistakes(block, f"{pointer}/{index}"))
        yield from found
        right.append({} if found else block)
    whole = list(_nested(right, pointer))
    yield from _repeated(whole, "block_id")
    for place, block in whole:
        yield from _repeated(list(_elements(block, place)), "action_id")
    yield from _focused(whole)
    yield from _responding(whole, can_respond=surface in ("modal", "anywhere"))


def in_view(view: Any, pointer: str, *types: str) -> Mistakes:
    """Everything wrong with a view that is to be of one of these types."""
    if isinstance(view, dict) and view.get("type") not in types:
        told = f"unsupported type: {view.get('type')}"
        yield Mistake(told, f"{pointer}/type", ("enum", list(types)))
        return
    yield from VIEW.mistakes(view, pointer)
    blocks = view.get("blocks") if isinstance(view, dict) else None
    if not isinstance(blocks, list):
        return
    yield from in_list(blocks, view["type"], f"{pointer}/blocks")
    has_input = any(_is(block, "input") for _, block in _nested(blocks, ""))
    if view["type"] == "modal" and has_input and not view.get("submit"):
        yield Mistake("missing required field: submit", pointer, ("required", "submit"))


def _in_attachment(given: Any, pointer: str) -> Mistakes:
    if not isinstance(given, dict):
        yield Mistake("must provide an object", pointer, ("type", "object"))
        return
    blocks = given.get("blocks")
    if isinstance(blocks, list):
        yield from in_message(blocks, f"{pointer}/blocks")
    elif blocks is not None:
        yield Mistake("must provide an array", f"{pointer}/blocks", ("type", "array"))


def _is(block: Any, kind: str) -> bool:
    return isinstance(block, dict) and block.get("type") == kind


def _markdown(blocks: list[Any], pointer: str) -> Mistakes:
    words = 0
    for index, block in enumerate(blocks):
        if not _is(block, "markdown") or not isinstance(block.get("text"), str):
            continue
        before, words = words, words + len(block["text"])
        if before <= _MARKDOWN < words and before:
            told = f"must be less than {_MARKDOWN + 1} characters in all markdown blocks"
            yield Mistake(told, f"{pointer}/{index}/text", ("max_length", _MARKDOWN))


def _focused(placed: list[tuple[str, Json]]) -> Mistakes:
    elements = [each for place, block in placed for each in _elements(block, place)]
    for place, _ in [each for each in elements if each[1].get("focus_on_load")][1:]:
        told = "only one element can have focus_on_load"
        yield Mistake(told, f"{place}/focus_on_load", ("max_items", 1))


def _responding(placed: list[tuple[str, Json]], *, can_respond: bool) -> Mistakes:
    for place, block in placed:
        if can_respond and _is(block, "input"):
            continue
        for pointer, element in _elements(block, place):
            if element.get("response_url_enabled"):
                told = "response_url_enabled is only supported in input blocks of modals"
                yield Mistake(told, f"{pointer}/response_url_enabled", ("enum", [False]))


def _repeated(placed: list[tuple[str, Json]], name: str) -> Mistakes:
    seen: set[str] = set()
    for pointer, part in placed:
        given = part.get(name)
        if given is None:
            continue
        if given in seen:
            yield Mistake(
                f'`{name}` "{given}" already exists', f"{pointer}/{name}", ("unique", True)
            )
        seen.add(given)


def _nested(blocks: list[Any], pointer: str) -> Iterator[tuple[str, Json]]:
    """Every block with its pointer, those in containers, carousels and plans too."""
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        here = f"{pointer}/{index}"
        yield here, block
        name = _INSIDE.get(block.get("type", ""))
        inside = block.get(name) if name else None
        if name and isinstance(inside, list):
            yield from _nested(inside, f"{here}/{name}")


_INSIDE = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}


def _elements(block: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    for name in ("element", "accessory"):
        if block.get(name):
            yield f"{pointer}/{name}", block[name]
    name = _LISTS.get(block.get("type", ""), "")
    for index, element in enumerate(block.get(name) or ()):
        yield f"{pointer}/{name}/{index}", element


_LISTS = {"actions": "elements", "context_actions": "elements", "card": "actions"}


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
    "placeholder", "options", "description", "subtitle", "body", "child_blocks", "tasks",
    "caption", "actions",
})  # fmt: skip
