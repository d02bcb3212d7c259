"""What does it mean when another system did not do what it was asked?"""

from __future__ import annotations

from datetime import timedelta


class Permanent(Exception):
    """Refused for good; `code` is the other side's word, `needed` the right that is missing."""

    def __init__(self, method: str, code: str, needed: str | None = None) -> None:
        super().__init__(f"{method}: {code}" + (f" (needs {needed})" if needed else ""))
        self.code = code
        self.needed = needed


class Retryable(Exception):
    """It was not done now; `after` is how long to wait, None leaves it to the caller."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class TooFast(Retryable):
    """Slack's limit on `method` is reached, and `after` is known."""

    def __init__(self, method: str, after: timedelta) -> None:
        super().__init__(f"{method}: ratelimited", after)
        self.method = method


class TokenRefused(Retryable):
    """The token is not good. What is owed stays owed until somebody gives a better one."""


class Away(Retryable):
    """There was no way to it at all."""


class Unknown(Retryable):
    """Nobody knows whether it happened: look before it is sent again."""
