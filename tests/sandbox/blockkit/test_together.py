"""Do the rules hold that look at a whole message or view?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.chosen import Chosen
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.blockkit.made import (
    UNMATCHED_VIEW,
    act,
    ask,
    card,
    container,
    data_table,
    element,
    modal,
    mrkdwn,
    open_view,
    pie,
    plain,
    post,
    refusal,
    rich,
    section,
    table,
)
from tests.sandbox.foreign import Api, Json, made

EXAMPLES: dict[str, Json] = {
    "actions": act("button"),
    "alert": {"type": "alert", "text": mrkdwn()},
    "call": {"type": "call", "call_id": "R1"},
    "card": card(),
    "carousel": {"type": "carousel", "elements": [card()]},
    "container": container(section()),
    "context": {"type": "context", "elements": [mrkdwn()]},
    "context_actions": {"type": "context_actions", "elements": [element("icon_button")]},
    "data_table": data_table(),
    "data_visualization": pie(1),
    "divider": {"type": "divider"},
    "file": {"type": "file", "external_id": "x", "source": "remote"},
    "header": {"type": "header", "text": plain("x")},
    "image": element("image"),
    "input": ask("datepicker"),
    "markdown": {"type": "markdown", "text": "x"},
    "plan": {"type": "plan", "title": "P"},
    "rich_text": rich(),
    "section": section(),
    "table": table(),
    "task_card": {"type": "task_card", "task_id": "t", "title": "T"},
}
NOT_IN_MESSAGES = {"alert", "file"}
NOT_IN_MODALS = {
    "card", "carousel", "context_actions", "data_visualization", "file", "markdown", "plan",
    "table", "task_card",
}  # fmt: skip
NOT_IN_HOME = {
    "alert", "context_actions", "data_visualization", "file", "markdown", "plan", "table",
    "task_card",
}  # fmt: skip


def unsupported(name: str, pointer: str) -> str:
    return f"unsupported type: {name} [json-pointer:{pointer}/0/type]"


@pytest.mark.parametrize("name", sorted(EXAMPLES))
@pytest.mark.rule("blocks.on.message", "blocks.on.modal", "blocks.on.home")
async def test_each_block_stands_where_slack_shows_it(
    api: Api, sandbox: Sandbox, name: str
) -> None:
    block = EXAMPLES[name]
    home = {"type": "home", "blocks": [block]}

    in_message = await post(api, block)
    in_modal = await open_view(api, sandbox, modal(blocks=[block]))
    in_home = await api("views.publish", user_id="U0ONCALL", view=home)

    told = {"message": unsupported(name, "/blocks"), "view": unsupported(name, "/view/blocks")}
    expected = refusal(told["message"]) if name in NOT_IN_MESSAGES else None
    assert (None if in_message["ok"] else in_message) == expected
    for answer, missing in ((in_modal, NOT_IN_MODALS), (in_home, NOT_IN_HOME)):
        assert answer["ok"] == (name not in missing)
        if not answer["ok"]:
            assert answer["response_metadata"]["messages"] == [
                UNMATCHED_VIEW,
                f"[ERROR] {told['view']}",
            ]


@pytest.mark.rule("blocks.on.home.data_visualization")
async def test_a_chart_in_app_home_which_is_disputed_can_be_allowed(
    api: Api, sandbox: Sandbox
) -> None:
    home = {"type": "home", "blocks": [pie(1)]}
    assert await api.error("views.publish", user_id="U0ONCALL", view=home) == "invalid_arguments"
    sandbox.workspace.chosen = replace(sandbox.workspace.chosen, home_charts=None)
    assert (await api("views.publish", user_id="U0ONCALL", view=home))["ok"]


@pytest.mark.rule("blocks.on.file_input", "blocks.input.file_dispatch")
async def test_files_are_asked_for_in_modals_only_and_tell_nothing_before_they_are_sent(
    api: Api, sandbox: Sandbox
) -> None:
    block = ask("file_input")
    told = "unsupported type: file_input [json-pointer:/blocks/0/element/type]"
    assert await post(api, block) == refusal(told)
    assert (await open_view(api, sandbox, modal(blocks=[block])))["ok"]
    refused = await open_view(api, sandbox, modal(blocks=[{**block, "dispatch_action": True}]))
    here = "[json-pointer:/view/blocks/0/dispatch_action]"
    assert refused["response_metadata"]["messages"] == [
        UNMATCHED_VIEW,
        f"[ERROR] file_input does not support dispatch_action {here}",
    ]


@pytest.mark.rule("blocks.block_id.unique")
async def test_no_two_blocks_share_an_id_not_even_inside_a_container(api: Api) -> None:
    room = await made(api)
    twice = [section(block_id="a"), container(section(block_id="a"))]
    here = "[json-pointer:/blocks/1/child_blocks/0/block_id]"
    assert await post(api, *twice, room=room) == refusal(f'`block_id` "a" already exists {here}')


@pytest.mark.rule("blocks.plan.one")
async def test_a_message_has_one_plan(api: Api) -> None:
    plan = EXAMPLES["plan"]
    told = "Cannot have more than 1 plan block [json-pointer:/blocks/2]"
    assert await post(api, plan, section(), plan) == refusal(told)


@pytest.mark.rule("blocks.focus")
async def test_one_element_at_most_has_the_focus(api: Api, sandbox: Sandbox) -> None:
    first, second = (
        {**ask("plain_text_input", focus_on_load=True), "block_id": each} for each in "ab"
    )
    assert (await open_view(api, sandbox, modal(blocks=[first])))["ok"]
    refused = await open_view(api, sandbox, modal(blocks=[first, second]))
    assert refused["response_metadata"]["messages"] == [
        UNMATCHED_VIEW,
        "[ERROR] only one element can have focus_on_load "
        "[json-pointer:/view/blocks/1/element/focus_on_load]",
    ]


@pytest.mark.rule("blocks.response_url")
async def test_only_inputs_of_modals_ask_for_a_response_url(api: Api, sandbox: Sandbox) -> None:
    asking = ask("channels_select", response_url_enabled=True)
    assert (await open_view(api, sandbox, modal(blocks=[asking])))["ok"]
    told = "response_url_enabled is only supported in input blocks of modals"
    here = "element/response_url_enabled]"
    assert await post(api, asking) == refusal(f"{told} [json-pointer:/blocks/0/{here}")
    pressed = act("channels_select", response_url_enabled=True)
    refused = await open_view(api, sandbox, modal(blocks=[pressed]))
    assert refused["error"] == "invalid_arguments"


@pytest.mark.rule("blocks.markdown.sum")
async def test_markdown_is_counted_over_the_whole_message(api: Api) -> None:
    room = await made(api)
    half = {"type": "markdown", "text": "x" * 6000}
    api_answer = await api("blocks.validate", message={"blocks": [half, half]})
    assert api_answer["ok"]
    told = "must be less than 12001 characters in all markdown blocks"
    refused = await post(api, half, half, {"type": "markdown", "text": "x"}, room=room)
    assert refused == refusal(f"{told} [json-pointer:/blocks/2/text]")


@pytest.mark.parametrize("second", [table(), data_table(), container(table())])
@pytest.mark.rule("blocks.table.one")
async def test_a_message_has_one_table(api: Api, second: Json) -> None:
    assert await post(api, table(), second) == refusal(
        "only_one_table_allowed", "invalid_attachments"
    )


@pytest.mark.rule("blocks.data_visualization.count")
async def test_a_message_has_two_charts_at_most(api: Api) -> None:
    room = await made(api)
    assert (await post(api, pie(1), pie(1), room=room))["ok"]
    refused = await post(api, pie(1), section(), pie(1), pie(1), room=room)
    told = "no more than 2 data_visualization blocks allowed [json-pointer:/blocks/3]"
    assert refused == refusal(told)


@pytest.mark.parametrize("blocks", ["nonsense", {"type": "divider"}, 7])
@pytest.mark.rule("blocks.format")
async def test_blocks_are_a_list(api: Api, blocks: object) -> None:
    room = await made(api)
    assert await api.error("chat.postMessage", channel=room, blocks=blocks) == (
        "invalid_blocks_format"
    )


@pytest.mark.rule("views.input_needs_submit")
async def test_a_modal_that_asks_has_a_submit(api: Api, sandbox: Sandbox) -> None:
    refused = await open_view(api, sandbox, modal(submit=None))
    assert refused["error"] == "invalid_arguments"
    assert refused["response_metadata"]["messages"] == [
        UNMATCHED_VIEW,
        "[ERROR] missing required field: submit [json-pointer:/view]",
    ]
    assert (await open_view(api, sandbox, modal(submit=None, blocks=[section()])))["ok"]


@pytest.mark.rule("views.bytes")
async def test_a_view_larger_than_250_kb_is_refused(api: Api, sandbox: Sandbox) -> None:
    large = modal(blocks=[section("x" * 2600)] * 100)
    assert await open_view(api, sandbox, large) == {"ok": False, "error": "view_too_large"}


LONG = [section("x" * 2200)] * 5  # 11,000 characters
MANY = [section("x" * 200)] * 50  # 10,000 characters and the weight of 50 blocks


@pytest.mark.parametrize("blocks", [[*LONG, *LONG[:1]], MANY])
@pytest.mark.rule("blocks.sum")
async def test_what_is_measured_of_a_messages_size_holds_and_can_be_switched_off(
    api: Api, sandbox: Sandbox, blocks: list[Json]
) -> None:
    room = await made(api)
    assert (await post(api, *LONG, room=room))["ok"]
    assert await post(api, *blocks, room=room) == {"ok": False, "error": "msg_blocks_too_long"}

    sandbox.workspace.chosen = replace(sandbox.workspace.chosen, message_block_chars=None)
    assert (await post(api, *blocks, room=room))["ok"]
    assert Chosen.none().message_block_chars is None
