"""How do requests reach the app, and what does it answer within 3 s?"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Coroutine, Iterator
from typing import Any

from bot.sandbox.errors import NotAcked
from bot.sandbox.faults import OUTAGE, UNHURT, Struck
from bot.sandbox.link import Link
from bot.sandbox.model import Delivery, Json
from bot.sandbox.over_http import EVENTS, VERIFICATION_TOKEN, OverHttp
from bot.sandbox.rules import requests
from bot.sandbox.rules.events import limit
from bot.sandbox.tally import Tally
from bot.sandbox.workspace import TEAM_ID, Workspace

ACK_SECONDS = float(requests.limit("requests.ack"))
_RETRY_AFTER_SECONDS = tuple(
    float(limit(f"events.retries.{which}")) for which in ("first", "second", "third")
)
_DELAYED_HOURS = limit("events.delayed")
_HOUR = 3600.0
_LOOK_SECONDS = 0.1  # how often a clock that people can move is looked at


class Deliver:
    """Sends payloads over signed HTTP when there is a URL, else over Socket Mode.

    `tally` counts the events of the last hour. `is_delaying` is Slack's option Delayed Events: what
    was not acked is sent again each hour for a day.
    """

    def __init__(self, workspace: Workspace, link: Link, app_url: str | None) -> None:
        self._workspace = workspace
        self._link = link
        self._http = None if app_url is None else OverHttp(app_url)
        self._is_verified = False
        self._verifying = asyncio.Lock()
        self._firsts: set[asyncio.Task[None]] = set()
        self._repeats: set[asyncio.Task[None]] = set()
        self.tally = Tally(workspace.elapsed)
        self.is_delaying = False
        workspace.take_events(self._take_event)

    def start(self) -> None:
        """Send the URL its challenge; an app that does not listen yet gets it with an event."""
        if self._http is not None:
            self._spawn(self._verify_early(), self._repeats)

    async def ask(self, kind: str, payload: Json) -> Any:
        """Send a "slash_commands" or "interactive" payload; returns the ack's body, None if empty.

        Raises:
            NotAcked: operation_timeout after 3 s, dispatch_failed,
                http_client_error, http_service_error.
        """
        return await self._send(kind, payload, {})

    async def check_ssl(self) -> bool:
        """Send an `ssl_check` over HTTP; whether the app answered 200 within 3 s."""
        if self._http is None:
            return False
        try:
            async with asyncio.timeout(ACK_SECONDS):
                return await self._http.check_ssl()
        except (TimeoutError, NotAcked):
            return False

    async def close(self) -> None:
        """Stop repeating events and let go of connections."""
        under_way = [*self._firsts, *self._repeats]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    async def settle(self) -> None:
        """Wait until no first delivery of an event is under way; repeats are not waited for."""
        while self._firsts:
            await asyncio.wait(list(self._firsts))

    def _take_event(self, event: Json) -> None:
        self._spawn(self._send_event(self._callback(event)), self._firsts)

    def _spawn(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    def _callback(self, event: Json) -> Json:
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "api_app_id": self._workspace.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(float(event["event_ts"])),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": self._workspace.app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": secrets.token_hex(8),
        }

    async def _send_event(self, payload: Json) -> None:
        if self.tally.is_disabled:
            return
        if not self.tally.has_room():
            await self._tell_too_many()
            return
        try:
            await self._verify()
            await self._send_counted(payload, {})
        except NotAcked as error:
            self._spawn(self._repeat(payload, error), self._repeats)

    async def _repeat(self, payload: Json, error: NotAcked) -> None:
        for attempt, wait in enumerate(self._waits(), start=1):
            if error.is_final:
                return
            await self._pass(wait)
            if self.tally.is_disabled or not self.tally.has_room():
                return
            try:
                await self._verify()
                retry = {"retry_attempt": attempt, "retry_reason": error.reason}
                await self._send_counted(payload, retry)
                return
            except NotAcked as once_more:
                error = once_more

    def _waits(self) -> Iterator[float]:
        yield from _RETRY_AFTER_SECONDS
        if self.is_delaying:
            yield from [_HOUR] * _DELAYED_HOURS

    async def _pass(self, seconds: float) -> None:
        """Wait by the workspace's clock, which people may move."""
        due = self._workspace.elapsed() + seconds
        while (left := due - self._workspace.elapsed()) > 0:
            await asyncio.sleep(min(left, _LOOK_SECONDS))

    async def _send_counted(self, payload: Json, retry: Json) -> None:
        sent = self.tally.sent()
        try:
            await self._send(EVENTS, payload, retry)
        except NotAcked:
            self.tally.lost(sent)
            raise

    async def _tell_too_many(self) -> None:
        if not self.tally.is_to_be_told():
            return
        now = self._workspace.now_seconds()
        payload = {
            "token": VERIFICATION_TOKEN,
            "type": "app_rate_limited",
            "team_id": TEAM_ID,
            "minute_rate_limited": now - now % 60,
            "api_app_id": self._workspace.app.app_id,
        }
        with contextlib.suppress(NotAcked):
            await self._send(EVENTS, payload, {})

    async def _verify_early(self) -> None:
        with contextlib.suppress(NotAcked):
            await self._verify()

    async def _verify(self) -> None:
        async with self._verifying:
            if self._http is None or self._is_verified:
                return
            if self._workspace.faults.is_out:
                raise NotAcked("dispatch_failed", "connection_failed")
            started_at = time.monotonic()
            try:
                async with asyncio.timeout(ACK_SECONDS):
                    payload = await self._http.verify()
            except TimeoutError:
                raise NotAcked("operation_timeout", "http_timeout") from None
            self._is_verified = True
            times = (started_at, time.monotonic())
            self._workspace.journal.delivered(Delivery(EVENTS, payload, None, *times))

    async def _send(
        self, kind: str, payload: Json, retry: Json, struck: Struck | None = None
    ) -> Any:
        started_at = time.monotonic()
        struck = struck or self._workspace.faults.on_delivery(kind, payload)
        error = "lost" if struck.what == "lost" else None
        try:
            async with asyncio.timeout(ACK_SECONDS + struck.late):
                if struck is not UNHURT:
                    return await self._go_wrong(struck, kind, payload, retry)
                return await self._reach(kind, payload, retry)
        except TimeoutError:
            error = "operation_timeout"
            raise NotAcked(error, "http_timeout" if self._http else "timeout") from None
        except NotAcked as not_acked:
            error = not_acked.code
            raise
        finally:
            times = (started_at, time.monotonic(), retry.get("retry_attempt", 0))
            self._workspace.journal.delivered(
                Delivery(kind, payload, error, *times, fault=struck.name)
            )

    async def _reach(self, kind: str, payload: Json, retry: Json) -> Any:
        if self._http is None:
            return await self._over_socket(kind, payload, retry)
        return await self._http.ask(kind, payload, retry)

    async def _go_wrong(self, struck: Struck, kind: str, payload: Json, retry: Json) -> Any:
        await asyncio.sleep(struck.late)
        if struck.what == OUTAGE:
            raise NotAcked("dispatch_failed", "connection_failed")
        if struck.what == "lost" and kind != EVENTS:
            raise NotAcked("operation_timeout")
        if struck.what == "lost":
            return None
        if struck.what == "doubled":
            self._spawn(self._once_more(kind, payload, retry), self._repeats)
        if struck.what == "disconnect":
            asyncio.get_running_loop().call_soon(self._link.cut)
        return await self._reach(kind, payload, retry)

    async def _once_more(self, kind: str, payload: Json, retry: Json) -> None:
        with contextlib.suppress(NotAcked):
            await self._send(kind, payload, retry, UNHURT)

    async def _over_socket(self, kind: str, payload: Json, retry: Json) -> Any:
        is_event = kind == EVENTS
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "accepts_response_payload": not is_event,
            "payload": payload,
        }
        if is_event:
            envelope |= {"retry_attempt": 0, "retry_reason": "", **retry}
        return await self._link.ask(envelope, is_repeat=bool(retry))
