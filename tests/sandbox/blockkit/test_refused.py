"""Are blocks that are wrong in other ways refused, with Slack's words and pointers?"""

from __future__ import annotations

import pytest

from tests.sandbox.blockkit.made import (
    act,
    actions,
    ask,
    card,
    confirm,
    container,
    data_table,
    element,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    plot,
    post,
    provider,
    raw,
    refusal,
    rich,
    section,
)
from tests.sandbox.foreign import Api, Json


def image(**more: object) -> Json:
    return {"type": "image", "alt_text": "x", **more}


def task(**more: object) -> Json:
    return {"type": "task_card", "task_id": "t", "title": "T", **more}


VIDEO = {
    "type": "video", "alt_text": "x", "title": plain("T"), "video_url": "https://a.example/v",
}  # fmt: skip
IMAGE_URL = "https://a.example/a.png"
WRONG = [
    pytest.param({"type": "magic"}, "unsupported type: magic", "/type",
                 marks=pytest.mark.rule("blocks.type")),
    pytest.param({"text": plain("x")}, "missing required field: type", "",
                 marks=pytest.mark.rule("blocks.required")),
    pytest.param({"type": "divider", "text": "x"}, "invalid additional property: text", "",
                 marks=pytest.mark.rule("blocks.unknown_field")),
    pytest.param({"type": "section"}, "must define either `text` or `fields`", "",
                 marks=pytest.mark.rule("blocks.section.either")),
    pytest.param(section(""), "must be more than 0 characters", "/text/text",
                 marks=pytest.mark.rule("blocks.section.text")),
    pytest.param({"type": "header", "text": mrkdwn()}, "must be one of: plain_text", "/text/type",
                 marks=pytest.mark.rule("blocks.header.plain", "objects.text.plain")),
    pytest.param(section(fields=[{**plain("x"), "verbatim": True}]),
                 "invalid additional property: verbatim", "/fields/0",
                 marks=pytest.mark.rule("objects.text.extra")),
    pytest.param(image(), "must define either `image_url` or `slack_file`", "",
                 marks=pytest.mark.rule("blocks.image.one_source")),
    pytest.param(image(image_url=IMAGE_URL, slack_file={"id": "F1"}),
                 "must define either `image_url` or `slack_file`", "",
                 marks=pytest.mark.rule("blocks.image.one_source")),
    pytest.param(image(slack_file={"id": "F1", "url": IMAGE_URL}),
                 "must define either `id` or `url`", "/slack_file",
                 marks=pytest.mark.rule("objects.slack_file")),
    pytest.param(VIDEO, "missing required field: thumbnail_url", "",
                 marks=pytest.mark.rule("blocks.video.required")),
    pytest.param({**VIDEO, "thumbnail_url": IMAGE_URL, "video_url": "http://a.example/v"},
                 "must match the expected format", "/video_url",
                 marks=pytest.mark.rule("blocks.video.required")),
    pytest.param({"type": "call"}, "missing required field: call_id", "",
                 marks=pytest.mark.rule("blocks.call")),
    pytest.param({"type": "rich_text", "elements": [{"type": "rich_text_table"}]},
                 "unsupported type: rich_text_table", "/elements/0/type",
                 marks=pytest.mark.rule("blocks.rich_text.elements")),
    pytest.param({"type": "rich_text", "elements": [
        {"type": "rich_text_quote", "elements": [{"type": "image"}]}]},
                 "unsupported type: image", "/elements/0/elements/0/type",
                 marks=pytest.mark.rule("blocks.rich_text.elements")),
    pytest.param({"type": "card"},
                 "must define either `hero_image` or `title` or `actions` or `body`", "",
                 marks=pytest.mark.rule("blocks.card.content")),
    pytest.param(container(section(), title=None),
                 "must define either `title` or `rich_text_title`", "",
                 marks=pytest.mark.rule("blocks.container.titled")),
    pytest.param(container(container(section())), "unsupported type: container",
                 "/child_blocks/0/type", marks=pytest.mark.rule("blocks.container.nested")),
    pytest.param(container(card()), "unsupported type: card", "/child_blocks/0/type",
                 marks=pytest.mark.rule("blocks.container.nested")),
    pytest.param(container(section(), width="broad"), "must be a valid enum value", "/width",
                 marks=pytest.mark.rule("blocks.container.width")),
    pytest.param(container(section(), default_collapsed=True),
                 "default_collapsed needs is_collapsible", "/default_collapsed",
                 marks=pytest.mark.rule("blocks.container.collapsed")),
    pytest.param({"type": "plan", "title": "P", "tasks": [{"type": "task_card", "title": "T"}]},
                 "missing required field: task_id", "/tasks/0",
                 marks=pytest.mark.rule("blocks.plan.tasks")),
    pytest.param(task(title=None), "missing required field: title", "",
                 marks=pytest.mark.rule("blocks.task_card.required")),
    pytest.param(task(status="done"), "must be a valid enum value", "/status",
                 marks=pytest.mark.rule("blocks.task_card.status")),
    pytest.param(task(sources=[element("button")]), "unsupported type: button",
                 "/sources/0/type", marks=pytest.mark.rule("blocks.task_card.sources")),
    pytest.param(provider(accessory=element("button")), "unsupported type: button",
                 "/accessory/type", marks=pytest.mark.rule("blocks.auth_provider.accessory")),
    pytest.param(data_table(rows=[[raw()], [raw(), raw()]]),
                 "must have as many cells as the header: 1", "/rows/1",
                 marks=pytest.mark.rule("blocks.data_table.equal")),
    pytest.param(data_table(rows=[[rich()], [rich()]]), "unsupported type: rich_text",
                 "/rows/0/0/type", marks=pytest.mark.rule("blocks.data_table.header")),
    pytest.param(data_table(rows=[[raw("x" * 5000)], [rich("x" * 5001)]]),
                 "must be less than 10001 characters", "/rows",
                 marks=pytest.mark.rule("blocks.data_table.characters")),
    pytest.param(data_table(caption=None), "missing required field: caption", "",
                 marks=pytest.mark.rule("blocks.data_table.caption")),
    pytest.param(pie(1, 0), "must be more than 0", "/chart/segments/1/value",
                 marks=pytest.mark.rule("blocks.data_visualization.segment")),
    pytest.param(confirm(style="warning"), "must be a valid enum value",
                 "/elements/0/confirm/style", marks=pytest.mark.rule("objects.confirm.style")),
    pytest.param(act("static_select", options=[option(url=IMAGE_URL)]),
                 "invalid additional property: url", "/elements/0/options/0",
                 marks=pytest.mark.rule("objects.option.url")),
    pytest.param(act("conversations_select", filter={"include": []}),
                 "no less than 1 items allowed", "/elements/0/filter/include",
                 marks=pytest.mark.rule("objects.filter")),
    pytest.param(act("conversations_select", filter={}),
                 "must have minimum 1 properties", "/elements/0/filter",
                 marks=pytest.mark.rule("objects.filter")),
    pytest.param(ask("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on"]}),
                 "must be a valid enum value",
                 "/element/dispatch_action_config/trigger_actions_on/0",
                 marks=pytest.mark.rule("objects.dispatch")),
    pytest.param(act("workflow_button", workflow={"trigger": {}}),
                 "missing required field: url", "/elements/0/workflow/trigger",
                 marks=pytest.mark.rule("objects.workflow")),
    pytest.param(act("workflow_button", workflow=None), "missing required field: workflow",
                 "/elements/0", marks=pytest.mark.rule("elements.workflow_button")),
    pytest.param(act("button", style="green"), "must be a valid enum value", "/elements/0/style",
                 marks=pytest.mark.rule("elements.button.style")),
    pytest.param({"type": "context_actions", "elements": [
        element("feedback_buttons", negative_button=None)]},
                 "missing required field: negative_button", "/elements/0",
                 marks=pytest.mark.rule("elements.feedback_buttons")),
    pytest.param({"type": "context_actions", "elements": [element("icon_button", icon="pen")]},
                 "must be a valid enum value", "/elements/0/icon",
                 marks=pytest.mark.rule("elements.icon_button")),
    pytest.param(act("static_select", options=None),
                 "must define either `options` or `option_groups`", "/elements/0",
                 marks=pytest.mark.rule("elements.select.either")),
    pytest.param(act("static_select", option_groups=[{"label": plain("L"), "options": options(1)}]),
                 "must define either `options` or `option_groups`", "/elements/0",
                 marks=pytest.mark.rule("elements.select.either")),
    pytest.param(act("checkboxes", initial_options=[option("other")]),
                 "must match one of the provided options", "/elements/0/initial_options",
                 marks=pytest.mark.rule("elements.select.initial")),
    pytest.param(act("datepicker", initial_date="2026-13-01"), "must match the expected format",
                 "/elements/0/initial_date", marks=pytest.mark.rule("elements.datepicker.date")),
    pytest.param(act("timepicker", initial_time="24:00"), "must match the expected format",
                 "/elements/0/initial_time", marks=pytest.mark.rule("elements.timepicker.time")),
    pytest.param(ask("number_input", is_decimal_allowed=None),
                 "missing required field: is_decimal_allowed", "/element",
                 marks=pytest.mark.rule("elements.number_input.decimal")),
    pytest.param(ask("number_input", min_value="one"), "must match the expected format",
                 "/element/min_value", marks=pytest.mark.rule("elements.number_input.number")),
    pytest.param(ask("rich_text_input", action_id=None), "missing required field: action_id",
                 "/element", marks=pytest.mark.rule("elements.rich_text_input.action_id")),
    pytest.param(section(accessory=element("datetimepicker")), "unsupported type: datetimepicker",
                 "/accessory/type", marks=pytest.mark.rule("blocks.on.datetimepicker")),
    pytest.param(actions(element("button"), element("overflow")),
                 '`action_id` "a" already exists', "/elements/1/action_id",
                 marks=pytest.mark.rule("blocks.action_id.unique")),
]  # fmt: skip


@pytest.mark.parametrize(("block", "sentence", "pointer"), WRONG)
async def test_a_wrong_block_is_refused(api: Api, block: Json, sentence: str, pointer: str) -> None:
    assert await post(api, block) == refusal(f"{sentence} [json-pointer:/blocks/0{pointer}]")


@pytest.mark.rule("blocks.data_visualization.points")
async def test_the_points_of_a_chart_match_its_categories_and_its_series_differ(api: Api) -> None:
    chart = plot(series=2, categories=2)
    first, second = chart["chart"]["series"]
    second["name"], second["data"] = first["name"], first["data"][:1]

    told = (await post(api, chart))["errors"]

    here = "[json-pointer:/blocks/0/chart/series"
    assert told == [
        f"series names must be unique {here}/0/name]",
        f"series names must be unique {here}/1/name]",
        f"must have one data point for each category {here}/1/data]",
    ]


@pytest.mark.parametrize("level", ["default", "info", "warning", "error", "success", "loud"])
@pytest.mark.rule("blocks.alert.level")
async def test_an_alert_has_one_of_five_levels(api: Api, level: str) -> None:
    block = {"type": "alert", "text": mrkdwn(), "level": level}
    answer = await api("blocks.validate", blocks=[block])
    assert answer["ok"] == (level != "loud")
    assert answer.get("errors", [{"pointer": "/0/level"}])[0]["pointer"] == "/0/level"
