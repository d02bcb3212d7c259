"""Is one thing on which Slack fails each time given up, and nothing while Slack itself fails?"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from aiohttp import web

from bot.core.failures import Unknown
from bot.courier import Courier, Told
from bot.courier.attempts import Attempts, Settled
from bot.slack.calls import HEARD, Calls
from bot.slack.effects import Owed
from storage import outbox
from storage.db import Database
from tests.clocks import StillClock
from tests.room import until
from tests.storage.owed import Outbox, post

POST, UPDATE = "chat.postMessage", "chat.update"
PAUSE = timedelta(minutes=2)
A_DAY = 24 * 30  # pauses
Fails = Callable[[str, str], bool]
"""Whether Slack fails on this thing, which calls that method."""


def thing(name: str, attempts: int, version: int = 1) -> outbox.Claimed:
    """As it is claimed for the so-many-th time."""
    bare = (None,) * 4
    is_uncertain, first = attempts > 1, StillClock().now()
    number = int(name.partition(" ")[2] or 0)
    return outbox.Claimed(
        number, name, name, "post", {}, version, attempts, is_uncertain, first, None, *bare
    )


class Days:
    """What one process tries while time passes: posts, each two minutes, and updates beside."""

    def __init__(self, fails: Fails) -> None:
        self._fails = fails
        self._clock = StillClock()
        self._attempts = Attempts(self._clock, self._deliver)

    async def _deliver(self, owed: Owed) -> None:
        method = UPDATE if owed.name.startswith("update") else POST
        has_failed = self._fails(owed.name, method)
        HEARD.get()(method, not has_failed)
        if has_failed:
            raise Unknown(f"{method}: fatal_error")

    async def tried(self, *rows: outbox.Claimed) -> list[Settled]:
        """What came of these, and two minutes are over."""
        self._clock.move(PAUSE)
        return [await self._attempts.outcome(row) for row in rows]

    async def given_up(self, posts: int, pauses: int = A_DAY) -> dict[str, outbox.Failed]:
        """What is given up of so many posts that are tried until they are there."""
        left = {f"post {n}": 0 for n in range(1, posts + 1)}
        found = {}
        for turn in range(pauses):
            rows = [thing(name, attempts + 1) for name, attempts in left.items()]
            others = [thing(f"{what} {1000 + turn}", 1) for what in ("update", "other")]
            for row, outcome in zip(rows, await self.tried(*rows, *others), strict=False):
                left[row.name] += 1
                if isinstance(outcome, outbox.Failed):
                    found[row.name] = outcome
                if not isinstance(outcome, outbox.Later):
                    del left[row.name]
        return found


async def test_what_slack_fails_on_each_time_while_it_takes_others_is_given_up() -> None:
    days = Days(lambda name, _: name == "post 3")
    given_up = await days.given_up(posts=9)
    assert {name: one.error for name, one in given_up.items()} == {
        "post 3": f"{POST}: fatal_error, 9 times in 18 min; it may be there all the same"
    }


@pytest.mark.parametrize(
    "fails", [lambda _name, _method: True, lambda _, method: method == POST], ids=["all", "posts"]
)
async def test_nothing_is_given_up_while_slack_or_one_method_of_it_is_away(fails: Fails) -> None:
    assert await Days(fails).given_up(posts=9) == {}


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 0.95])
async def test_nothing_is_given_up_while_slack_fails_by_chance(share: float) -> None:
    drawn = random.Random(11)
    for posts in (1, 3, 20):
        assert await Days(lambda *_: drawn.random() < share).given_up(posts) == {}


async def test_what_is_owed_anew_is_tried_as_often_again() -> None:
    days = Days(lambda name, _: name == "slot 1")
    for version in (1, 2):
        for attempt in range(1, 9):
            [outcome, _] = await days.tried(thing("slot 1", attempt, version), thing("other 2", 1))
            assert isinstance(outcome, outbox.Later)
    for attempt in (1, 2):  # as `warroom outbox retry` owes the same again
        [outcome, _] = await days.tried(thing("slot 1", attempt, version=2), thing("other 2", 1))
        assert isinstance(outcome, outbox.Later)


@contextlib.asynccontextmanager
async def failing_on(text: str) -> AsyncIterator[Calls]:
    """Calls to a server that answers 500 to this text, and takes all others."""

    async def answer(request: web.Request) -> web.Response:
        said = await request.json()
        if said["text"] == text:
            return web.json_response({"ok": False, "error": "fatal_error"}, status=500)
        return web.json_response({"ok": True})

    server = web.Application()
    server.router.add_post("/{method}", answer)
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        async with Calls.connected("xoxb-any", address) as calls:
            yield calls
    finally:
        await runner.cleanup()


async def test_what_comes_after_what_slack_never_takes_comes_in_the_end(
    database: Database,
) -> None:
    box, clock = Outbox(database), StillClock()
    told: list[outbox.Lost] = []

    def tell(_: object, lost: outbox.Lost) -> Told:
        return lambda: told.append(lost)

    async with failing_on("poison") as calls:

        async def deliver(owed: Owed) -> None:
            await calls(POST, channel="C1", text=owed.body["text"])

        courier = Courier(database, clock, deliver, lambda _: (), tell)
        clock.on_move(courier.wake)
        running = asyncio.create_task(courier.run(is_only_owner=False))
        box.put(*(post(name, lane="room/1 posts") for name in ("poison", "decision")))
        for turn in range(20):
            box.put(post(f"elsewhere {turn}"), at=clock.now())
            clock.move(timedelta(minutes=3))
            await until(lambda: "claimed" not in _states(box, "elsewhere"))
            await until(lambda: set(_states(box, "elsewhere")) == {"done"})
        await courier.stop()
        await running
    assert (box.states()["poison"], box.states()["decision"]) == ("failed", "done")
    [lost] = told
    assert lost.name == "poison"
    assert lost.error.startswith(f"{POST}: fatal_error, ")
    assert lost.error.endswith("; it may be there all the same")


def _states(box: Outbox, beginning: str) -> list[str]:
    return [state for name, state in box.states().items() if name.startswith(beginning)]
