"""What does the app get of modals that are submitted, closed or typed into?"""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse

from bot.sandbox import modals
from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, Json, modal, plain
from tests.sandbox.requests.fields import INTERACTION, VIEW, a_select, last, opened
from tests.sandbox.requests.listener import Listener

GENERAL, MARA, IDRIS = "C0GENERAL", "U0ONCALL", "U0SAFETY"


@pytest.mark.rule("submission.payload", "submission.response_urls")
async def test_a_submission_brings_the_view_and_urls_for_the_channels_chosen(
    asked: Sandbox, api_of_asked: Api, listener: Listener
) -> None:
    with_url = a_select("conversations_select", response_url_enabled=True)
    view = opened(asked, blocks=[*modal()["blocks"], with_url])
    mara = asked.as_person(MARA)
    mara.fill(view.id, "question", "answer", {"type": "plain_text_input", "value": "x"})
    chosen = {"type": "conversations_select", "selected_conversation": GENERAL}
    mara.fill(view.id, "where", "pick", chosen)
    await mara.submit(view.id)

    payload = last(listener)
    assert set(payload) == INTERACTION | {"api_app_id", "trigger_id", "view", "response_urls"}
    assert set(payload["view"]) == VIEW
    [place] = payload["response_urls"]
    url = place.pop("response_url")
    assert place == {"block_id": "where", "action_id": "pick", "channel_id": GENERAL}
    assert await api_of_asked.respond(url, text="Here", response_type="in_channel") == 200
    assert asked.workspace.messages_seen_by(GENERAL, IDRIS)[-1].text == "Here"


@pytest.mark.rule("closed.payload", "closed.asked")
async def test_closing_brings_no_state_and_with_the_x_the_root(
    asked: Sandbox, listener: Listener
) -> None:
    mara = asked.as_person(MARA)
    silent = opened(asked)
    await mara.close(silent.id)
    assert listener.requests == []

    root = opened(asked, notify_on_close=True)
    on_top = modals.push(asked.workspace, MARA, modal(notify_on_close=True))
    mara.fill(on_top.id, "question", "answer", {"type": "plain_text_input", "value": "x"})
    await mara.close(on_top.id)
    payload = last(listener)
    assert set(payload) == INTERACTION | {"api_app_id", "view", "is_cleared"}
    assert (payload["view"]["id"], payload["is_cleared"]) == (on_top.id, False)
    assert payload["view"]["state"] == {"values": {}}

    modals.push(asked.workspace, MARA, modal(notify_on_close=True))
    await mara.close_all()
    assert (last(listener)["view"]["id"], last(listener)["is_cleared"]) == (root.id, True)
    assert len(listener.requests) == 2


@pytest.mark.rule("suggestion.payload", "suggestion.options", "suggestion.groups")
async def test_a_suggestion_takes_a_hundred_options_or_groups_of_them(
    asked: Sandbox, listener: Listener
) -> None:
    view = opened(asked, blocks=[a_select("external_select", min_query_length=0)])
    mara = asked.as_person(MARA)

    def options(number: int) -> list[Json]:
        return [{"text": plain(f"{each}"), "value": f"{each}"} for each in range(number)]

    def groups(number: int, each: int) -> list[Json]:
        return [{"label": plain(f"{one}"), "options": options(each)} for one in range(number)]

    async def offered(answer: Json) -> int:
        listener.answers.append(JSONResponse(answer))
        return len(await mara.suggest(view.id, "where", "pick", "a"))

    assert await offered({"options": options(100)}) == 100
    assert await offered({"options": options(101)}) == 0
    assert await offered({"option_groups": groups(3, 100)}) == 300
    assert await offered({"option_groups": groups(1, 101)}) == 0
    assert await offered({"option_groups": groups(101, 1)}) == 0
    own = "api_app_id container action_id block_id value view"
    assert set(last(listener)) == INTERACTION | set(own.split())
