"""Where slack_sdk checks blocks itself, does the sandbox say the same?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block, Option, OptionGroup
from slack_sdk.models.views import View

from bot.sandbox import blockkit
from tests.sandbox.blockkit.made import (
    act,
    ask,
    card,
    confirm,
    container,
    data_table,
    element,
    modal,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    provider,
    section,
    table,
)
from tests.sandbox.foreign import Json

Made = Callable[[int], Json]
URL = "https://a.example/a.png"


@dataclass(frozen=True)
class Case:
    """A block, or a view, with something in it that is `n` long; `most` is what Slack takes."""

    most: int
    block: Made


def pressed(kind: str, element_kind: str) -> Made:
    return lambda n: {
        "type": kind,
        "elements": [element(element_kind, action_id=f"a{each}") for each in range(n)],
    }


def image(**more: object) -> Json:
    return {"type": "image", "alt_text": "x", "image_url": URL, **more}


def video(**more: object) -> Json:
    known = {"alt_text": "x", "title": plain("T"), "thumbnail_url": URL}
    return {"type": "video", "video_url": URL, **known, **more}


def groups(number: int, inside: int, label: str = "L") -> Json:
    each = {"label": plain(label), "options": options(inside)}
    return act("static_select", options=None, option_groups=[each] * number)


def feedback(**more: object) -> Json:
    good = {"text": plain("Good"), "value": "1", **more}
    both = element("feedback_buttons", positive_button=good)
    return {"type": "context_actions", "elements": [both]}


CASES: dict[str, Case] = {
    "block_id": Case(255, lambda n: section(block_id="x" * n)),
    "action_id": Case(255, lambda n: act("button", action_id="x" * n)),
    "section.text": Case(3000, lambda n: section("x" * n)),
    "section.fields": Case(10, lambda n: {"type": "section", "fields": [mrkdwn()] * n}),
    "section.field": Case(2000, lambda n: section(fields=[mrkdwn("x" * n)])),
    "header.text": Case(150, lambda n: {"type": "header", "text": plain("x" * n)}),
    "actions.elements": Case(25, pressed("actions", "button")),
    "context.elements": Case(10, lambda n: {"type": "context", "elements": [mrkdwn()] * n}),
    "context_actions.elements": Case(5, pressed("context_actions", "icon_button")),
    "context.text": Case(3000, lambda n: {"type": "context", "elements": [mrkdwn("x" * n)]}),
    "image.image_url": Case(3000, lambda n: image(image_url="x" * n)),
    "image.alt_text": Case(2000, lambda n: image(alt_text="x" * n)),
    "image.title": Case(2000, lambda n: image(title=plain("x" * n))),
    "input.label": Case(2000, lambda n: {**ask("datepicker"), "label": plain("x" * n)}),
    "input.hint": Case(2000, lambda n: {**ask("datepicker"), "hint": plain("x" * n)}),
    "markdown.text": Case(12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    "video.title": Case(199, lambda n: video(title=plain("x" * n))),
    "video.author_name": Case(49, lambda n: video(author_name="x" * n)),
    "card.title": Case(150, lambda n: card(title=mrkdwn("x" * n))),
    "card.subtitle": Case(150, lambda n: card(subtitle=mrkdwn("x" * n))),
    "card.body": Case(200, lambda n: card(body=mrkdwn("x" * n))),
    "card.actions": Case(2, lambda n: card(actions=[
        element("button", action_id=f"a{each}") for each in range(n)])),
    "carousel.cards": Case(10, lambda n: {"type": "carousel", "elements": [card()] * n}),
    "container.title": Case(150, lambda n: container(section(), title=plain("x" * n))),
    "container.subtitle": Case(150, lambda n: container(section(), subtitle=mrkdwn("x" * n))),
    "container.blocks": Case(10, lambda n: container(*[section()] * n)),
    "table.rows": Case(100, lambda n: table(n)),
    "table.cells": Case(20, lambda n: table(1, n)),
    "auth_provider.value": Case(150, lambda n: provider(value="x" * n)),
    "auth_provider.name": Case(75, lambda n: provider(name=plain("x" * n))),
    "auth_provider.description": Case(150, lambda n: provider(description=plain("x" * n))),
    "auth_provider.auth_url": Case(3000, lambda n: provider(auth_url="x" * n)),
    "auth_provider.connected_identity": Case(
        75, lambda n: provider(connected_identity=plain("x" * n))),
    "button.text": Case(75, lambda n: act("button", text=plain("x" * n))),
    "button.value": Case(2000, lambda n: act("button", value="x" * n)),
    "button.url": Case(3000, lambda n: act("button", url="x" * n)),
    "button.accessibility_label": Case(75, lambda n: act("button", accessibility_label="x" * n)),
    "button.agent_prompt": Case(4000, lambda n: act("button", agent_prompt="x" * n)),
    "feedback.text": Case(75, lambda n: feedback(text=plain("x" * n))),
    "feedback.value": Case(2000, lambda n: feedback(value="x" * n)),
    "option.text": Case(75, lambda n: act("static_select", options=[option(text=plain("x" * n))])),
    "option.value": Case(150, lambda n: act("static_select", options=[option("x" * n)])),
    "option.description": Case(
        75, lambda n: act("static_select", options=[option(description=plain("x" * n))])),
    "option.url": Case(3000, lambda n: act("overflow", options=[option(url="x" * n)])),
    "select.options": Case(100, lambda n: act("static_select", options=options(n))),
    "select.groups": Case(100, lambda n: groups(n, 1)),
    "group.options": Case(100, lambda n: groups(1, n)),
    "group.label": Case(75, lambda n: groups(1, 1, "x" * n)),
    "checkboxes.options": Case(10, lambda n: act("checkboxes", options=options(n))),
    "radio_buttons.options": Case(10, lambda n: act("radio_buttons", options=options(n))),
    "overflow.options": Case(5, lambda n: act("overflow", options=options(n))),
    "placeholder": Case(150, lambda n: act("users_select", placeholder=plain("x" * n))),
    "plain_text_input.max_length": Case(3000, lambda n: ask("plain_text_input", max_length=n)),
    "file_input.max_files": Case(10, lambda n: ask("file_input", max_files=n)),
    "confirm.title": Case(100, lambda n: confirm(title=plain("x" * n))),
    "confirm.text": Case(300, lambda n: confirm(text=mrkdwn("x" * n))),
    "confirm.confirm": Case(30, lambda n: confirm(confirm=plain("x" * n))),
    "confirm.deny": Case(30, lambda n: confirm(deny=plain("x" * n))),
}  # fmt: skip

VIEWS: dict[str, Case] = {
    "view.title": Case(24, lambda n: modal(title=plain("x" * n))),
    "view.submit": Case(24, lambda n: modal(submit=plain("x" * n))),
    "view.close": Case(24, lambda n: modal(close=plain("x" * n))),
    "view.blocks": Case(100, lambda n: modal(blocks=[section()] * n)),
    "view.private_metadata": Case(3000, lambda n: modal(private_metadata="x" * n)),
    "view.callback_id": Case(255, lambda n: modal(callback_id="x" * n)),
    "view.external_id": Case(255, lambda n: modal(external_id="x" * n)),
    "home.blocks": Case(100, lambda n: {"type": "home", "blocks": [section()] * n}),
}


# Where the two differ, and why; each holds for the cases that are named and for no others.
EMPTY = "slack_sdk has no lower bound for these; Slack takes no empty text, list or choice"
UNCHECKED = {
    "section.field": "slack_sdk does not measure the fields of a section",
    "context.text": "slack_sdk does not measure text in a context block",
    "card.actions": "slack_sdk does not count the buttons of a card",
    "table.rows": "slack_sdk only asks a table for one row",
    "table.cells": "slack_sdk does not look into the rows of a table",
    "option.description": "slack_sdk does not measure descriptions",
    "option.url": "slack_sdk does not measure the URL of an overflow option",
    "checkboxes.options": "slack_sdk does not count checkboxes",
    "radio_buttons.options": "slack_sdk does not count radio buttons",
    "plain_text_input.max_length": "slack_sdk does not bound the bounds of an input",
    "file_input.max_files": "slack_sdk does not bound the number of files",
    "view.external_id": "slack_sdk does not measure the external_id of a view",
}
EMPTY_REFUSED_BY_BOTH = {
    "markdown.text", "carousel.cards", "container.blocks", "table.rows", "auth_provider.value",
    "overflow.options", "context_actions.elements", "section.fields",
    "view.title", "view.blocks", "home.blocks",
}  # fmt: skip
EMPTY_TAKEN_BY_BOTH = {"view.private_metadata", "view.callback_id", "view.external_id"}


def differs(name: str, number: int, most: int) -> str | None:
    """Why the sandbox refuses here what slack_sdk takes, None where both must say the same."""
    if number == 0:
        return None if name in EMPTY_REFUSED_BY_BOTH | EMPTY_TAKEN_BY_BOTH else EMPTY
    return UNCHECKED.get(name) if number > most else None


def modelled(part: Any) -> Any:
    """The same with slack_sdk's own options, which it leaves as they are when they are dicts."""
    if isinstance(part, list):
        return [modelled(each) for each in part]
    if not isinstance(part, dict):
        return part
    whole = {name: modelled(value) for name, value in part.items() if value is not None}
    if "options" in whole:
        whole["options"] = Option.parse_all(part["options"])
    if part.get("option_groups"):
        whole["option_groups"] = OptionGroup.parse_all(part["option_groups"])
    return whole


def sdk_takes(block: Json) -> bool:
    model = Block.parse(modelled(block))
    assert model is not None
    return is_formed(model)


def is_formed(model: JsonObject) -> bool:
    try:
        model.to_dict()
    except SlackObjectFormationError:
        return False
    return True


def sandbox_takes(block: Json) -> bool:
    return not list(blockkit.in_list([block], "anywhere", ""))


def near(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2) | st.integers(max(0, most - 2), most + 3) | st.integers(0, most + 50)


@pytest.mark.parametrize("name", sorted(CASES))
@settings(max_examples=25, deadline=None)
@given(choice=st.data())
def test_a_block_that_slack_sdk_refuses_is_refused_and_one_it_takes_is_taken(
    name: str, choice: st.DataObject
) -> None:
    case = CASES[name]
    number = choice.draw(near(case.most))
    block = case.block(number)
    if differs(name, number, case.most):
        assert sdk_takes(block)
        assert not sandbox_takes(block)
    else:
        assert sdk_takes(block) == sandbox_takes(block) == (0 < number <= case.most)


@pytest.mark.parametrize("name", sorted(VIEWS))
@settings(max_examples=25, deadline=None)
@given(choice=st.data())
def test_a_view_that_slack_sdk_refuses_is_refused_and_one_it_takes_is_taken(
    name: str, choice: st.DataObject
) -> None:
    case = VIEWS[name]
    number = choice.draw(near(case.most))
    view = case.block(number)
    is_taken = not list(blockkit.in_view(view, "", "modal", "home"))
    if differs(name, number, case.most):
        assert is_formed(View(**view))
        assert not is_taken
    else:
        assert is_formed(View(**view)) == is_taken


def test_every_difference_is_one_of_a_case_that_is_tried() -> None:
    names = CASES.keys() | VIEWS.keys()
    assert UNCHECKED.keys() | EMPTY_REFUSED_BY_BOTH | EMPTY_TAKEN_BY_BOTH <= names


def test_slack_sdk_has_no_model_for_two_kinds_that_the_sandbox_takes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for block in (data_table(), pie(1)):
        assert Block.parse(block) is None
        assert block["type"] in caplog.text
        assert sandbox_takes(block)
