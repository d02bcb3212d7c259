"""Are blocks and views refused with Slack's words and pointers?"""

from __future__ import annotations

import pytest

from bot.sandbox import blockkit
from bot.sandbox.errors import SlackError
from tests.sandbox.foreign import Json, button, modal, plain


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def select(**more: object) -> Json:
    option = {"text": plain("A"), "value": "a"}
    return {"type": "static_select", "action_id": "s", "options": [option], **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


MISTAKES: list[tuple[Json, str]] = [
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    (
        {"type": "section", "fields": [mrkdwn("x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        {"type": "section", "fields": [mrkdwn("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        {"type": "header", "text": mrkdwn("x")},
        "must be one of: plain_text [json-pointer:/blocks/0/text/type]",
    ),
    ({"type": "magic"}, "unsupported type: magic [json-pointer:/blocks/0/type]"),
    (
        {"type": "alert", "text": mrkdwn("x")},
        "unsupported type: alert [json-pointer:/blocks/0/type]",
    ),
    (
        {"type": "divider", "text": "x"},
        "invalid additional property: text [json-pointer:/blocks/0]",
    ),
    (
        {"type": "context", "elements": [mrkdwn("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (actions(), "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (
        actions(*[{**button()["elements"][0], "action_id": f"a{n}"} for n in range(26)]),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        actions({"type": "button", "text": plain("x" * 76)}),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        actions({"type": "button", "text": plain("x"), "style": "green"}),
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        actions({"type": "button"}),
        "missing required field: text [json-pointer:/blocks/0/elements/0]",
    ),
    (
        actions(*button()["elements"], *button()["elements"]),
        '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    (
        actions(select(options=[{"text": plain("A"), "value": "a"}] * 101)),
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions(select(options=[{"text": plain("x" * 76), "value": "a"}])),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        actions(select(options=[{"text": plain("A"), "value": "x" * 151}])),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        actions(select(initial_option={"text": plain("B"), "value": "b"})),
        "must match one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        {"type": "image", "alt_text": "x"},
        "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]",
    ),
]


@pytest.mark.parametrize(("block", "sentence"), MISTAKES, ids=[row[1] for row in MISTAKES])
def test_a_wrong_block_is_refused_in_slacks_words(block: Json, sentence: str) -> None:
    with pytest.raises(SlackError) as refused:
        blockkit.check_message([block])

    assert refused.value.answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [sentence],
        "response_metadata": {"messages": [f"[ERROR] {sentence}"]},
    }


def test_two_blocks_cannot_share_an_id() -> None:
    with pytest.raises(SlackError) as refused:
        blockkit.check_message([section(block_id="a"), section(block_id="a")])
    assert refused.value.answer["errors"] == [
        '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]'
    ]


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        (
            modal(title=plain("x" * 25)),
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        (modal(submit=None), "missing required field: submit [json-pointer:/view]"),
        (
            modal(blocks=[section()] * 101),
            "no more than 100 items allowed [json-pointer:/view/blocks]",
        ),
        (
            modal(private_metadata="x" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (
            modal(blocks=[{"type": "markdown", "text": "x"}]),
            "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
        ),
        (
            {"type": "modal", "blocks": [section()]},
            "missing required field: title [json-pointer:/view]",
        ),
        ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
    ],
)
def test_a_wrong_modal_is_refused_in_slacks_words(view: Json, sentence: str) -> None:
    with pytest.raises(SlackError) as refused:
        blockkit.check_view(view, "modal")
    assert refused.value.code == "invalid_arguments"
    assert refused.value.answer["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/view]",
        f"[ERROR] {sentence}",
    ]


def test_blocks_at_the_very_limits_pass() -> None:
    blocks = [section("x" * 3000), {"type": "header", "text": plain("x" * 150)}]
    assert blockkit.check_message(blocks) == blocks
    assert blockkit.check_message([actions(select(action_id="s" * 255))])
    assert blockkit.check_view(modal(title=plain("x" * 24)), "modal")
