"""How fast, and how whole, is what was queued while Slack was away brought to it?"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from bot import app
from bot.core import ids
from bot.core.messages import Content, Post
from bot.sandbox.rules import rates
from bot.settings import Settings
from storage.db import Database
from tests.room import BOT, until
from tests.soak.acts import Incident
from tests.soak.ground import Ground
from tests.soak.judge import Verdict, judged
from tests.soak.stage import Stage

_OUTAGE = timedelta(hours=2)
_STEPS = 24
_LATEST_SECONDS = 1800.0


@dataclass
class Drained:
    """What came of it, in seconds of the wall's clock from Slack's return to the last message.

    `besides` counts what else was posted meanwhile: it takes of the same rate. `bound` is what
    Slack's rates allow at best for all of it, bursts counted; `steady` is without bursts.
    """

    rooms: int
    messages: int
    besides: int
    seconds: float
    bound: float
    steady: float
    refused: int  # calls answered with 429 after Slack was back
    verdict: Verdict


def bound(messages: int, each: int, *, burst: bool) -> float:
    """Seconds that so many messages, `each` in a room, take at the sandbox's rates."""
    at_once, a_room = (rates.POSTS.limit, rates.POST_BURST.limit) if burst else (0, 0)
    whole = max(0.0, messages - at_once) / (rates.POSTS.limit / 60)
    alone = max(0.0, each - a_room) / rates.POST.limit
    return max(whole, alone)


async def whole(ground: Ground, rooms: int, each: int) -> Verdict:
    """What is wrong in the end; the clock goes on to whatever waits for a moment."""
    async with _queued(ground, rooms, each) as stage:
        await stage.settled()
        return _verdict(stage, rooms, each)


async def timed(ground: Ground, rooms: int, each: int) -> Drained:
    """How long it takes by the wall's clock; nobody moves the other one."""
    async with _queued(ground, rooms, each) as stage:
        began = time.monotonic()
        await until(lambda: len(_said(stage)) >= rooms * each, _LATEST_SECONDS)
        seconds = time.monotonic() - began
        calls = stage.sandbox.calls
        refused = sum(one.status == 429 for one in calls)
        posted = sum(one.method == "chat.postMessage" and one.status == 200 for one in calls)
        left = ""
        try:
            await stage.settled()
        except (AssertionError, TimeoutError) as error:
            left = f"what the outage made due besides does not come to an end: {error!r}"
        verdict = _verdict(stage, rooms, each)
        verdict.half_made += [left] if left else []
        return Drained(
            rooms,
            rooms * each,
            posted - rooms * each,
            seconds,
            bound(posted, each, burst=True),
            bound(posted, each, burst=False),
            refused,
            verdict,
        )


@contextlib.asynccontextmanager
async def _queued(ground: Ground, rooms: int, each: int) -> AsyncIterator[Stage]:
    """A stage to which Slack has just returned after two hours; `each` messages a room wait."""
    async with ground.stage() as stage:
        await _rooms(stage, rooms)
        stage.sandbox.faults.add("*:outage")
        await _queue(stage, rooms, each)
        for _ in range(_STEPS):
            await stage.leap(_OUTAGE / _STEPS)
            await asyncio.sleep(0.1)
        stage.sandbox.journal.clear()
        stage.sandbox.faults.clear()
        yield stage


def _verdict(stage: Stage, rooms: int, each: int) -> Verdict:
    verdict = judged(stage.record())
    verdict.lost += _missing(stage, rooms, each)
    return verdict


async def _rooms(stage: Stage, rooms: int) -> None:
    for number in range(1, rooms + 1):
        await Incident(stage, f"Drain {number}").declare()
        if number % 10 == 0:
            await stage.settled()
    await stage.settled()


async def _queue(stage: Stage, rooms: int, each: int) -> None:
    """Owe messages by the engine, round by round, as somebody at a terminal would."""
    settings = Settings.model_validate(
        {name.lower(): value for name, value in stage.variables.items()}
    )
    database = Database.open(settings.database_url)
    engine = app.engine(database, stage.clock, app.policy(settings), settings)
    for one in range(each):
        for number in range(1, rooms + 1):
            said = Content(f"INC-{number}: word {one}")
            await engine.owe([Post(_name(number, one), ids.room(number), said)])
    database.close()


def _name(number: int, one: int) -> str:
    return f"drain/{number}/{one}"


def _said(stage: Stage) -> list[tuple[str, str]]:
    """Room and name of each queued message that is in Slack, in the order of each room."""
    return [
        (room.name, str((message.metadata or {})["event_payload"]["name"]))
        for room in stage.sandbox.workspace.channels.values()
        if room.creator == BOT
        for message in room.messages
        if message.metadata and message.text.startswith("INC-") and ": word " in message.text
    ]


def _missing(stage: Stage, rooms: int, each: int) -> list[str]:
    """Rooms that do not hold exactly what was queued for them, in its order."""
    shown: dict[str, list[str]] = {}
    for room, name in _said(stage):
        shown.setdefault(room, []).append(name)
    wanted = [[_name(number, one) for one in range(each)] for number in range(1, rooms + 1)]
    return [f"queued {names[0]}... is not whole" for names in wanted if names not in shown.values()]


def ratio(one: Drained) -> float:
    """Measured over the bound without bursts; infinite when there is no bound."""
    return one.seconds / one.steady if one.steady else math.inf
