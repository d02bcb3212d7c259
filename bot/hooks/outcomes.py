"""How does what other systems answered come back as something that is recorded?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

import structlog
from starlette.routing import Route

from bot.core import ids
from bot.core.failures import Permanent, Unknown
from bot.core.outcome import Refused, Rule
from bot.core.webhooks import VIA, Answered, CalledBack, Came, NotSent, Sent
from bot.engine import Asked, Engine, Existing, NotWritten
from bot.hooks import callbacks
from bot.hooks.callbacks import Callbacks

_log = structlog.get_logger()


class Owed(Protocol):
    """One thing as the outbox holds it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def attempts(self) -> int: ...  # noqa: D102


O = TypeVar("O", bound=Owed, contravariant=True)  # noqa: E741
Deliver = Callable[[O], Awaitable[dict[str, Any] | None]]


class Outcomes:
    """Hands what came of it to the one rule that records it, under a key that makes twice once."""

    def __init__(self, engine: Engine, rule: Rule, back: Callbacks) -> None:
        self._engine = engine
        self._rule = rule
        self.callbacks = back

    def routes(self) -> list[Route]:
        """The way in for those who were told an address."""
        return callbacks.routes(self.callbacks, self.call_back)

    def recorded(self, deliver: Deliver[O]) -> Deliver[O]:
        """The same deliveries; what came of those that targets were owed is on record after.

        An answer that cannot be recorded is asked for again: the other side knows the repeat.
        """

        async def carry(owed: O) -> dict[str, Any] | None:
            if owed.body.get("via") != VIA:
                return await deliver(owed)
            about = str(owed.body["about"])
            sent = Sent(owed.name, about, str(owed.body["target"]["id"]))
            number = int(owed.body["incident"])
            try:
                answer = await deliver(owed) or {}
            except Permanent as error:
                await self._take(number, NotSent(sent, str(error)), f"failed {owed.attempts}")
                raise
            came = Answered(
                sent, int(answer["status"]), answer.get("reference"), answer.get("link")
            )
            await self._take(number, came, "answered")
            return answer

        return carry

    async def call_back(self, number: int, came: CalledBack) -> bool:
        """Record a call-back; False when it was said before.

        Raises:
            Refused: it was said before, or the incident is not there.
            NotWritten: the log did not take it.
        """
        asked = Asked(callbacks.key(came.sent.name), ids.BOT)
        done = await self._engine.carry_out(self._rule, came, Existing(number), asked)
        return not done.is_replay

    async def _take(self, number: int, came: Came, what: str) -> None:
        asked = Asked(f"webhook {what} {came.sent.name}", ids.BOT)
        try:
            await self._engine.carry_out(self._rule, came, Existing(number), asked)
        except NotWritten as error:
            raise Unknown("webhook: its outcome could not be written") from error
        except Refused:
            _log.warning("webhook.not_recorded", number=number)
