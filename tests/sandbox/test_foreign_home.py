"""Can an app the sandbox knows nothing of keep a Home, push views and answer reactions?"""

from __future__ import annotations

from typing import Any

from tests.sandbox.foreign import Api, Json, Meeting, button, modal, posted

GENERAL, MARA = "C0GENERAL", "U0ONCALL"


async def test_a_home_is_shown_when_it_is_opened_and_changes_with_its_button(
    meeting: Meeting,
) -> None:
    def home(count: int) -> Json:
        text = {"type": "mrkdwn", "text": f"Pressed {count} times"}
        return {"type": "home", "blocks": [{"type": "section", "text": text}, button()]}

    pressed: list[Json] = []

    @meeting.app.event("app_home_opened")
    async def on_home(event: Json, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=home(len(pressed)))

    @meeting.app.action("go")
    async def on_press(ack: Any, body: Json, client: Any) -> None:
        await ack()
        pressed.append(body)
        shown = body["view"]
        view = home(len(pressed))
        await client.views_publish(user_id=body["user"]["id"], view=view, hash=shown["hash"])

    mara = meeting.sandbox.as_person(MARA)
    await mara.open_home()
    await meeting.sandbox.deliver.settle()
    shown = meeting.sandbox.workspace.homes[MARA]
    assert shown.content["blocks"][0]["text"]["text"] == "Pressed 0 times"
    await mara.press_in_view(shown.id, "row", "go")

    assert shown.content["blocks"][0]["text"]["text"] == "Pressed 1 times"
    assert pressed[0]["container"] == {"type": "view", "view_id": shown.id}
    assert "response_url" not in pressed[0]


async def test_a_button_in_a_modal_pushes_another_on_top(meeting: Meeting) -> None:
    first = modal("first", blocks=[*modal()["blocks"], button("more")])

    @meeting.app.command("/help-me")
    async def on_command(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=first)

    @meeting.app.action("more")
    async def on_more(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal("second"))

    mara = meeting.sandbox.as_person(MARA)
    await mara.slash(GENERAL, "/help-me")
    below = mara.open_view()
    assert below is not None
    await mara.press_in_view(below.id, "row", "more")
    on_top = mara.open_view()

    assert on_top is not None
    assert on_top.content["callback_id"] == "second"
    assert (on_top.previous_id, on_top.root_id) == (below.id, below.id)
    await mara.close(on_top.id)
    assert mara.open_view() is below


async def test_a_reaction_is_answered_with_one(meeting: Meeting, heard: Api) -> None:
    @meeting.app.event("reaction_added")
    async def on_reaction(event: Json, client: Any, context: Json) -> None:
        if event["user"] == context["bot_user_id"]:
            return
        item = event["item"]
        await client.reactions_add(
            channel=item["channel"], timestamp=item["ts"], name=event["reaction"]
        )

    await heard.ok("conversations.join", channel=GENERAL)
    ts = await posted(heard, GENERAL, text="It is down")
    await meeting.sandbox.as_person(MARA).react(GENERAL, ts, "eyes")
    await meeting.sandbox.deliver.settle()

    found = await heard.ok("reactions.get", channel=GENERAL, timestamp=ts)
    assert found["message"]["reactions"][0]["users"] == [MARA, "U0HELPER"]
