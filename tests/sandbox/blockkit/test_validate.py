"""Does blocks.validate tell what Slack's would?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.blockkit.made import modal, plain, section
from tests.sandbox.foreign import Api, Json

WRONG = {"type": "section", "text": {"type": "invalid", "text": "x"}}
ERROR = {
    "code": "failed_constraint",
    "message": "must be one of: plain_text, mrkdwn",
    "constraint": {"type": "enum", "expected": ["plain_text", "mrkdwn"]},
}


@pytest.mark.rule(
    "blocks.validate.blocks",
    "blocks.validate.message",
    "blocks.validate.view",
    "blocks.validate.errors",
)
@pytest.mark.parametrize(
    ("name", "given", "pointer"),
    [
        ("blocks", [WRONG], "/0/text/type"),
        ("message", {"text": "x", "blocks": [WRONG]}, "/blocks/0/text/type"),
        ("view", modal(blocks=[WRONG]), "/blocks/0/text/type"),
    ],
)
@pytest.mark.parametrize("is_json", [True, False])
async def test_a_mistake_is_told_with_its_pointer_and_what_would_be_right(
    api: Api, name: str, given: Json, pointer: str, is_json: bool
) -> None:
    sent: Any = json.dumps(given) if is_json else given

    answer = await api("blocks.validate", "xoxb-sandbox", **{name: sent})

    assert answer == {
        "ok": False,
        "error": f"invalid_{name}",
        "errors": [{"pointer": pointer, **ERROR}],
    }


@pytest.mark.parametrize(
    "right",
    [
        {"blocks": [section(), {"type": "alert", "text": plain("x")}]},
        {"message": {"blocks": [section()]}},
        {"view": modal()},
        {"view": {"type": "home", "blocks": [section()]}},
    ],
)
async def test_what_is_right_is_simply_ok(api: Api, right: Json) -> None:
    assert await api("blocks.validate", **right) == {"ok": True}


@pytest.mark.parametrize("given", [{}, {"blocks": [], "view": modal()}])
@pytest.mark.rule("blocks.validate.one")
async def test_exactly_one_thing_is_checked(api: Api, given: Json) -> None:
    told = "must provide exactly one of `blocks`, `view`, or `message`"
    assert await api("blocks.validate", **given) == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {"messages": [told]},
    }


async def test_what_is_no_list_is_told_too(api: Api) -> None:
    answer = await api("blocks.validate", message={"text": "x"})
    assert answer["errors"][0]["pointer"] == "/blocks"
    assert (await api("blocks.validate", blocks="{"))["error"] == "invalid_blocks"
