"""Is the bot spared what it did itself, and told of what others did to its messages?"""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.slack.ours import IgnoringOurs

OURS: dict[str, Any] = {"user": "UBOT", "bot_id": "BBOT", "text": "Summary"}


@pytest.mark.parametrize(
    ("event", "is_heard"),
    [
        ({"type": "message", **OURS}, False),
        ({"type": "reaction_added", "user": "UBOT"}, False),
        ({"type": "message", "subtype": "channel_topic", "user": "UBOT"}, False),
        ({"type": "message", "subtype": "message_changed", "message": OURS}, False),
        ({"type": "message", "subtype": "message_deleted", "previous_message": OURS}, True),
        ({"type": "message", "user": "UMARA", "text": "Hello"}, True),
        ({"type": "member_left_channel", "user": "UBOT"}, True),
    ],
)
async def test_what_the_bot_did_is_not_heard_and_what_was_done_to_it_is(
    event: dict[str, Any], is_heard: bool
) -> None:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id="T1",
            bot_token="xoxb-1",
            bot_id="BBOT",
            bot_user_id="UBOT",
        )

    bolt = AsyncApp(
        authorize=authorize, process_before_response=True, ignoring_self_events_enabled=False
    )
    bolt.use(IgnoringOurs())
    heard: list[object] = []

    async def hear(body: dict[str, Any]) -> None:
        heard.append(body["event"])

    bolt.event(event["type"])(hear)
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    response = await bolt.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    assert response.status == 200
    assert heard == ([event] if is_heard else [])
