"""Are attachments refused and kept as Slack does?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.blockkit.made import section
from tests.sandbox.foreign import Api, Json, made

WRONG_ATTACHMENTS = [
    ("x", "must provide an object [json-pointer:/attachments/1]"),
    ({"blocks": "x"}, "must provide an array [json-pointer:/attachments/1/blocks]"),
    (
        {"blocks": [{"type": "magic"}]},
        "unsupported type: magic [json-pointer:/attachments/1/blocks/0/type]",
    ),
    (
        {"blocks": [{"type": "divider"}] * 51},
        "no more than 50 items allowed [json-pointer:/attachments/1/blocks]",
    ),
    (
        {"blocks": [{"type": "image", "alt_text": "x", "slack_file": {"id": "F404"}}]},
        "invalid slack file [json-pointer:/attachments/1/blocks/0/slack_file/id]",
    ),
]


@pytest.mark.rule("text.attachments.blocks")
@pytest.mark.parametrize(("attachment", "sentence"), WRONG_ATTACHMENTS)
async def test_blocks_in_attachments_are_refused_as_others_are(
    api: Api, attachment: Any, sentence: str
) -> None:
    room = await made(api)
    right = {"blocks": [section()]}
    note = {"user": "U0HELPER"}
    for method, more in (("chat.postMessage", {}), ("chat.postEphemeral", note)):
        given: Json = {"channel": room, "text": "x", "attachments": [right, attachment], **more}
        assert await api(method, **given) == {
            "ok": False,
            "error": "invalid_attachments",
            "errors": [sentence],
            "response_metadata": {"messages": [f"[ERROR] {sentence}"]},
        }


async def test_attachments_are_kept_with_a_number_and_ids_for_their_blocks(api: Api) -> None:
    room = await made(api)
    attachments = [{"text": "first"}, {"blocks": [section("a&b")], "color": "#123456"}]
    answer = await api.ok("chat.postMessage", channel=room, text="x", attachments=attachments)
    first, second = answer["message"]["attachments"]
    assert first == {"id": 1, "fallback": "first", "text": "first"}
    assert (second["id"], second["fallback"]) == (2, "[no preview available]")
    assert second["color"] == "#123456"
    assert second["blocks"][0]["block_id"]
    assert second["blocks"][0]["text"]["text"] == "a&amp;b"
