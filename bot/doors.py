"""How do requests come in?"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator

import structlog
import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics, registry, watching
from bot.app import Bot
from bot.core.alerts import Alert
from bot.core.failures import Permanent, Retryable, TokenRefused
from bot.hooks import inbound
from bot.settings import Misconfigured, Settings, plain
from bot.slack import signed

_FINISH_SECONDS = 3  # Slack waits no longer for an answer
_log = structlog.get_logger()


@contextlib.asynccontextmanager
async def on_socket(bot: Bot, settings: Settings) -> AsyncIterator[None]:
    """Take requests by Socket Mode.

    Raises:
        Misconfigured: the app-level token is missing or refused.
    """
    token = settings.app_token()
    try:
        # The SDK would try a refused token again for ever.
        await bot.calls.open_socket(token)
    except (Permanent, TokenRefused) as error:
        raise Misconfigured(
            f"Slack refused SLACK_APP_TOKEN ({error}). Make an app-level token with "
            "connections:write on the app's page, Basic Information, and switch Socket Mode on."
        ) from error
    except Retryable as error:
        _log.warning("slack.unreachable", reason=str(error))
    handler = AsyncSocketModeHandler(bot.bolt, token, web_client=bot.calls.client)
    bot.readiness.hangs_on(handler.client.is_connected)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        # What arrives while the line closes stays unacked, and Slack sends it again.
        bot.bolt.logger.addFilter(_is_no_farewell)
        await handler.close_async()  # type: ignore[no-untyped-call]


def _is_no_farewell(record: logging.LogRecord) -> bool:
    said = record.getMessage()
    return "closing transport" not in said and "no longer active" not in said


@contextlib.asynccontextmanager
async def on_http(bot: Bot, settings: Settings) -> AsyncIterator[None]:
    """Take requests by signed HTTP on PORT.

    Raises:
        Misconfigured: the signing secret is missing, or the port is taken.
    """
    settings.signing_secret()
    async with _served(web(bot, settings), settings.port):
        yield


@contextlib.asynccontextmanager
async def on_hooks(bot: Bot, settings: Settings) -> AsyncIterator[None]:
    """Beside Socket Mode: other systems' way in on PORT, if they have one.

    Raises:
        Misconfigured: the port is taken.
    """
    if not settings.takes_hooks:
        yield
        return
    async with _served(Starlette(routes=_ways_in(bot, settings)), settings.port):
        yield


@contextlib.asynccontextmanager
async def on_metrics(bot: Bot, settings: Settings) -> AsyncIterator[None]:
    """/metrics, /healthz and /readyz on WARROOM_METRICS_PORT, if it is set.

    Raises:
        Misconfigured: the port is taken.
    """
    port = settings.warroom_metrics_port
    if port is None:
        yield
        return
    app = Starlette(routes=[*_probes(bot), _metrics(bot)])
    async with _served(app, port, "WARROOM_METRICS_PORT"):
        yield


@contextlib.asynccontextmanager
async def _served(app: Starlette, port: int, name: str = "PORT") -> AsyncIterator[None]:
    server = _Server(
        uvicorn.Config(
            app,
            host="0.0.0.0",  # noqa: S104 (Slack calls from outside; each request is signed)
            port=port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_FINISH_SECONDS,
        )
    )
    serving = asyncio.create_task(_serve(server))
    while not server.started:
        if serving.done():
            raise Misconfigured(f"Port {port} is taken. Set {name} to a free one.")
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves signals to the command line, which stops the courier too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


async def _serve(server: uvicorn.Server) -> None:
    try:
        await server.serve()
    except SystemExit as stop:  # uvicorn's way of saying that it could not bind
        _log.error("http.not_started", code=stop.code)


def web(bot: Bot, settings: Settings) -> Starlette:
    """The HTTP side: Slack's requests, other systems', and whether the bot is well."""
    secret = settings.signing_secret()

    async def slack_events(request: Request) -> Response:
        return await signed.answer(request, bot.bolt, secret)

    slack = Route("/slack/events", slack_events, methods=["POST"])
    return Starlette(routes=[slack, *_ways_in(bot, settings)])


def _ways_in(bot: Bot, settings: Settings) -> list[Route]:
    announces = settings.warroom_announce_channel is not None

    async def alert(told: Alert) -> int | None:
        return await registry.take_alert(bot.engine, told, announces=announces)

    async def ack(told: inbound.Ack) -> int | None:
        return await registry.take_answer(bot.engine, bot.desk.people, told)

    secrets = inbound.Secrets(
        alert=plain(settings.warroom_alert_secret),
        pagerduty=plain(settings.pagerduty_webhook_secret),
    )
    # What has a port of its own is not shown on the one that everybody reaches.
    figures = [] if settings.warroom_metrics_port else [_metrics(bot)]
    return [
        *_probes(bot),
        *figures,
        *inbound.routes(alert, ack, secrets, bot.clock),
        *bot.outcomes.routes(),
    ]


def _probes(bot: Bot) -> list[Route]:
    async def healthz(_request: Request) -> Response:
        # Alone that it answers: a restart cures no database, and would drop what is under way.
        return JSONResponse({"ok": True})

    async def readyz(_request: Request) -> Response:
        reasons = await bot.readiness.reasons()
        shown = {"ready": not reasons, "reasons": reasons}
        return JSONResponse(shown, status_code=503 if reasons else 200)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
    ]


def _metrics(bot: Bot) -> Route:
    async def figures(_request: Request) -> Response:
        page = await watching.page(bot.database, bot.engine.policy, bot.clock.now())
        return Response(page, headers={"content-type": metrics.CONTENT_TYPE})

    return Route("/metrics", figures, methods=["GET"])
