"""What is remembered of what other systems were asked on purpose?"""

from __future__ import annotations

from bot.core.facts import Fact, Words


class WebhookAnswered(Fact):
    """Another system took it; `send` is its name in the outbox, `about` what it belongs to."""

    send: str
    about: str
    target: str
    status: int
    reference: Words | None = None
    link: Words | None = None


class WebhookFailed(Fact):
    """It was given up."""

    send: str
    about: str
    target: str
    reason: str


class WebhookCalledBack(Fact):
    """The other system says that what it was asked is done, or failed."""

    send: str
    about: str
    target: str
    is_done: bool
    note: Words | None = None


KINDS: tuple[type[Fact], ...] = (WebhookAnswered, WebhookFailed, WebhookCalledBack)
