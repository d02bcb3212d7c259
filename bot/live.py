"""Does the running installation answer, from Slack to the database and back?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import aiohttp

from bot import watching
from bot.clock import Clock
from bot.core.failures import Permanent, Retryable
from bot.doctor import Finding
from bot.running import Running
from bot.settings import Misconfigured, Settings
from bot.slack import manifest
from bot.slack.calls import Calls
from bot.slack.effects import find_channel
from storage import schema
from storage.db import Database, StorageError

_SLOW = timedelta(seconds=1)  # a form has 3 s from the click to Slack's answer, both ways
_SKEWED = timedelta(seconds=60)
_REFUSING = timedelta(minutes=5)  # Slack's signatures are good for this long
_WAITING = timedelta(minutes=1)
_ANSWER_SECONDS = 5.0
_EVENT_SECONDS = 10.0
_LOOK_SECONDS = 0.1


async def examine(settings: Settings, post_to: str | None) -> AsyncIterator[Finding]:
    """Look at Slack, at the running bot and at what it owes; post only where `post_to` says."""
    clock = Clock()
    limit = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
    async with aiohttp.ClientSession(timeout=limit) as http:
        bot = Running(http, settings)
        async for finding in bot.examine():
            yield finding
        for finding in _owed(settings, clock):
            yield finding
        async for finding in _slack(settings, clock, bot, post_to):
            yield finding


async def _slack(
    settings: Settings, clock: Clock, bot: Running, post_to: str | None
) -> AsyncIterator[Finding]:
    try:
        token = settings.bot_token()
    except Misconfigured:
        return  # found already
    async with Calls.connected(token, settings.slack_api_url) as calls:
        try:
            pulse = await calls.pulse(clock.now)
        except (Permanent, Retryable):
            return  # found already
        yield _latency(pulse.took)
        yield _skew(pulse.ahead)
        yield _granted(pulse.scopes)
        if post_to:
            async for finding in _posted(calls, bot, post_to):
                yield finding


def _latency(took: timedelta) -> Finding:
    said = f"A call to Slack takes {_milliseconds(took)}."
    if took <= _SLOW:
        return Finding("well", said)
    return Finding(
        "careful",
        said,
        "Forms have to open within 3 s. Look at the network and the proxy between here and Slack.",
    )


def _skew(ahead: timedelta | None) -> Finding:
    if ahead is None:
        return Finding("careful", "Slack's answer has no Date.", "Check the proxy on the way.")
    off = abs(ahead)
    side = "ahead of" if ahead > timedelta(0) else "behind"
    said = f"The clock here is {_span(off)} {side} Slack's."
    remedy = "Switch time synchronisation on, such as `timedatectl set-ntp true`."
    if off > _REFUSING:
        return Finding("wrong", f"{said} Signed requests are refused beyond 5 min.", remedy)
    if off > _SKEWED:
        return Finding("careful", said, remedy)
    return Finding("well", "The clock here agrees with Slack's.")


def _granted(scopes: frozenset[str]) -> Finding:
    more = sorted(scopes - manifest.scopes().keys())
    if not more:
        return Finding("well", "No scope is granted that manifest.yaml does not ask for.")
    return Finding(
        "careful",
        f"Granted, and not asked for by manifest.yaml: {', '.join(more)}.",
        "Take them out under OAuth & Permissions and reinstall the app.",
    )


def _owed(settings: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        database = Database.open(settings.database_url)
    except StorageError:
        return  # found already
    try:
        if not schema.is_current(database):
            return
        now = clock.now()
        yield from _queue(database.read_now(lambda conn: watching.standing(conn, now)))
    except StorageError:
        return
    finally:
        database.close()


def _queue(standing: watching.Standing) -> Iterator[Finding]:
    waiting = timedelta(seconds=standing.oldest_seconds("pending", "claimed"))
    count = standing.rows("pending", "claimed")
    if not count:
        yield Finding("well", "Nothing is owed to Slack.")
    elif waiting <= _WAITING:
        yield Finding("well", f"{count} owed to Slack, the oldest for less than a minute.")
    else:
        yield Finding(
            "wrong",
            f"{count} owed to Slack, the oldest for {_span(waiting)}.",
            "See that `warroom run` or a worker is at work; `warroom outbox` gives the reasons.",
        )
    if refused := standing.rows("failed"):
        yield Finding(
            "careful",
            f"Slack refused {refused} for good.",
            "`warroom outbox` gives the reasons; `warroom outbox retry ID` tries one again.",
        )


async def _posted(calls: Calls, bot: Running, wanted: str) -> AsyncIterator[Finding]:
    """Post one message, which goes whatever comes; Slack's events tell whether the bot hears."""
    before, began_at = await bot.events(), time.monotonic()
    try:
        channel = await find_channel(calls, wanted)
        if channel is None or not channel.get("is_member"):
            yield Finding(
                "wrong", f"The bot is not in a channel {wanted}.", "Invite it, or name another."
            )
            return
        text = "A test by `warroom doctor --live`; it is deleted at once."
        posted = await calls("chat.postMessage", channel=channel["id"], text=text)
        took = timedelta(seconds=time.monotonic() - began_at)
        # Nothing is yielded in between: whoever breaks off there would leave it standing.
        try:
            heard = [] if before is None else [await _heard(bot, before)]
        finally:
            await calls("chat.delete", channel=channel["id"], ts=posted["ts"])
        yield Finding("well", f"A message stood in #{channel['name']} after {_milliseconds(took)}.")
        for finding in heard:
            yield finding
        yield Finding("well", "It is deleted.")
    except (Permanent, Retryable) as error:
        yield Finding("wrong", f"Slack refused ({error}).", "See the findings on scopes.")


async def _heard(bot: Running, before: float) -> Finding:
    began_at = time.monotonic()
    while time.monotonic() - began_at < _EVENT_SECONDS:
        if ((await bot.events()) or 0) > before:
            took = timedelta(seconds=time.monotonic() - began_at)
            return Finding(
                "well", f"The running bot heard an event of Slack's after {_milliseconds(took)}."
            )
        await asyncio.sleep(_LOOK_SECONDS)
    return Finding(
        "careful",
        f"The running bot heard of no event within {_EVENT_SECONDS:.0f} s.",
        "Check Event Subscriptions; among several web processes another may have heard of it.",
    )


def _span(of: timedelta) -> str:
    minutes, seconds = divmod(int(of.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def _milliseconds(took: timedelta) -> str:
    return f"{took.total_seconds() * 1000:,.0f} ms"
