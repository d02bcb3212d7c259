"""Which requests does the workspace answer?"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.sandbox import answers, scopes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.link import Link
from bot.sandbox.methods import METHODS
from bot.sandbox.model import Call, Json
from bot.sandbox.workspace import Workspace

# Told at start, and good for nothing elsewhere.
BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
_OPEN = "apps.connections.open"
_FREE = ("api.test",)


class Web:
    """The HTTP side: the Web API, response URLs and the door to Socket Mode."""

    def __init__(self, workspace: Workspace, link: Link, latency: timedelta) -> None:
        self.calls: deque[Call] = deque(maxlen=10_000)
        self._workspace = workspace
        self._link = link
        self._latency = latency

    def routes(self) -> list[BaseRoute]:
        """The routes, for a Starlette or FastAPI application."""
        return [
            Route("/api/{method:path}", self._api, methods=["GET", "POST"]),
            Route("/response/{response_id}", self._response, methods=["POST"]),
            WebSocketRoute("/link/", self._link.endpoint),
            WebSocketRoute("/link", self._link.endpoint),
        ]

    async def _api(self, request: Request) -> Response:
        name = request.path_params["method"]
        started_at = time.monotonic()
        given: Json = {}
        try:
            given = await _given(request)
            token = _token(request, given)
            if self._latency:
                await asyncio.sleep(self._latency.total_seconds())
            answer = {"ok": True, **self._answer(name, token, given)}
        except SlackError as error:
            answer = error.answer
        shown = {key: value for key, value in given.items() if key != "token"}
        ended_at = time.monotonic()
        call = Call(name, shown, answer["ok"], answer.get("error"), started_at, ended_at)
        self.calls.append(call)
        return JSONResponse(answer, headers=self._headers(name))

    def _answer(self, name: str, token: str, given: Json) -> Json:
        if name != _OPEN and name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        if name in _FREE:
            return METHODS[name].run(self._workspace, Arguments(given))
        if not token:
            raise SlackError("not_authed")
        if token not in (BOT_TOKEN, APP_TOKEN):
            raise SlackError("invalid_auth")
        if (token == APP_TOKEN) != (name == _OPEN):
            raise SlackError("not_allowed_token_type")
        if name == _OPEN:
            return self._open_connection(given)
        method = METHODS[name]
        scopes.need(self._workspace, method.scopes)
        args = Arguments(given)
        args.require(*method.required)
        return method.run(self._workspace, args)

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

    async def _response(self, request: Request) -> Response:
        try:
            body = await _given(request)
            answers.through_url(self._workspace, request.path_params["response_id"], body)
        except SlackError as error:
            # What Slack answers here is not documented; its SDK only looks at the status.
            spent = error.code in ("invalid_url", "expired_url", "used_url")
            return JSONResponse(error.answer, status_code=404 if spent else 400)
        return PlainTextResponse("ok")


async def _given(request: Request) -> Json:
    given: Json = dict(request.query_params)
    if request.method == "GET":
        return given
    content_type = request.headers.get("content-type", "").split(";")[0]
    if content_type == "application/json":
        return given | _parsed(await request.body())
    if content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.form()
        return given | dict(form)
    if await request.body():
        raise SlackError("missing_post_type")
    return given


def _parsed(body: bytes) -> Json:
    if not body:
        return {}
    try:
        parsed: Any = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return parsed


def _token(request: Request, given: Json) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    return str(given.get("token") or "")
