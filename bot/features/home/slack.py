"""When is a Home drawn, and when is the roll-up sent?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from bot.core import calendar, ids, messages
from bot.core.incident import OPEN
from bot.core.messages import Content, Keep
from bot.core.outcome import Shown
from bot.engine import Asked, Engine, OfTheHouse
from bot.features.home import blocks, rules
from bot.reads import hidden
from bot.slack.listen import Desk
from bot.slack.payloads import Event

_GOING = (*OPEN, "resolved")


def register(desk: Desk) -> None:
    """Draw a Home anew whenever its owner looks at it."""

    async def opened(event: Event) -> None:
        if event.event.get("tab") != "home":
            return
        slot, place = ids.home(event.person), ids.person(event.person)
        looked = Content(f"looked at {desk.engine.now().isoformat()}")
        await desk.engine.owe([Keep(slot, place, looked, "home", messages.SUMMARY)])

    desk.event("app_home_opened", opened)


def drawer(engine: Engine) -> Callable[[str], Awaitable[dict[str, Any]]]:
    """What draws a person's Home, as things stand when it is delivered."""

    async def draw(person: str) -> dict[str, Any]:
        shown = [one for one in await _open(engine) if not hidden(one.incident, person)]
        with_rooms = await _with_rooms(engine, shown)
        return blocks.home(with_rooms, person, engine.command).to_dict()

    return draw


def next_roll_up(engine: Engine, after: datetime) -> datetime | None:
    """When the next roll-up is due; None when the policy wants none."""
    wanted = engine.policy.stakeholders.roll_up
    if wanted is None:
        return None
    zone = wanted.time_zone or engine.policy.calendar.time_zone
    return calendar.next_hour(f"{wanted.at:%H:%M}", zone, after)


async def roll_up(engine: Engine, day: datetime) -> None:
    """Send the roll-up of this day, once, whoever asks."""
    going = await _open(engine)
    public = [one for one in going if not one.incident.is_private]
    since = min((at for one in going if (at := one.incident.declared_at)), default=None)
    request = rules.RollUp(day, await _with_rooms(engine, public), since)
    asked = Asked(f"roll-up {day.isoformat()}", ids.BOT)
    await engine.carry_out(rules.roll_up, request, OfTheHouse(), asked)


async def _open(engine: Engine) -> list[Shown]:
    return [engine.shown(case) for case in await engine.cases(_GOING)]


async def _with_rooms(engine: Engine, shown: Sequence[Shown]) -> list[tuple[Shown, str | None]]:
    channels = await asyncio.gather(*(engine.channel_of(one.incident.number) for one in shown))
    return list(zip(shown, channels, strict=True))
