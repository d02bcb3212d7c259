"""Who is on call, according to the pager's schedule?"""

from __future__ import annotations

from datetime import datetime, timedelta

import aiohttp
import structlog
from pydantic import BaseModel

from bot.clock import Clock

API_URL = "https://api.pagerduty.com"
_FRESH = timedelta(seconds=60)
_LIMIT_SECONDS = 1.0  # of the 3 s an ack may take
_log = structlog.get_logger()


class _User(BaseModel):
    email: str | None = None


class _OnCall(BaseModel):
    escalation_level: int
    user: _User | None = None


class _OnCalls(BaseModel):
    oncalls: list[_OnCall] | None = None


class Schedules:
    """Asks PagerDuty; whoever cannot be told in a second is not known."""

    def __init__(
        self, http: aiohttp.ClientSession, clock: Clock, token: str | None, api_url: str = API_URL
    ) -> None:
        self._http = http
        self._clock = clock
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._known: dict[str, tuple[str | None, datetime]] = {}

    async def on_call(self, schedule_id: str) -> str | None:
        """The e-mail address of who is on call; None when it cannot be told.

        An answer holds for 60 s. An older one is not used: whoever was on call then may sleep.

        https://developer.pagerduty.com/api-reference/3a6b910f11050-list-all-of-the-on-calls
        """
        known = self._known.get(schedule_id)
        if known and self._clock.now() < known[1]:
            return known[0]
        if not self._token:
            return None
        try:
            email = await self._ask(schedule_id, self._token)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            _log.warning("schedule.unknown", schedule=schedule_id, reason=type(error).__name__)
            return None
        self._known[schedule_id] = (email, self._clock.now() + _FRESH)
        return email

    async def _ask(self, schedule_id: str, token: str) -> str | None:
        limit = aiohttp.ClientTimeout(total=_LIMIT_SECONDS)
        query = {"schedule_ids[]": schedule_id, "include[]": "users"}
        headers = {"Authorization": f"Token token={token}"}
        url = f"{self._api_url}/oncalls"
        async with self._http.get(
            url, params=query, headers=headers, timeout=limit, allow_redirects=False
        ) as answer:
            if answer.status != 200:
                raise ValueError(f"HTTP {answer.status}")
            told = _OnCalls.model_validate(await answer.json())
        first = min(told.oncalls or [], key=lambda one: one.escalation_level, default=None)
        return (first.user.email or None) if first and first.user else None
