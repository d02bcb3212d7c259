"""Which requests does the workspace answer?"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.sandbox import answers, scopes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.faults import Struck
from bot.sandbox.link import Link
from bot.sandbox.methods import METHODS
from bot.sandbox.methods.scheduled import post_due
from bot.sandbox.model import Call, Json
from bot.sandbox.pace import POST_MESSAGE, Pace
from bot.sandbox.server import Broken
from bot.sandbox.transfers import Read, Transfers
from bot.sandbox.workspace import Workspace

# Told at start, and good for nothing elsewhere.
BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
RESPONSE_URL = "response_url"
_OPEN = "apps.connections.open"
_FREE = ("api.test",)
_SPENT = ("invalid_url", "expired_url", "used_url")


class _Told(JSONResponse):
    """An answer in Slack's form; `error` is its code, None when it is a yes."""

    def __init__(self, body: Json, status: int = 200, headers: Json | None = None) -> None:
        super().__init__(body, status, headers)
        self.error: str | None = body.get("error")

    def render(self, content: Any) -> bytes:
        # Half a surrogate pair, which JSON can hold, has no bytes in UTF-8.
        return json.dumps(content, separators=(",", ":")).encode("ascii")


class _TooFast(Exception):
    """The app has to wait so many whole seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass
class _Asked:
    """A request on its way to an answer."""

    name: str
    struck: Struck
    started_at: float
    given: Json


class Web:
    """The HTTP side: the Web API, response URLs and the door to Socket Mode."""

    def __init__(
        self, workspace: Workspace, link: Link, latency: timedelta, pace: Pace | None
    ) -> None:
        """Every call waits `latency` first; without `pace` the app may call as fast as it can."""
        self._workspace = workspace
        self._link = link
        self._latency = latency.total_seconds()
        self._pace = pace

    def routes(self) -> list[BaseRoute]:
        """The routes, for a Starlette or FastAPI application."""
        return [
            Route("/api/{method:path}", self._api, methods=["GET", "POST"]),
            Route("/response/{response_id}", self._response, methods=["POST"]),
            *Transfers(self._workspace, self._answered, BOT_TOKEN).routes(),
            WebSocketRoute("/link/", self._link.endpoint),
            WebSocketRoute("/link", self._link.endpoint),
        ]

    async def _api(self, request: Request) -> Response:
        name = request.path_params["method"]
        return await self._answered(name, request, lambda given: self._called(name, request, given))

    async def _response(self, request: Request) -> Response:
        response_id = request.path_params["response_id"]

        def respond(given: Json) -> Response:
            try:
                answers.through_url(self._workspace, response_id, given)
            except SlackError as error:
                if error.code not in _SPENT:
                    return _Told(error.answer, 400)
                spent = self._workspace.chosen.spent_response_url
                return PlainTextResponse("ok") if spent is None else _Told(error.answer, spent)
            return PlainTextResponse("ok")

        return await self._answered(RESPONSE_URL, request, respond)

    async def _answered(
        self, name: str, request: Request, act: Callable[[Json], Response], read: Read | None = None
    ) -> Response:
        """Let `act` answer what `read` read, with what goes wrong on purpose before and after."""
        asked = _Asked(name, self._workspace.faults.on_call(name), time.monotonic(), {})
        try:
            asked.given = await (read or _given)(request)
        except SlackError as error:
            return self._noted(asked, _Told(error.answer))
        except ClientDisconnect:
            return self._noted(asked, Broken())
        wait = self._latency + asked.struck.late
        if wait:
            await asyncio.sleep(wait)
        before = _BEFORE.get(asked.struck.what)
        if before is not None:
            return self._noted(asked, before(asked.struck.seconds))
        response = act(asked.given)
        after = _AFTER.get(asked.struck.what)
        return self._noted(asked, response if after is None else after(asked.struck.seconds))

    def _called(self, name: str, request: Request, given: Json) -> Response:
        headers = self._headers(name)
        try:
            answer = {"ok": True, **self._answer(name, _token(request, given), given)}
        except SlackError as error:
            answer = error.answer
        except _TooFast as error:
            return _too_fast(error.seconds, headers)
        return _Told(answer, headers=headers)

    def _noted(self, asked: _Asked, response: Response) -> Response:
        is_silent = isinstance(response, Broken)
        error = "no answer" if is_silent else getattr(response, "error", None)
        if error is None and response.status_code >= 400:
            error = f"HTTP {response.status_code}"
        self._workspace.journal.called(
            Call(
                asked.name,
                {key: value for key, value in asked.given.items() if key != "token"},
                error is None,
                error,
                asked.started_at,
                time.monotonic(),
                0 if is_silent else response.status_code,
                asked.struck.name,
            )
        )
        return response

    def _answer(self, name: str, token: str, given: Json) -> Json:
        if name != _OPEN and name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        if name in _FREE:
            return METHODS[name].run(self._workspace, Arguments(given))
        if not token:
            raise SlackError("not_authed")
        if token not in (BOT_TOKEN, APP_TOKEN):
            raise SlackError("invalid_auth")
        if self._workspace.token_trouble and token == BOT_TOKEN:
            raise SlackError(self._workspace.token_trouble)
        if (token == APP_TOKEN) != (name == _OPEN):
            raise SlackError("not_allowed_token_type")
        self._keep_pace(name, given)
        if name == _OPEN:
            return self._open_connection(given)
        method = METHODS[name]
        scopes.need(self._workspace, method.scopes)
        args = Arguments(given)
        args.require(*method.required)
        post_due(self._workspace)
        return method.run(self._workspace, args)

    def _keep_pace(self, name: str, given: Json) -> None:
        if self._pace is None:
            return
        wait = self._pace.wait(name, self._channel_id(given) if name == POST_MESSAGE else "")
        if wait:
            raise _TooFast(wait)

    def _channel_id(self, given: Json) -> str:
        """The channel as it is counted: by id, however it was named; "" for what is not there."""
        asked = str(given.get("channel", "")).removeprefix("#")
        if asked in self._workspace.channels or asked in self._workspace.people:
            return asked
        channels = self._workspace.channels.values()
        return next((channel.id for channel in channels if channel.name == asked), "")

    def _open_connection(self, given: Json) -> Json:
        # The documentation calls a token among the arguments an error, so it is one here.
        if "token" in given:
            raise invalid_arguments("token must be sent in the Authorization header")
        address = self._workspace.url.replace("http://", "ws://", 1)
        app_id = self._workspace.app.app_id
        return {"url": f"{address}/link/?ticket={self._link.new_ticket()}&app_id={app_id}"}

    def _headers(self, name: str) -> dict[str, str]:
        headers = {"x-oauth-scopes": ",".join(self._workspace.app.scopes)}
        method = METHODS.get(name)
        if method is not None and method.scopes:
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        return headers


async def went_wrong(_: Request, __: Exception) -> Response:
    """What is answered where the workspace itself has a bug; the log has the traceback."""
    return _Told({"ok": False, "error": "fatal_error"}, 500)


def _too_fast(seconds: float, headers: Json | None = None) -> Response:
    wait = {"Retry-After": str(math.ceil(seconds))}
    return _Told({"ok": False, "error": "ratelimited"}, 429, {**(headers or {}), **wait})


def _internal_error(_: float) -> Response:
    return _Told({"ok": False, "error": "internal_error"})


def _broken_at_once(_: float) -> Response:
    return Broken()


def _http_500(_: float) -> Response:
    return PlainTextResponse("Internal Server Error", 500)


# What stands in for the answer, by the fault; each takes the fault's seconds.
_BEFORE: dict[str, Callable[[float], Response]] = {
    "429": _too_fast,
    "500": _http_500,
    "timeout": Broken,
    "drop": _broken_at_once,
}
_AFTER: dict[str, Callable[[float], Response]] = {
    "internal_error": _internal_error,
    "fatal_error": lambda _: _Told({"ok": False, "error": "fatal_error"}),
    "timeout_after": Broken,
    "drop_after": _broken_at_once,
}


async def _given(request: Request) -> Json:
    given: Json = dict(request.query_params)
    if request.method == "GET":
        return given
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type == "application/json":
        return given | _parsed(await request.body())
    if content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return given | await _form(request)
    if await request.body():
        raise SlackError("missing_post_type")
    return given


async def _form(request: Request) -> Json:
    try:
        form = await request.form()
    except (HTTPException, ValueError):
        raise SlackError("invalid_form_data") from None
    return {name: part if isinstance(part, str) else part.filename for name, part in form.items()}


def _parsed(body: bytes) -> Json:
    if not body:
        return {}
    try:
        parsed: Any = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return parsed


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _token(request: Request, given: Json) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    return str(given.get("token") or "")
