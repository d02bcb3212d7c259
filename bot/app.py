"""How are the parts of the bot built and connected?"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot import anchoring, checklists, metrics, registry, rounds, ticker, watching, ways
from bot.cases import Newer
from bot.clock import Clock
from bot.core import blockkit
from bot.core.failures import Permanent, Retryable, TokenRefused
from bot.courier import Courier, LeftToNewer, Tell, Told
from bot.directory import Directory
from bot.engine import Engine
from bot.features.announcing import slack as announcing
from bot.features.drift import slack as drift
from bot.features.incidents import slack as incidents
from bot.hooks import send
from bot.hooks.callbacks import Callbacks
from bot.hooks.mail import Mail
from bot.hooks.outcomes import Outcomes
from bot.hooks.schedules import Schedules
from bot.hooks.targets import Targets
from bot.ledger import House
from bot.readiness import Pulse, Readiness
from bot.settings import Misconfigured, Settings, plain
from bot.slack import files as vault_files
from bot.slack.calls import Calls, Self
from bot.slack.deliver import Delivery, Drawers
from bot.slack.dispatch import Dispatch
from bot.slack.listen import Desk
from bot.slack.ours import IgnoringOurs
from bot.slack.people import People
from bot.slack.silent import NOBODY, Silent
from bot.slack.standing import seeker
from bot.wakeups import Wakeups
from runbooks import load
from runbooks.model import Policy
from storage import outbox
from storage.db import Database

_SLACK_AGAIN_SECONDS, _SLACK_AT_ONCE_SECONDS, _LAST_TURN_SECONDS = 5.0, 2.0, 0.5
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
    readiness: Readiness
    wakeups: Wakeups
    anchors: Path | None
    outcomes: Outcomes


@dataclass(frozen=True)
class _Slack:
    """How Slack is asked, as whom, and who is there."""

    calls: Calls
    me: Self
    people: People
    bolt: Dispatch
    files: vault_files.Files


def engine(database: Database, clock: Clock, policy: Policy, settings: Settings) -> Engine:
    """The engine with everything the features bring; it needs no Slack."""
    return Engine(database, clock, house(policy, settings), registry.RINGS)


def house(policy: Policy, settings: Settings) -> House:
    """What the features and the settings bring to an engine."""
    announces = settings.warroom_announce_channel is not None
    books = checklists.library(settings.warroom_content, policy)
    return registry.house(policy, settings.warroom_command, announces=announces, books=books)


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
        drawers = Drawers(registry.home(write), announcing.drawer(write))
        files = vault_files.opened(calls, settings, database)
        delivery = Delivery(calls, me, settings.warroom_announce_channel, drawers, files.whole)
        outcomes = Outcomes(write, registry.webhook_rule(), Callbacks.of(settings, clock))
        targets = Targets(in_force.webhooks, clock, os.environ, outcomes.callbacks)
        sender = _sender(http, settings, clock)
        bring = outcomes.recorded(ways.each_its_way(delivery, sender, targets, write))
        deliver = watching.counted(drift.patient(bring, write))
        draws = ways.drawn_by_who_can(delivery.draws, write)
        courier = Courier(database, clock, deliver, draws, teller(write))
        database.on_write = metrics.wrote
        _put_in_touch(courier, write, clock)
        wakeups = Wakeups(database)
        write.bells.elsewhere(wakeups.tell)
        people = People(calls, clock, Directory(database))
        slack = _Slack(calls, me, people, _bolt(settings, me), files)
        desk = _desk(write, slack, http, settings, clock)
        desk.listen()
        yield Bot(
            slack.bolt, write, courier, delivery, calls, me, database, clock, desk,
            Readiness(database), wakeups, anchoring.place(settings, database), outcomes,
        )  # fmt: skip


@contextlib.asynccontextmanager
async def beside(
    settings: Settings, clock: Clock, directory: Directory, write: Engine
) -> AsyncIterator[Desk]:
    """A desk to which nobody but a person at a terminal speaks.

    Slack is asked who people are if it answers at once; else `desk.me` is `NOBODY`.
    """
    token = plain(settings.slack_bot_token)
    connected = Calls.connected(token or "", settings.slack_api_url)
    async with connected as calls, send.session() as http:
        me = await _introduced_at_once(calls) if token else NOBODY
        asked = Silent() if me is NOBODY else calls
        people = People(asked, clock, directory)
        wakeups = Wakeups(directory.database)
        write.bells.elsewhere(wakeups.tell)
        files = vault_files.opened(asked, settings, directory.database)
        slack = _Slack(asked, me, people, _bolt(settings, me), files)
        yield _desk(write, slack, http, settings, clock)
        await wakeups.told()


def _put_in_touch(courier: Courier, write: Engine, clock: Clock) -> None:
    write.furnish_with(courier.take_along)
    write.bells.after_commit(courier.wake)
    clock.on_move(courier.wake)


async def _introduced_at_once(calls: Calls) -> Self:
    try:
        async with asyncio.timeout(_SLACK_AT_ONCE_SECONDS):
            return await calls.whoami()
    except (Permanent, Retryable, TimeoutError):
        return NOBODY


def _desk(
    write: Engine, slack: _Slack, http: aiohttp.ClientSession, settings: Settings, clock: Clock
) -> Desk:
    desk = Desk(
        bolt=slack.bolt,
        engine=write,
        calls=slack.calls,
        people=slack.people,
        files=slack.files,
        me=slack.me,
        command=settings.warroom_command,
        notice=lambda sentence: blockkit.notice("warroom", sentence),
        schedules=Schedules(
            http, clock, plain(settings.pagerduty_api_token), settings.pagerduty_api_url
        ),
    )
    write.seek_with(seeker(desk))
    write.seal_with(slack.files)
    for feature in registry.FEATURES:
        feature.register(desk)
    return desk


def _sender(http: aiohttp.ClientSession, settings: Settings, clock: Clock) -> send.Sender:
    mail = Mail(plain(settings.smtp_url), settings.warroom_mail_from, clock)
    return send.Sender(http, clock, os.environ, mail, settings.pagerduty_events_url)


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
    token = plain(settings.slack_bot_token)

    # Bolt's own way would ask auth.test again within the first person's three seconds.
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=me.team_id,
            bot_token=token,
            bot_id=me.bot_id,
            bot_user_id=me.bot_user_id,
        )

    bolt = Dispatch(
        client=AsyncWebClient(base_url=settings.slack_api_url),
        authorize=authorize,
        signing_secret=plain(settings.slack_signing_secret) or "",
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )
    bolt.use(IgnoringOurs())
    return bolt


def teller(write: Engine) -> Tell:
    """Who is told of what Slack refused for good, decided in the commit that settles it."""

    def tell(conn: Connection, lost: outbox.Lost) -> Told:
        within, refused = write.within(conn), (lost.name, lost.subject, lost.error)
        try:
            for loss in announcing.each_lost(within, *refused) if lost.state == "failed" else ():
                if not drift.take_loss(within, *loss):
                    incidents.note_loss(within, *loss)
        except Newer as error:
            raise LeftToNewer from error
        return within.committed

    return tell


@contextlib.asynccontextmanager
async def delivering(bot: Bot) -> AsyncIterator[None]:
    """Courier, ticker and anchors at work; at the end what is under way is done or handed on."""
    entering = asyncio.create_task(_enter_announcements(bot))
    running = asyncio.create_task(bot.courier.run(is_only_owner=bot.database.is_sqlite))
    running.add_done_callback(_log_death)
    try:
        around = rounds.going(registry.rounds(bot.desk), bot.clock)
        heard = bot.wakeups.heard_by(bot.engine.bells.heard, bot.clock.now)
        anchored = anchoring.anchoring(bot.database, bot.anchors, bot.clock)
        pulse = Pulse()
        ringing = ticker.ticking(bot.engine, bot.clock, registry.dailies(bot.engine), pulse)
        bot.readiness.rests_on("courier", bot.courier.pulse)
        bot.readiness.rests_on("ticker", pulse)
        async with anchored, ringing, heard, around:
            yield
    finally:
        entering.cancel()
        await bot.courier.stop()
        await asyncio.wait([running], timeout=_LAST_TURN_SECONDS)


def _log_death(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("courier.died", exc_info=error)


async def _enter_announcements(bot: Bot) -> None:
    """Be in the announcement channel before the first incident, so that no call is lost to it."""
    try:
        await bot.delivery.announce_id()
    except (Permanent, Retryable) as error:
        _log.warning("announcements.unreachable", reason=str(error), see="warroom doctor")
