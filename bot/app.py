"""How are the parts of the bot built and connected?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog
import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import ticker
from bot.clock import Clock
from bot.core import blockkit, summary
from bot.core.facts import by_kind
from bot.core.facts.incidents import KINDS
from bot.core.outcome import Fold
from bot.courier import Courier
from bot.engine import Engine, NotWritten
from bot.features.details import blocks as details_blocks
from bot.features.details import slack as details
from bot.features.details import state as details_state
from bot.features.finding import slack as finding
from bot.features.incidents import blocks as incidents_blocks
from bot.features.incidents import slack as incidents
from bot.features.nearmiss import slack as nearmiss
from bot.features.status import blocks as status_blocks
from bot.features.status import slack as status
from bot.ledger import House
from bot.settings import Misconfigured, Settings
from bot.slack.calls import Calls, Permanent, Retryable, Self, TokenRefused
from bot.slack.deliver import Delivery
from bot.slack.listen import Desk
from bot.slack.people import People
from runbooks import load
from runbooks.model import Policy
from storage import outbox
from storage.db import Database

FEATURES = (incidents, nearmiss, details, status, finding)
SUMMARY_PARTS = (
    incidents_blocks.summary_parts,
    details_blocks.summary_parts,
    status_blocks.summary_parts,
)
FOLDS = {details_state.Details: Fold(details_state.Details(), details_state.fold)}
_SLACK_AGAIN_SECONDS = 5.0
_log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    """A bot that is put together and not yet listening."""

    bolt: AsyncApp
    engine: Engine
    courier: Courier
    delivery: Delivery
    calls: Calls
    me: Self
    database: Database


def engine(database: Database, clock: Clock, policy: Policy, settings: Settings) -> Engine:
    """The engine with everything the features bring; it needs no Slack."""
    house = House(
        kinds=by_kind(KINDS),
        folds=FOLDS,
        renders=(
            lambda shown: summary.render(SUMMARY_PARTS, shown),
            incidents_blocks.slots,
        ),
        policy=policy,
        command=settings.warroom_command,
        announces=settings.warroom_announce_channel is not None,
    )
    return Engine(database, clock, house)


def policy(settings: Settings) -> Policy:
    """The policy in force.

    Raises:
        Misconfigured: a file is faulty; the sentence names file, line and remedy.
    """
    try:
        return load.policy(settings.warroom_content)
    except load.Faulty as fault:
        raise Misconfigured(str(fault)) from fault


@contextlib.asynccontextmanager
async def assembled(settings: Settings, clock: Clock, database: Database) -> AsyncIterator[Bot]:
    """A bot that knows who it is in Slack.

    Raises:
        Misconfigured: a token is missing or refused, or a policy file is faulty.
    """
    in_force = policy(settings)
    async with Calls.connected(settings.bot_token(), settings.slack_api_url) as calls:
        me = await _introduced(calls)
        write = engine(database, clock, in_force, settings)
        delivery = Delivery(calls, me, settings.warroom_announce_channel)
        courier = Courier(database, clock, delivery, _teller(write))
        write.after_commit(courier.wake)
        bolt = _bolt(settings, me)
        desk = Desk(
            bolt=bolt,
            engine=write,
            calls=calls,
            people=People(calls, clock),
            me=me,
            command=settings.warroom_command,
            notice=lambda sentence: blockkit.notice("warroom", sentence),
        )
        for feature in FEATURES:
            feature.register(desk)
        desk.listen()
        yield Bot(bolt, write, courier, delivery, calls, me, database)


async def _introduced(calls: Calls) -> Self:
    """Who the bot is; waits while Slack cannot be reached."""
    while True:
        try:
            return await calls.whoami()
        except TokenRefused as error:
            raise Misconfigured(
                f"Slack refused SLACK_BOT_TOKEN ({error}). Copy the Bot User OAuth Token again "
                "from the app's page, OAuth & Permissions."
            ) from error
        except Permanent as error:
            raise Misconfigured(f"Slack refused to say who the bot is ({error}).") from error
        except Retryable as error:
            _log.warning("slack.unreachable", reason=str(error))
            await asyncio.sleep(_SLACK_AGAIN_SECONDS)


def _bolt(settings: Settings, me: Self) -> AsyncApp:
    secret = settings.slack_signing_secret
    token = settings.bot_token()

    # Bolt's own way would ask auth.test again within the first person's three seconds.
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=me.team_id,
            bot_token=token,
            bot_id=me.bot_id,
            bot_user_id=me.bot_user_id,
        )

    return AsyncApp(
        client=AsyncWebClient(base_url=settings.slack_api_url),
        authorize=authorize,
        signing_secret=secret.get_secret_value() if secret else "",
        process_before_response=True,
    )


def _teller(write: Engine) -> Callable[[Sequence[outbox.Lost]], Awaitable[None]]:
    async def tell(lost: Sequence[outbox.Lost]) -> None:
        losses = [(one.name, one.subject, one.error) for one in lost if one.state == "failed"]
        await incidents.note_loss(write, losses)

    return tell


@contextlib.asynccontextmanager
async def delivering(bot: Bot) -> AsyncIterator[None]:
    """Courier and ticker at work; at the end the courier finishes what is under way."""
    entering = asyncio.create_task(_enter_announcements(bot))
    running = asyncio.create_task(bot.courier.run(is_only_owner=bot.database.is_sqlite))
    running.add_done_callback(_log_death)
    try:
        async with ticker.ticking(bot.engine):
            yield
    finally:
        entering.cancel()
        await bot.courier.stop()
        await asyncio.wait([running], timeout=5)


def _log_death(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("courier.died", error=repr(error))


async def _enter_announcements(bot: Bot) -> None:
    """Be in the announcement channel before the first incident, so that no call is lost to it."""
    try:
        await bot.delivery.announce_id()
    except (Permanent, Retryable) as error:
        _log.warning("announcements.unreachable", reason=str(error), see="warroom doctor")


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
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@contextlib.asynccontextmanager
async def on_http(bot: Bot, settings: Settings) -> AsyncIterator[None]:
    """Take requests by signed HTTP on PORT.

    Raises:
        Misconfigured: the signing secret is missing, or the port is taken.
    """
    settings.signing_secret()
    server = _Server(
        uvicorn.Config(
            web(bot),
            host="0.0.0.0",  # noqa: S104 (Slack calls from outside; each request is signed)
            port=settings.port,
            log_config=None,
            access_log=False,
        )
    )
    serving = asyncio.create_task(_serve(server))
    while not server.started:
        if serving.done():
            raise Misconfigured(f"Port {settings.port} is taken. Set PORT to a free one.")
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


def web(bot: Bot) -> Starlette:
    """The HTTP side: Slack's requests, and whether the bot is well."""
    handler = AsyncSlackRequestHandler(bot.bolt)

    async def slack_events(request: Request) -> Response:
        return await handler.handle(request)

    async def healthz(_request: Request) -> Response:
        try:
            await bot.engine.listed(["investigating"])
        except NotWritten as error:
            return JSONResponse({"ok": False, "reason": str(error)}, status_code=503)
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/slack/events", slack_events, methods=["POST"]),
            Route("/healthz", healthz, methods=["GET"]),
        ]
    )
