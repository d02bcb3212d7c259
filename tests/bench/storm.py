"""How soon has each of 60 people who declare at once a room, under Slack's published rates?"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox.chosen import Chosen
from bot.sandbox.hands import TROUBLE
from bot.sandbox.model import Channel, Person
from bot.sandbox.rules import rates
from bot.sandbox.sandbox import Sandbox
from bot.slack import manifest
from tests.bench.figures import Figure, ms
from tests.processes import start
from tests.room import BOT, GENERAL
from tests.screen import Form

ABOUT = (
    "The bot (`python -m bot run`, Socket Mode, SQLite) in the sandbox with the published rates on "
    "and nothing else that Slack keeps secret; both by the wall's clock. A room is usable when "
    "whoever declared is in it and can read what is known. The bound is what "
    "`conversations.create` allows: 20 at once, then 20 a minute. A first 429 of a method is how "
    "an app learns of a limit; those after it count."
)
_PEOPLE = 60
_AT_ONCE = rates.TIER2.limit
_BOUND = (_PEOPLE - _AT_ONCE) * 60 / _AT_ONCE  # seconds until the last room may be there
_LATEST = 3 * _BOUND


class Rooms:
    """The rooms the bot opened, and when each became usable, in monotonic seconds."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.usable: dict[str, float] = {}
        self.all_there = asyncio.Event()
        sandbox.workspace.watch(self._look)

    def opened(self) -> list[Channel]:
        """Every room, usable or not."""
        channels = self._sandbox.workspace.channels.values()
        return [each for each in channels if each.creator == BOT and not each.is_direct]

    def _look(self, topic: str) -> None:
        if not topic.startswith(("messages:", "channels")):
            return
        for channel in self.opened():
            if channel.id not in self.usable and _is_usable(channel):
                self.usable[channel.id] = time.monotonic()
        if len(self.usable) >= _PEOPLE:
            self.all_there.set()


def _is_usable(channel: Channel) -> bool:
    is_told = any(message.bot_id and message.blocks for message in channel.messages)
    return is_told and any(member.startswith("U0STORM") for member in channel.members)


async def _declare(sandbox: Sandbox, number: int) -> Form:
    hands = sandbox.as_person(f"U0STORM{number}")
    await hands.slash(GENERAL, "/incident declare")
    view = hands.open_view()
    if view is None:
        raise AssertionError(f"No form opened: {sandbox.workspace.notices.get(hands.person_id)}")
    return Form(hands, view)


@dataclass
class Storm:
    """When everybody submitted (monotonic seconds), and how many acks came later than 3 s."""

    began: float
    late: int = 0

    async def submit(self, form: Form, title: str) -> None:
        """Submit, again and again while Slack's client says that the app did not answer."""
        while errors := await form.submit(title=title):
            if errors != {"": TROUBLE}:
                raise AssertionError(f"The form was not taken: {errors}")
            self.late += 1


async def _break(sandbox: Sandbox, rooms: Rooms) -> Storm:
    """Everybody opens the form, then submits at once; back when there is nothing to wait for."""
    forms = await asyncio.gather(*(_declare(sandbox, number) for number in range(_PEOPLE)))
    storm = Storm(time.monotonic())
    titled = ((form, f"Storm no {number}") for number, form in enumerate(forms))
    await asyncio.gather(*(storm.submit(form, title) for form, title in titled))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LATEST):
            await rooms.all_there.wait()
    return storm


def _settle_in(sandbox: Sandbox) -> None:
    workspace = sandbox.workspace
    for number in range(_PEOPLE):
        person = Person(f"U0STORM{number}", f"storm{number}", f"Storm {number}")
        workspace.people[person.id] = person
        workspace.channels[GENERAL].members.append(person.id)


def _figures(sandbox: Sandbox, rooms: Rooms, storm: Storm) -> list[Figure]:
    waits = sorted(at - storm.began for at in rooms.usable.values())
    refused = Counter(call.method for call in sandbox.calls if call.status == 429)
    told = ", ".join(f"{method} {count}" for method, count in refused.most_common())
    last = waits[-1] if len(waits) == _PEOPLE else _LATEST
    first = waits[_AT_ONCE - 1] if len(waits) >= _AT_ONCE else _LATEST
    opened = len(rooms.opened())
    return [
        Figure(
            f"Rooms missing or doubled of {_PEOPLE}",
            abs(_PEOPLE - opened) + _PEOPLE - len(waits),
            0,
            detail=f"{opened} opened, {len(waits)} usable",
        ),
        Figure("Submits acked later than 3 s", storm.late, 0),
        Figure(
            f"The first {_AT_ONCE} rooms usable",
            first,
            1.0,
            "s",
            f"the first after {ms(waits[0])}" if waits else "",
        ),
        Figure(
            "The last room usable, as a ratio",
            last / _BOUND,
            1.05,
            detail=f"after {last:.1f} s",
            beside=f"the rate's bound: {_BOUND:.0f} s",
        ),
        Figure(
            "429 beyond the first of a method",
            sum(count - 1 for count in refused.values()),
            0,
            detail=told,
        ),
    ]


async def measure(folder: Path) -> list[Figure]:
    """Everything that has a target."""
    sandbox = Sandbox(manifest.PATH, now=_now, chosen=Chosen.none())
    _settle_in(sandbox)
    async with sandbox.running() as url:
        variables = {
            "SLACK_API_URL": f"{url}/api/",
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "DATABASE_URL": f"sqlite:///{folder}/warroom.db",
            "WARROOM_ANNOUNCE_CHANNEL": "incidents",
        }
        bot = await start(["-m", "bot", "run"], folder / "bot.log", variables)
        try:
            await bot.said("is listening")
            rooms = Rooms(sandbox)
            return _figures(sandbox, rooms, await _break(sandbox, rooms))
        finally:
            await bot.kill()


def _now() -> datetime:
    return datetime.fromtimestamp(time.time_ns() / 1e9, UTC)
