"""How does a room behave: emoji, times after which something happens by itself, the bridge?"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from runbooks.base import Model
from runbooks.span import Span, Time

Emoji = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_+'-]{1,100}$")]


class Habits(Model):
    """What a room does by itself; `mentions` people get at most within `mention_window`.

    `remind_again` is how often what is overdue is said again once the ladder is climbed or
    answered; `resolved_update_every` how often executives are told between resolved and closed.
    """

    decision_reaction: Emoji = "scroll"
    timeline_reaction: Emoji = "round_pushpin"
    withdraw_within: Time = timedelta(seconds=60)
    keep_talk: bool = True
    propose_applies_after: Time = timedelta(minutes=5)
    idle_after: Span = Span.read("PT12H")
    archive_after: Span = Span.read("P14D")
    bridge_url: Annotated[str, StringConstraints(pattern=r"^https://\S{1,2000}$")] | None = None
    mention_window: Time = timedelta(minutes=30)
    mentions: int = Field(default=3, ge=1, le=20)
    remind_again: Time = timedelta(minutes=30)
    resolved_update_every: Time = timedelta(days=1)
