"""What is heard of Slack by whoever cannot ask it?"""

from __future__ import annotations

from bot.core.failures import Retryable
from bot.slack.calls import Calls, Json, Self

NOBODY = Self("", "", "", "", frozenset())


class Silent(Calls):
    """Calls that are not made: nobody waits for a Slack that was found not to answer."""

    def __init__(self) -> None:
        """There is no client behind it."""

    async def __call__(self, method: str, **arguments: object) -> Json:
        """Nothing is called.

        Raises:
            Retryable: always.
        """
        raise Retryable(f"{method}: Slack does not answer")
