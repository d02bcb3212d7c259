"""Does a courier that stops leave nothing to itself, and send nothing any more?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import timedelta

from bot.courier import Courier
from bot.slack.calls import HOLDS
from bot.slack.effects import Owed
from bot.slack.pacing import Draw
from storage.db import Database
from tests.clocks import StillClock
from tests.storage.owed import Outbox, post
from tests.test_courier import nobody_is_told


async def test_what_is_just_being_claimed_goes_back_at_once_and_is_not_begun(
    database: Database,
) -> None:
    box, clock, begun = Outbox(database), StillClock(), list[str]()
    is_claiming, may_go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def draws(_: Owed) -> Sequence[Draw]:
        loop.call_soon_threadsafe(is_claiming.set)
        assert may_go_on.wait(30)
        return ()

    async def deliver(owed: Owed) -> None:
        begun.append(owed.name)

    courier = Courier(database, clock, deliver, draws, nobody_is_told)
    box.put(post("hello"), at=clock.now())
    running = asyncio.create_task(courier.run(is_only_owner=False))
    await is_claiming.wait()
    stopping = asyncio.create_task(courier.stop())
    # As far as it gets while the claim is not committed.
    await asyncio.wait([stopping], timeout=0.2)
    may_go_on.set()
    await stopping
    await running
    assert box.states() == {"hello": "pending"}
    assert not box.claim(clock.now(), worker="next")["hello"].is_uncertain
    assert begun == []


async def test_what_was_handed_back_is_not_sent_by_who_would_not_be_broken_off(
    database: Database,
) -> None:
    box, clock, held = Outbox(database), StillClock(), list[bool]()
    is_begun, may_go_on = asyncio.Event(), asyncio.Event()

    async def deliver(_: Owed) -> None:
        is_begun.set()
        held.append(HOLDS.get()())
        while not may_go_on.is_set():
            try:
                await may_go_on.wait()
            except asyncio.CancelledError:
                continue
        held.append(HOLDS.get()())

    courier = Courier(database, clock, deliver, lambda _: (), nobody_is_told)
    box.put(post("hello"), at=clock.now())
    running = asyncio.create_task(courier.run(is_only_owner=False))
    await is_begun.wait()
    await courier.stop()
    await running
    clock.move(timedelta(seconds=2))
    assert box.claim(clock.now(), worker="next")["hello"].is_uncertain
    may_go_on.set()
    await asyncio.gather(*courier._under_way.values())
    assert held == [True, False]
