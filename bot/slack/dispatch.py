"""How is each request of Slack's named, timed and answered when it cannot be read?"""

from __future__ import annotations

import random
import time
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.listener.async_listener_start_handler import AsyncListenerStartHandler
from slack_bolt.response import BoltResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from bot import metrics
from bot.reads import NotWritten
from bot.slack.reading import Malformed

NO_RETRY = {"x-slack-no-retry": "1"}  # https://docs.slack.dev/apis/events-api
_INTERACTIONS = {
    "block_actions", "block_suggestion", "message_action", "shortcut", "url_verification",
    "view_closed", "view_submission",
}  # fmt: skip
_EVENTS = {"event_callback": "event", "app_rate_limited": "rate_limited"}
_OUTCOMES = {200: "acked", 400: "malformed", 401: "unsigned", 404: "unknown"}
# Slack only tells of these; what nobody here wants to know is not a failure of ours.
_TOLD = {"event", "rate_limited", "view_closed"}
_BEGAN = "warroom_began"
_log = structlog.get_logger()


class Dispatch(AsyncApp):
    """Bolt's app; each request gets an id that its log lines carry, and is timed."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (Bolt's own)
        super().__init__(**options)
        self.error(_on_error)
        self.listener_runner.listener_start_handler = _Began()

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer a request; what cannot be read gets 400, and is not sent again."""
        clear_contextvars()
        name = f"{random.getrandbits(48):012x}"  # noqa: S311 (tells log lines apart, hides nothing)
        bind_contextvars(request=name)
        kind, said, began_at = kind_of(req.body), metrics.judging(), time.perf_counter()
        response = await self._dispatched(req)
        if response.status == 404 and kind in _TOLD:
            response = BoltResponse(status=200)
        elif response.status == 404 and kind == metrics.OTHER:
            response = BoltResponse(status=400, headers={**NO_RETRY})
        outcome = said[-1] if said else _OUTCOMES.get(response.status, "failed")
        seconds = time.perf_counter() - began_at
        metrics.ACKS.labels(kind, outcome).observe(seconds)
        # Whoever talks in a room sends an event with every message.
        log = _log.debug if kind in _TOLD else _log.info
        milliseconds = round(seconds * 1000, 1)
        log("request", kind=kind, outcome=outcome, milliseconds=milliseconds)
        return response

    async def _dispatched(self, req: AsyncBoltRequest) -> BoltResponse:
        try:
            return await super().async_dispatch(req)
        # Bolt reads the payload once more for whoever takes its errors, and trips over it there.
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            return await _on_error(error, req.context)


def kind_of(body: Any) -> str:  # noqa: ANN401 (whatever was sent)
    """The kind of request, in Slack's words; `other` for what Slack does not send."""
    if not isinstance(body, dict):
        return metrics.OTHER
    kind = body.get("type")
    if isinstance(kind, str) and kind in _INTERACTIONS:
        return kind
    if isinstance(kind, str) and kind in _EVENTS:
        return _EVENTS[kind]
    if "command" in body:
        return "command"
    return "ssl_check" if body.get("ssl_check") == "1" else metrics.OTHER


class _Began(AsyncListenerStartHandler):
    """Remembers that a listener of ours took the request."""

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        """Called before each listener."""
        request.context[_BEGAN] = True


async def _on_error(error: Exception, context: AsyncBoltContext) -> BoltResponse:
    """What Slack gets where nobody could be told: sent again only if that can help."""
    if isinstance(error, NotWritten):
        metrics.verdict("not_written")
        _log.warning("request.not_written", reason=str(error))
        return BoltResponse(status=503)
    if isinstance(error, Malformed) or not context.get(_BEGAN):
        metrics.verdict("malformed")
        _log.warning("request.malformed", exc_info=error)
        return BoltResponse(status=400, headers={**NO_RETRY})
    metrics.verdict("bug")
    _log.error("request.bug", exc_info=error)
    return BoltResponse(status=500)
