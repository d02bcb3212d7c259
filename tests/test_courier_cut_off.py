"""Does a courier that cannot reach Slack hold up nobody, and burn nothing, until it can?"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.core.failures import Away, Unknown
from bot.courier import Courier
from bot.courier.attempts import Draws
from bot.slack import pacing
from bot.slack.effects import Owed
from storage import outbox
from storage.db import Database
from tests.clocks import StillClock
from tests.room import until
from tests.storage.owed import ALL, Outbox, post
from tests.test_courier import nobody_is_told

SLACK_ROWS = 300  # more than are claimed at once
TRACES = text("SELECT count(*) FROM outbox WHERE waits_for IS NOT NULL")


class Line:
    """One worker's way to Slack; a pager is reached by another."""

    def __init__(
        self, clock: StillClock, error: Exception | None = None, draws: Draws = lambda _: ()
    ) -> None:
        self._clock = clock
        self._draws = draws
        self.error = error
        self.tried: list[str] = []
        self.carried: list[str] = []
        self.may_fail = asyncio.Event()
        self.may_fail.set()

    async def __call__(self, owed: Owed) -> None:
        if self.error and owed.kind != "send":
            self.tried.append(owed.name)
            await self.may_fail.wait()
            raise self.error
        self.carried.append(owed.name)

    @contextlib.asynccontextmanager
    async def at_work(self, box: Outbox) -> AsyncIterator[Courier]:
        """A worker with this line; a clock that is moved wakes it."""
        courier = Courier(box.database, self._clock, self, self._draws, nobody_is_told)
        self._clock.on_move(courier.wake)
        running = asyncio.create_task(courier.run(is_only_owner=False))
        try:
            yield courier
        finally:
            await courier.stop()
            await running


def attempts(box: Outbox) -> int:
    rows = box.database.read_now(lambda conn: outbox.listing(conn, ALL))
    return sum(row.attempts for row in rows)


def _call(name: str) -> outbox.Item:
    return outbox.Item(name, name, "call", {"effect": "pin"})


def is_done_as_time_passes(box: Outbox, clock: StillClock) -> bool:
    states = set(box.states().values())
    if "claimed" not in states:
        # In strides: by chance a row may be somebody's trial again and again, two minutes apart.
        clock.move(timedelta(seconds=10))
    return states == {"done"}


async def cut_off(courier: Courier, box: Outbox) -> None:
    """Wait until it is, and until what it tried with has come back."""
    await until(lambda: courier.tries_at and "claimed" not in box.states().values())


@pytest.mark.parametrize("error", [Away("no connection"), Unknown("it hung")], ids=str)
async def test_who_cannot_reach_slack_holds_up_nobody_who_can(
    database: Database, error: Exception
) -> None:
    box, clock = Outbox(database), StillClock()
    bad, good = Line(clock, error), Line(clock)
    box.put(*(post(f"first {n}") for n in range(5)), at=clock.now())
    async with bad.at_work(box) as alone:
        await cut_off(alone, box)
        box.put(*(post(f"then {n}") for n in range(SLACK_ROWS)), at=clock.now())
        alone.wake()
        async with good.at_work(box):
            # Nobody moves the clock: nothing may have to wait for anything.
            await until(lambda: len(good.carried) == SLACK_ROWS)
            assert alone.tries_at
            await until(lambda: is_done_as_time_passes(box, clock))
    assert len(good.carried) + len(bad.carried) == SLACK_ROWS + 5
    assert box.database.read_now(lambda conn: conn.execute(TRACES).scalar_one()) == 0


async def test_an_outage_costs_one_attempt_at_a_time_and_is_drained_in_order(
    database: Database,
) -> None:
    box, clock = Outbox(database), StillClock()
    line = Line(clock, Away("no connection"))
    names = [f"post {n}" for n in range(SLACK_ROWS)]
    box.put(*(post(name) for name in names[:5]), at=clock.now())
    async with line.at_work(box) as courier:
        await cut_off(courier, box)
        box.put(*(post(name) for name in names[5:]), at=clock.now())
        for trial in range(1, 8):
            assert courier.tries_at
            clock.move(courier.tries_at - clock.now())
            await until(lambda count=5 + trial: len(line.tried) >= count)  # type: ignore[misc]
            await cut_off(courier, box)
            assert len(line.tried) == attempts(box) == 5 + trial
        clock.move(timedelta(minutes=3))
        line.error = None
        await until(lambda: set(box.states().values()) == {"done"})
        assert courier.tries_at is None
    assert sorted(line.carried) == sorted(names)


async def test_a_trial_that_ends_while_others_are_claimed_is_followed_by_none(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, clock = Outbox(database), StillClock()
    line, loop, real = Line(clock, Away("no connection")), asyncio.get_running_loop(), outbox.claim
    box.put(*(post(f"first {n}") for n in range(5)), at=clock.now())
    ended = threading.Event()

    def claim(*given: Any) -> list[outbox.Claimed]:
        if given[1].only and not (line.may_fail.is_set() or ended.is_set()):
            loop.call_soon_threadsafe(line.may_fail.set)
            ended.wait(10)
        return real(*given)

    async with line.at_work(box) as courier:
        await cut_off(courier, box)
        box.put(*(post(f"then {n}") for n in range(5)), at=clock.now())
        before, tries_at = len(line.tried), courier.tries_at
        assert tries_at
        line.may_fail.clear()
        clock.move(tries_at - clock.now())
        await until(lambda: len(line.tried) > before)
        monkeypatch.setattr(outbox, "claim", claim)
        courier.wake()
        await until(lambda: courier.tries_at and courier.tries_at > clock.now())
        await asyncio.sleep(0)  # it is over in the next round of the loop
        ended.set()
        await cut_off(courier, box)
        assert len(line.tried) == before + 1


async def test_who_was_cut_off_tries_with_what_it_can_do(database: Database) -> None:
    # As after a rollback: what the newer code owed is still there, and comes first.
    newer = [
        outbox.Item(f"newer {n}", f"newer {n}", "call", {"effect": "huddle"}, urgency=0)
        for n in range(8)
    ]
    box, clock = Outbox(database), StillClock()
    line = Line(clock, Away("no connection"), pacing.draws)
    box.put(*newer, *(_call(f"call {n}") for n in range(5)), at=clock.now())
    async with line.at_work(box) as courier:
        await cut_off(courier, box)
        line.error = None
        assert courier.tries_at
        clock.move(timedelta(minutes=3))
        await until(lambda: len(line.carried) == 5)
        assert courier.tries_at is None
    assert set(box.states().values()) == {"pending", "done"}


async def test_what_is_for_others_than_slack_goes_out_meanwhile(database: Database) -> None:
    box, clock = Outbox(database), StillClock()
    line = Line(clock, Away("no connection"))
    box.put(*(post(f"post {n}", urgency=0) for n in range(5)), at=clock.now())
    async with line.at_work(box) as courier:
        await cut_off(courier, box)
        box.put(*(post(f"more {n}", urgency=0) for n in range(SLACK_ROWS)), at=clock.now())
        box.put(outbox.Item("page", "page", "send", {}, urgency=9), at=clock.now())
        courier.wake()
        await until(lambda: line.carried == ["page"])
    assert len(line.tried) == 5
