"""Which events are of the bot's own doing, and need not be heard?"""

from __future__ import annotations

from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.ignoring_self_events.async_ignoring_self_events import (
    AsyncIgnoringSelfEvents,
)


class IgnoringOurs(AsyncIgnoringSelfEvents):
    """As Bolt does it, but for deletions."""

    @classmethod
    def _is_self_event(
        cls,
        auth_result: AuthorizeResult,
        user_id: str | None,
        bot_id: str | None,
        body: dict[str, Any],
    ) -> bool:
        # Slack does not say who deleted a message, and Bolt takes its author for the one who did:
        # nobody would learn that the summary is gone.
        if (body.get("event") or {}).get("subtype") == "message_deleted":
            return False
        return bool(super()._is_self_event(auth_result, user_id, bot_id, body))
