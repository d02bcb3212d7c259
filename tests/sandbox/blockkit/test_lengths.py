"""Is text that is as long as Slack takes posted, and one character more refused?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.blockkit.made import (
    UNMATCHED_VIEW,
    act,
    ask,
    card,
    confirm,
    container,
    element,
    modal,
    mrkdwn,
    open_view,
    option,
    pie,
    plain,
    plot,
    post,
    provider,
    refusal,
    section,
)
from tests.sandbox.foreign import Api, Json, made

Made = Callable[[str], Json]


def image(**more: object) -> Json:
    return {"type": "image", "alt_text": "x", "image_url": "https://a.example/a.png", **more}


def video(**more: object) -> Json:
    known = {"alt_text": "x", "title": plain("T"), "thumbnail_url": "https://a.example/a.png"}
    return {"type": "video", "video_url": "https://a.example/v", **known, **more}


def context(text: str) -> Json:
    return {"type": "context", "elements": [mrkdwn(text)]}


def feedback(**more: object) -> Json:
    good = {"text": plain("Good"), "value": "1", **more}
    return {
        "type": "context_actions",
        "elements": [element("feedback_buttons", positive_button=good)],
    }


def group(**more: object) -> Json:
    return act("static_select", options=None, option_groups=[
        {"label": plain("L"), "options": [option()], **more}
    ])  # fmt: skip


IN_MESSAGES = [
    pytest.param(lambda x: section(block_id=x), 255, "/block_id",
                 marks=pytest.mark.rule("blocks.block_id")),
    pytest.param(lambda x: section(x), 3000, "/text/text",
                 marks=pytest.mark.rule("blocks.section.text", "blocks.length", "blocks.refusal")),
    pytest.param(lambda x: {"type": "section", "fields": [mrkdwn(x)]}, 2000, "/fields/0/text",
                 marks=pytest.mark.rule("blocks.section.field")),
    pytest.param(lambda x: {"type": "header", "text": plain(x)}, 150, "/text/text",
                 marks=pytest.mark.rule("blocks.header.text")),
    pytest.param(context, 3000, "/elements/0/text",
                 marks=pytest.mark.rule("blocks.context.text")),
    pytest.param(lambda x: image(image_url=x), 3000, "/image_url",
                 marks=pytest.mark.rule("blocks.image.url")),
    pytest.param(lambda x: image(alt_text=x), 2000, "/alt_text",
                 marks=pytest.mark.rule("blocks.image.alt_text")),
    pytest.param(lambda x: image(title=plain(x)), 2000, "/title/text",
                 marks=pytest.mark.rule("blocks.image.title")),
    pytest.param(lambda x: {**ask("datepicker"), "label": plain(x)}, 2000, "/label/text",
                 marks=pytest.mark.rule("blocks.input.label")),
    pytest.param(lambda x: {**ask("datepicker"), "hint": plain(x)}, 2000, "/hint/text",
                 marks=pytest.mark.rule("blocks.input.hint")),
    pytest.param(lambda x: {"type": "markdown", "text": x}, 12_000, "/text",
                 marks=pytest.mark.rule("blocks.markdown.text")),
    pytest.param(lambda x: video(title=plain(x)), 199, "/title/text",
                 marks=pytest.mark.rule("blocks.video.title")),
    pytest.param(lambda x: video(author_name=x), 49, "/author_name",
                 marks=pytest.mark.rule("blocks.video.author")),
    pytest.param(lambda x: card(title=mrkdwn(x)), 150, "/title/text",
                 marks=pytest.mark.rule("blocks.card.title")),
    pytest.param(lambda x: card(subtitle=mrkdwn(x)), 150, "/subtitle/text",
                 marks=pytest.mark.rule("blocks.card.subtitle")),
    pytest.param(lambda x: card(body=mrkdwn(x)), 200, "/body/text",
                 marks=pytest.mark.rule("blocks.card.body")),
    pytest.param(lambda x: container(section(), title=plain(x)), 150, "/title/text",
                 marks=pytest.mark.rule("blocks.container.title")),
    pytest.param(lambda x: container(section(), subtitle=mrkdwn(x)), 150, "/subtitle/text",
                 marks=pytest.mark.rule("blocks.container.subtitle")),
    pytest.param(lambda x: pie(1, title=x), 50, "/title",
                 marks=pytest.mark.rule("blocks.data_visualization.title")),
    pytest.param(lambda x: pie(1, chart={"type": "pie", "segments": [{"label": x, "value": 1}]}),
                 20, "/chart/segments/0/label",
                 marks=pytest.mark.rule("blocks.data_visualization.label")),
    pytest.param(lambda x: plot(x_label=x), 50, "/chart/axis_config/x_label",
                 marks=pytest.mark.rule("blocks.data_visualization.axis")),
    pytest.param(lambda x: provider(value=x), 150, "/value",
                 marks=pytest.mark.rule("blocks.auth_provider.value")),
    pytest.param(lambda x: provider(name=plain(x)), 75, "/name/text",
                 marks=pytest.mark.rule("blocks.auth_provider.name")),
    pytest.param(lambda x: provider(description=plain(x)), 150, "/description/text",
                 marks=pytest.mark.rule("blocks.auth_provider.description")),
    pytest.param(lambda x: provider(connected_context=plain(x)), 75, "/connected_context/text",
                 marks=pytest.mark.rule("blocks.auth_provider.connected")),
    pytest.param(lambda x: provider(auth_url=x), 3000, "/auth_url",
                 marks=pytest.mark.rule("blocks.auth_provider.url")),
    pytest.param(lambda x: act("button", action_id=x), 255, "/elements/0/action_id",
                 marks=pytest.mark.rule("elements.action_id")),
    pytest.param(lambda x: act("button", text=plain(x)), 75, "/elements/0/text/text",
                 marks=pytest.mark.rule("elements.button.text")),
    pytest.param(lambda x: act("button", value=x), 2000, "/elements/0/value",
                 marks=pytest.mark.rule("elements.button.value")),
    pytest.param(lambda x: act("button", url=x), 3000, "/elements/0/url",
                 marks=pytest.mark.rule("elements.button.url")),
    pytest.param(lambda x: act("button", accessibility_label=x), 75,
                 "/elements/0/accessibility_label",
                 marks=pytest.mark.rule("elements.button.accessibility_label")),
    pytest.param(lambda x: act("button", agent_prompt=x), 4000, "/elements/0/agent_prompt",
                 marks=pytest.mark.rule("elements.button.agent_prompt")),
    pytest.param(lambda x: confirm(title=plain(x)), 100, "/elements/0/confirm/title/text",
                 marks=pytest.mark.rule("objects.confirm.title")),
    pytest.param(lambda x: confirm(text=mrkdwn(x)), 300, "/elements/0/confirm/text/text",
                 marks=pytest.mark.rule("objects.confirm.text")),
    pytest.param(lambda x: confirm(deny=plain(x)), 30, "/elements/0/confirm/deny/text",
                 marks=pytest.mark.rule("objects.confirm.button")),
    pytest.param(lambda x: act("radio_buttons", options=[option(text=mrkdwn(x))]), 75,
                 "/elements/0/options/0/text/text", marks=pytest.mark.rule("objects.option.text")),
    pytest.param(lambda x: act("static_select", options=[option(x)]), 150,
                 "/elements/0/options/0/value", marks=pytest.mark.rule("objects.option.value")),
    pytest.param(lambda x: act("overflow", options=[option(description=plain(x))]), 75,
                 "/elements/0/options/0/description/text",
                 marks=pytest.mark.rule("objects.option.description")),
    pytest.param(lambda x: act("overflow", options=[option(url=x)]), 3000,
                 "/elements/0/options/0/url", marks=pytest.mark.rule("objects.option.url")),
    pytest.param(lambda x: group(label=plain(x)), 75, "/elements/0/option_groups/0/label/text",
                 marks=pytest.mark.rule("objects.option_group.label")),
    pytest.param(lambda x: feedback(text=plain(x)), 75,
                 "/elements/0/positive_button/text/text",
                 marks=pytest.mark.rule("objects.feedback.text")),
    pytest.param(lambda x: feedback(value=x), 2000, "/elements/0/positive_button/value",
                 marks=pytest.mark.rule("objects.feedback.value")),
    pytest.param(lambda x: act("users_select", placeholder=plain(x)), 150,
                 "/elements/0/placeholder/text", marks=pytest.mark.rule("elements.placeholder")),
]  # fmt: skip


@pytest.mark.parametrize(("block", "most", "pointer"), IN_MESSAGES)
async def test_a_message_takes_text_up_to_its_length(
    api: Api, block: Made, most: int, pointer: str
) -> None:
    room = await made(api)
    assert (await post(api, block("x" * most), room=room))["ok"]

    refused = await post(api, block("x" * (most + 1)), room=room)

    told = f"must be less than {most + 1} characters [json-pointer:/blocks/0{pointer}]"
    assert refused == refusal(told)


IN_VIEWS = [
    pytest.param(lambda x: modal(title=plain(x)), 24, "/title/text",
                 marks=pytest.mark.rule("views.title")),
    pytest.param(lambda x: modal(submit=plain(x)), 24, "/submit/text",
                 marks=pytest.mark.rule("views.submit")),
    pytest.param(lambda x: modal(close=plain(x)), 24, "/close/text",
                 marks=pytest.mark.rule("views.close")),
    pytest.param(lambda x: modal(private_metadata=x), 3000, "/private_metadata",
                 marks=pytest.mark.rule("views.private_metadata")),
    pytest.param(lambda x: modal(callback_id=x), 255, "/callback_id",
                 marks=pytest.mark.rule("views.callback_id")),
    pytest.param(lambda x: modal(external_id=x), 255, "/external_id",
                 marks=pytest.mark.rule("views.external_id")),
    pytest.param(lambda x: modal(blocks=[section(x)]), 3000, "/blocks/0/text/text",
                 marks=pytest.mark.rule("views.refusal")),
]  # fmt: skip


@pytest.mark.parametrize(("view", "most", "pointer"), IN_VIEWS)
async def test_a_modal_takes_text_up_to_its_length(
    api: Api, sandbox: Sandbox, view: Made, most: int, pointer: str
) -> None:
    assert (await open_view(api, sandbox, view("x" * most)))["ok"]

    refused = await open_view(api, sandbox, view("x" * (most + 1)))

    told = f"must be less than {most + 1} characters [json-pointer:/view{pointer}]"
    assert refused == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {"messages": [UNMATCHED_VIEW, f"[ERROR] {told}"]},
    }
