"""How are the parts of the bot built and connected?"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from pydantic import SecretStr
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics, registry, ticker, watching
from bot.clock import Clock
from bot.core import blockkit
from bot.core.failures import Permanent, Retryable, TokenRefused
from bot.courier import Courier, Deliver
from bot.engine import Engine, Seek
from bot.features.incidents import slack as incidents
from bot.hooks import send
from bot.hooks.mail import Mail
from bot.hooks.schedules import Schedules
from bot.settings import Misconfigured, Settings
from bot.slack.calls import Calls, Self
from bot.slack.deliver import Delivery
from bot.slack.dispatch import Dispatch
from bot.slack.effects import Owed
from bot.slack.listen import Desk
from bot.slack.people import People
from runbooks import load
from runbooks.model import Policy
from storage import outbox
from storage.db import Database

_SLACK_AGAIN_SECONDS = 5.0
_log = structlog.get_logger()


@dataclass(frozen=True)
class Bot:
    """A bot that is put together and not yet listening."""

    bolt: Dispatch
    engine: Engine
    courier: Courier
    delivery: Delivery
    calls: Calls
    me: Self
    database: Database
    clock: Clock
    desk: Desk


def engine(database: Database, clock: Clock, policy: Policy, settings: Settings) -> Engine:
    """The engine with everything the features bring; it needs no Slack."""
    house = registry.house(
        policy,
        settings.warroom_command,
        announces=settings.warroom_announce_channel is not None,
    )
    return Engine(database, clock, house, registry.RINGS)


def policy(settings: Settings) -> Policy:
    """The policy in force.

    Raises:
        Misconfigured: a file is faulty; the sentence names file, line and remedy.
    """
    try:
        return load.policy(settings.warroom_content, settings.warroom_timezone)
    except load.Faulty as fault:
        raise Misconfigured(str(fault)) from fault


@contextlib.asynccontextmanager
async def assembled(settings: Settings, clock: Clock, database: Database) -> AsyncIterator[Bot]:
    """A bot that knows who it is in Slack.

    Raises:
        Misconfigured: a token is missing or refused, or a policy file is faulty.
    """
    in_force = policy(settings)
    connected = Calls.connected(settings.bot_token(), settings.slack_api_url)
    async with connected as calls, send.session() as http:
        me = await _introduced(calls)
        write = engine(database, clock, in_force, settings)
        draw_home = registry.home(write)
        delivery = Delivery(calls, me, settings.warroom_announce_channel, draw_home)
        sender = _sender(http, settings, clock)
        deliver = watching.counted(_either(delivery, sender))
        courier = Courier(database, clock, deliver, _teller(write))
        database.on_write = metrics.wrote
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
            schedules=Schedules(
                http, clock, _secret(settings.pagerduty_api_token), settings.pagerduty_api_url
            ),
        )
        write.seek_with(_seeker(desk))
        for feature in registry.FEATURES:
            feature.register(desk)
        desk.listen()
        yield Bot(bolt, write, courier, delivery, calls, me, database, clock, desk)


def _seeker(desk: Desk) -> Seek:
    """Who stands for a role by a pager's schedule or a user group, whoever is awake first."""

    async def seek(role: str) -> tuple[str, ...]:
        source = desk.engine.policy.roles.get(role).comes_from
        if source and source.schedule:
            email = await desk.schedules.on_call(source.schedule)
            person = await desk.people.by_email(email) if email else None
            return (person,) if person else ()
        if source and source.group:
            members = await desk.people.members_of(source.group)
            asleep = await desk.people.asleep(members)
            return tuple(sorted(members, key=lambda one: one in asleep))
        return ()

    return seek


def _sender(http: aiohttp.ClientSession, settings: Settings, clock: Clock) -> send.Sender:
    mail = Mail(_secret(settings.smtp_url), settings.warroom_mail_from, clock)
    return send.Sender(http, clock, os.environ, mail, settings.pagerduty_events_url)


def _secret(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _either(delivery: Delivery, sender: send.Sender) -> Deliver:
    """Slack's effects go one way, what is owed to other systems the other."""

    async def deliver(owed: Owed) -> dict[str, Any] | None:
        return await (sender(owed) if owed.kind == "send" else delivery(owed))

    return deliver


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


def _bolt(settings: Settings, me: Self) -> Dispatch:
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

    return Dispatch(
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
        async with ticker.ticking(bot.engine, bot.clock, registry.dailies(bot.engine)):
            yield
    finally:
        entering.cancel()
        await bot.courier.stop()
        await asyncio.wait([running], timeout=5)


def _log_death(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("courier.died", exc_info=error)


async def _enter_announcements(bot: Bot) -> None:
    """Be in the announcement channel before the first incident, so that no call is lost to it."""
    try:
        await bot.delivery.announce_id()
    except (Permanent, Retryable) as error:
        _log.warning("announcements.unreachable", reason=str(error), see="warroom doctor")
