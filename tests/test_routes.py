"""Does each request reach the one that listens to it, and none that nobody listens to?"""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest, AsyncRespond
from slack_bolt.authorization import AuthorizeResult

from bot.slack.answers import Body
from bot.slack.routes import Kind, Listener, Routes

FROM = {"team": {"id": "T1"}, "user": {"id": "U1"}, "token": ""}
ACTION = {"action_id": "one", "block_id": "b", "type": "button"}
REQUESTS: dict[Kind, dict[str, Any]] = {
    "action": {"type": "block_actions", "actions": [ACTION]},
    "options": {"type": "block_suggestion", "action_id": "one", "block_id": "b", "value": ""},
    "shortcut": {"type": "shortcut", "callback_id": "one"},
    "view": {"type": "view_submission", "view": {"type": "modal", "callback_id": "one"}},
}
MORE: list[tuple[Kind, dict[str, Any]]] = [
    *REQUESTS.items(),
    ("shortcut", {"type": "message_action", "callback_id": "one"}),
]


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="UBOT")


@pytest.fixture
def bolt() -> AsyncApp:
    """An app that nothing is registered with."""
    return AsyncApp(authorize=_authorize, process_before_response=True)


async def _sent(bolt: AsyncApp, body: dict[str, Any]) -> int:
    request = AsyncBoltRequest(body={**FROM, **body}, mode="socket_mode")
    return int((await bolt.async_dispatch(request)).status)


def _noting(heard: list[str], name: str) -> Listener:
    async def listen(ack: AsyncAck, _body: Body, _respond: AsyncRespond) -> None:
        heard.append(name)
        await ack()

    return listen


@pytest.mark.parametrize(("kind", "body"), MORE)
async def test_a_request_reaches_its_listener_alone(
    bolt: AsyncApp, kind: Kind, body: dict[str, Any]
) -> None:
    routes, heard = Routes(bolt), list[str]()
    for other in REQUESTS:
        routes.add(other, "one", _noting(heard, other))
        routes.add(other, "another", _noting(heard, f"another {other}"))
    assert await _sent(bolt, body) == 200
    assert heard == [kind]


@pytest.mark.parametrize(("kind", "body"), MORE)
async def test_what_nobody_listens_to_is_said_to_be_unknown(
    bolt: AsyncApp, kind: Kind, body: dict[str, Any]
) -> None:
    routes, heard = Routes(bolt), list[str]()
    routes.add(kind, "one or another", _noting(heard, "another"))
    assert await _sent(bolt, body) == 404
    assert not heard


def test_two_cannot_listen_to_the_same(bolt: AsyncApp) -> None:
    routes = Routes(bolt)
    routes.add("view", "one", _noting([], ""))
    with pytest.raises(ValueError, match="two features listen to the view one"):
        routes.add("view", "one", _noting([], ""))
