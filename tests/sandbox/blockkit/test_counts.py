"""Are as many parts taken as Slack takes, and one more refused, and none too?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.blockkit.made import (
    UNMATCHED_VIEW,
    act,
    actions,
    ask,
    card,
    container,
    data_table,
    element,
    modal,
    mrkdwn,
    open_view,
    options,
    pie,
    plain,
    plot,
    post,
    refusal,
    section,
    table,
)
from tests.sandbox.foreign import Api, Json, made

Made = Callable[[int], Json]


def pressed(number: int) -> list[Json]:
    return [element("button", action_id=f"a{each}") for each in range(number)]


def named(kind: str, elements: list[Json]) -> Json:
    return {"type": kind, "elements": elements}


def groups(number: int, inside: int = 1) -> Json:
    made_groups = [{"label": plain("L"), "options": options(inside)}] * number
    return act("static_select", options=None, option_groups=made_groups)


LISTS = [
    pytest.param(lambda n: {"type": "section", "fields": [mrkdwn()] * n}, 10, "/fields",
                 marks=pytest.mark.rule("blocks.section.fields", "blocks.empty")),
    pytest.param(lambda n: actions(*pressed(n)), 25, "/elements",
                 marks=pytest.mark.rule("blocks.actions.elements")),
    pytest.param(lambda n: named("context", [mrkdwn()] * n), 10, "/elements",
                 marks=pytest.mark.rule("blocks.context.elements")),
    pytest.param(lambda n: named("context_actions", [
        element("icon_button", action_id=f"a{each}") for each in range(n)]), 5, "/elements",
                 marks=pytest.mark.rule("blocks.context_actions.elements")),
    pytest.param(lambda n: table(rows=n), 100, "/rows",
                 marks=pytest.mark.rule("blocks.table.rows")),
    pytest.param(lambda n: table(cells=n), 20, "/rows/0",
                 marks=pytest.mark.rule("blocks.table.cells")),
    pytest.param(lambda n: plot(series=n), 6, "/chart/series",
                 marks=pytest.mark.rule("blocks.data_visualization.series")),
    pytest.param(lambda n: pie(*[1] * n), 6, "/chart/segments",
                 marks=pytest.mark.rule("blocks.data_visualization.series")),
    pytest.param(lambda n: card(actions=pressed(n)), 2, "/actions",
                 marks=pytest.mark.rule("blocks.card.actions")),
    pytest.param(lambda n: named("carousel", [card()] * n), 10, "/elements",
                 marks=pytest.mark.rule("blocks.carousel.cards")),
    pytest.param(lambda n: container(*[section()] * n), 10, "/child_blocks",
                 marks=pytest.mark.rule("blocks.container.blocks")),
    pytest.param(lambda n: act("static_select", options=options(n)), 100, "/elements/0/options",
                 marks=pytest.mark.rule("elements.select.options")),
    pytest.param(groups, 100, "/elements/0/option_groups",
                 marks=pytest.mark.rule("elements.select.groups")),
    pytest.param(lambda n: groups(1, n), 100, "/elements/0/option_groups/0/options",
                 marks=pytest.mark.rule("objects.option_group.options")),
    pytest.param(lambda n: act("checkboxes", options=options(n)), 10, "/elements/0/options",
                 marks=pytest.mark.rule("elements.checkboxes.options")),
    pytest.param(lambda n: act("radio_buttons", options=options(n)), 10, "/elements/0/options",
                 marks=pytest.mark.rule("elements.radio_buttons.options")),
    pytest.param(lambda n: act("overflow", options=options(n)), 5, "/elements/0/options",
                 marks=pytest.mark.rule("elements.overflow.options")),
]  # fmt: skip


@pytest.mark.parametrize(("block", "most", "pointer"), LISTS)
async def test_a_list_holds_one_item_to_its_most(
    api: Api, block: Made, most: int, pointer: str
) -> None:
    room = await made(api)
    assert (await post(api, block(1), room=room))["ok"]
    assert (await post(api, block(most), room=room))["ok"]

    more, none = await post(api, block(most + 1), room=room), await post(api, block(0), room=room)

    here = f"[json-pointer:/blocks/0{pointer}]"
    assert more["errors"][0] == f"no more than {most} items allowed {here}"
    assert none["errors"][0] == f"no less than 1 items allowed {here}"
    assert more["error"] == none["error"] == "invalid_blocks"


BOUNDED = [
    pytest.param(lambda n: {"type": "header", "text": plain("x"), "level": n}, 1, 4, "/level",
                 marks=pytest.mark.rule("blocks.header.level")),
    pytest.param(lambda n: data_table(page_size=n), 1, 100, "/page_size",
                 marks=pytest.mark.rule("blocks.data_table.page_size")),
    pytest.param(lambda n: ask("plain_text_input", min_length=n), 0, 3000, "/element/min_length",
                 marks=pytest.mark.rule("elements.plain_text_input.length")),
    pytest.param(lambda n: ask("plain_text_input", max_length=n), 1, 3000, "/element/max_length",
                 marks=pytest.mark.rule("elements.plain_text_input.length")),
    pytest.param(lambda n: act("datetimepicker", initial_date_time=n), 10**9, 10**10 - 1,
                 "/elements/0/initial_date_time",
                 marks=pytest.mark.rule("elements.datetimepicker.moment")),
]  # fmt: skip


@pytest.mark.parametrize(("block", "low", "high", "pointer"), BOUNDED)
async def test_a_number_stays_between_its_bounds(
    api: Api, block: Made, low: int, high: int, pointer: str
) -> None:
    room = await made(api)
    assert (await post(api, block(low), room=room))["ok"]
    assert (await post(api, block(high), room=room))["ok"]

    here = f"[json-pointer:/blocks/0{pointer}]"
    below, above = (
        await post(api, block(low - 1), room=room),
        await post(api, block(high + 1), room=room),
    )
    assert below == refusal(f"must be more than {low - 1} {here}")
    assert above == refusal(f"must be less than {high + 1} {here}")


@pytest.mark.rule("elements.file_input.max_files", "views.blocks", "elements.max_selected_items")
async def test_modals_have_bounds_of_their_own(api: Api, sandbox: Sandbox) -> None:
    async def told(*blocks: Json) -> list[str]:
        answer = await open_view(api, sandbox, modal(blocks=list(blocks)))
        if answer["ok"]:
            return []
        messages: list[str]
        first, *messages = answer["response_metadata"]["messages"]
        assert first == UNMATCHED_VIEW
        return messages

    assert await told(*[section()] * 100) == []
    assert await told(*[section()] * 101) == [
        "[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]"
    ]
    assert await told(ask("file_input", max_files=10)) == []
    assert await told(ask("file_input", max_files=11)) == [
        "[ERROR] must be less than 11 [json-pointer:/view/blocks/0/element/max_files]"
    ]
    assert await told(ask("multi_users_select", max_selected_items=0)) == [
        "[ERROR] must be more than 0 [json-pointer:/view/blocks/0/element/max_selected_items]"
    ]
    assert await told() == ["[ERROR] no less than 1 items allowed [json-pointer:/view/blocks]"]


@pytest.mark.rule("blocks.message.count")
async def test_a_message_has_fifty_blocks_at_most(api: Api) -> None:
    room = await made(api)
    assert (await post(api, *[section()] * 50, room=room))["ok"]
    told = "no more than 50 items allowed [json-pointer:/blocks]"
    assert await post(api, *[section()] * 51, room=room) == refusal(told)


@pytest.mark.rule("blocks.table.columns")
async def test_a_table_has_twenty_column_settings_some_of_them_null(api: Api) -> None:
    room = await made(api)
    settings: list[Json | None] = [None, {"align": "right", "is_wrapped": True}] * 10
    assert (await post(api, table(column_settings=settings), room=room))["ok"]
    refused = await post(api, table(column_settings=[*settings, None]), room=room)
    here = "[json-pointer:/blocks/0/column_settings]"
    assert refused == refusal(f"no more than 20 items allowed {here}")


@pytest.mark.rule(
    "blocks.data_table.rows",
    "blocks.data_table.fewest",
    "blocks.data_table.columns",
    "blocks.data_visualization.categories",
)
async def test_tables_and_charts_with_data_are_bounded(api: Api) -> None:
    room = await made(api)
    for right in (data_table(101), data_table(2), data_table(cells=20), plot(categories=20)):
        assert (await post(api, right, room=room))["ok"]

    async def told(block: Json) -> tuple[str, str]:
        first = (await api("blocks.validate", blocks=[block]))["errors"][0]
        return first["message"], first["pointer"]

    assert await told(data_table(102)) == ("no more than 101 items allowed", "/0/rows")
    assert await told(data_table(1)) == ("no less than 2 items allowed", "/0/rows")
    assert await told(data_table(cells=21)) == ("no more than 20 items allowed", "/0/rows/0")
    assert (await told(plot(categories=21)))[1] == "/0/chart/series/0/data"
