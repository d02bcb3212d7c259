"""Can an app the sandbox knows nothing of show and change modals, over both transports?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.foreign import Json, Meeting, answer, button, modal

MARA = "U0ONCALL"


@pytest.mark.rule("submission.errors", "submission.close")
async def test_a_modal_shows_the_errors_and_closes_when_it_is_right(meeting: Meeting) -> None:
    submitted: list[str] = []

    @meeting.app.shortcut("ask")
    async def on_shortcut(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @meeting.app.view("form")
    async def on_submit(ack: Any, view: Json) -> None:
        submitted.append(view["state"]["values"]["question"]["answer"]["value"])
        if submitted[-1] == "no":
            await ack(response_action="errors", errors={"question": "Say more."})
        else:
            await ack()

    mara = meeting.sandbox.as_person(MARA)
    await mara.use_shortcut("ask")
    view = mara.open_view()
    assert view is not None

    await mara.submit(view.id)
    assert view.errors == {"question": "Please complete this required field."}
    mara.fill(view.id, "question", "answer", answer("no"))
    await mara.submit(view.id)
    assert view.errors == {"question": "Say more."}
    mara.fill(view.id, "question", "answer", answer("it broke"))
    assert view.errors == {}
    await mara.submit(view.id)

    assert submitted == ["no", "it broke"]
    assert mara.open_view() is None


@pytest.mark.rule("submission.update", "submission.push", "submission.clear")
async def test_views_are_updated_pushed_and_cleared_by_the_ack(meeting: Meeting) -> None:
    acts = iter(["update", "push", "clear"])

    @meeting.app.shortcut("ask")
    async def on_shortcut(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @meeting.app.view("form")
    async def on_submit(ack: Any) -> None:
        act = next(acts)
        more = {} if act == "clear" else {"view": modal(private_metadata=act)}
        await ack(response_action=act, **more)

    mara = meeting.sandbox.as_person(MARA)
    await mara.use_shortcut("ask")
    seen = []
    for _ in range(3):
        view = mara.open_view()
        assert view is not None
        seen.append((view.content.get("private_metadata"), view.previous_id is None))
        mara.fill(view.id, "question", "answer", answer("x"))
        await mara.submit(view.id)

    assert seen == [(None, True), ("update", True), ("push", False)]
    assert mara.open_view() is None


async def test_a_button_in_a_view_updates_it_and_keeps_what_was_entered(meeting: Meeting) -> None:
    with_button = modal(blocks=[*modal()["blocks"], button("more")])

    @meeting.app.shortcut("ask")
    async def on_shortcut(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=with_button)
        await ack()

    @meeting.app.action("more")
    async def on_more(ack: Any, body: Json, client: Any) -> None:
        view = body["view"]
        await client.views_update(view_id=view["id"], hash=view["hash"], view=modal("other"))
        await ack()

    mara = meeting.sandbox.as_person(MARA)
    await mara.use_shortcut("ask")
    view = mara.open_view()
    assert view is not None
    first_hash = view.hash
    mara.fill(view.id, "question", "answer", answer("kept"))
    await mara.press_in_view(view.id, "row", "more")

    assert view.content["callback_id"] == "other"
    assert view.hash != first_hash
    assert view.state["question"]["answer"]["value"] == "kept"


@pytest.mark.rule("closed.asked")
async def test_closing_is_told_only_if_the_view_asks_for_it(meeting: Meeting) -> None:
    closed: list[str] = []

    @meeting.app.shortcut("ask")
    async def on_shortcut(ack: Any, body: Json, client: Any) -> None:
        view = modal("told" if closed == [] else "silent", notify_on_close=closed == [])
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @meeting.app.view_closed("told")
    async def on_close(ack: Any, view: Json) -> None:
        closed.append(view["callback_id"])
        await ack()

    mara = meeting.sandbox.as_person(MARA)
    for _ in range(2):
        await mara.use_shortcut("ask")
        view = mara.open_view()
        assert view is not None
        await mara.close(view.id)

    assert closed == ["told"]
    assert [each.payload["type"] for each in meeting.sandbox.deliveries].count("view_closed") == 1
