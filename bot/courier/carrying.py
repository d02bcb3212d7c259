"""How is what is owed claimed, carried out in lanes, and settled?"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.courier import losses, planned
from bot.courier.attempts import ELSEWHERE, Attempts, Deliver, Draws, Settled, is_for_slack
from bot.courier.losses import Tell, Told
from bot.courier.planned import May, Planned
from bot.courier.turns import Turn, until
from bot.readiness import Pulse
from bot.slack.calls import HOLDS
from storage import outbox
from storage.db import Database, StorageError

T = TypeVar("T")
LEASE = timedelta(seconds=30)  # longer than the calls of one effect may take together
_AT_ONCE = 256  # 20 declares at once owe 120 calls as soon as their rooms are open
_AFTER_ACK_SECONDS = 0.001
_SWEEP_SECONDS = 1.0  # catches what other processes wrote
_REST_SECONDS = 0.025  # after a turn in vain: what is written a hundred times a second is one turn
# Thousands that wait make a turn long; people's words and reminders get the database in between.
_LONG_SECONDS, _RESTS_FOR, _LONGEST_REST_SECONDS = 0.02, 3, 0.25
_FINISH_SECONDS = 2.5  # the whole process has 5 s to end in
_PACE_KEPT = timedelta(hours=1)  # longer than any limit takes to be whole again
_log = structlog.get_logger()


class Courier:
    """Claims what is owed, carries it out in parallel lanes, and settles in groups."""

    def __init__(
        self, database: Database, clock: Clock, deliver: Deliver, draws: Draws, tell_lost: Tell
    ) -> None:
        self._database = database
        self._clock = clock
        self._attempts = Attempts(clock, deliver)
        self._draws = draws
        self._tell_lost = tell_lost
        self._worker = outbox.Worker(secrets.token_hex(8), LEASE)
        self._wake = asyncio.Event()
        self._came_back = asyncio.Event()
        self._settled: list[Settled] = []
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._to_slack: set[int] = set()  # of what is under way
        self._planned = Planned(database, self._worker.name)
        self._held_until: dict[int, datetime] = {}
        self._reach = self._attempts.reach
        self._took = 0.0
        self._is_stopping = False
        self._takes = False
        self._may_go_out = True
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self.tally = self._attempts.tally
        self.pulse = Pulse()

    @property
    def tries_at(self) -> datetime | None:
        """When, cut off from Slack, it tries again whether Slack is there; None while it is."""
        return self._reach.try_at

    def wake(self) -> None:
        """Something may be owed now; may be called from any listener on the same loop."""
        # Claiming at once would fight the listener for the interpreter, and its ack comes first.
        asyncio.get_running_loop().call_later(_AFTER_ACK_SECONDS, self._wake.set)

    def is_at_work(self) -> bool:
        """Whether it takes anything now, and Slack is there; may be asked from any thread."""
        is_there = self._takes and not self._is_stopping and self.tries_at is None
        return is_there and len(self._under_way) < _AT_ONCE

    def take_along(self, conn: Connection, subject: str) -> Told:
        """Claim in this transaction what furnishes the room that it came to owe about a subject.

        What it answers begins that, and is called after the commit.
        """
        now, rows = self._clock.now(), list[outbox.Claimed]()
        if self.is_at_work():
            tolls = partial(planned.tolls_along, self._tolls)
            rows = outbox.take_along(conn, self._worker, subject, now, tolls)
        return lambda: self._begin_along(rows, now + LEASE)

    async def run(self, *, is_only_owner: bool) -> None:
        """Work until `stop`. The only owner of a database takes over what its past self held."""
        self._is_idle.clear()
        try:
            while not (self._is_stopping or await self._took_over(is_only_owner)):
                await until(self._wake, _SWEEP_SECONDS)
            # What was claimed before would have been taken for what its past self held.
            self._takes = True
            while not self._is_stopping:
                await self._turn_and_rest()
        finally:
            self._takes = False
            self._is_idle.set()
            if not self._is_stopping:
                self.pulse.end()

    async def _turn_and_rest(self) -> None:
        wait, is_in_vain = await self._turn()
        if is_in_vain and not self._is_stopping:
            await until(self._came_back, min(wait, _REST_SECONDS))
        if self._took > _LONG_SECONDS and not self._is_stopping:
            await asyncio.sleep(min(_RESTS_FOR * self._took, _LONGEST_REST_SECONDS))
        if not (self._settled or self._is_stopping):
            await until(self._wake, wait)

    async def stop(self) -> None:
        """Finish what is under way, settle it, and hand back what could not be finished."""
        self._is_stopping = True
        self._came_back.set()
        self._wake.set()
        if self._under_way:
            _, unfinished = await asyncio.wait(self._under_way.values(), timeout=_FINISH_SECONDS)
            for task in unfinished:
                task.cancel()
        self._may_go_out = False
        self._put_back(self._planned.all(), planned.STOPPED)
        # What it is about to claim could not be handed back before.
        await self._is_idle.wait()
        try:
            await self._exchange(limit=0)
            name, now = self._worker.name, self._clock.now
            await self._database.write(lambda conn: outbox.hand_back(conn, name, now()))
        except StorageError as error:  # its leases end by themselves
            _log.warning("courier.not_handed_back", reason=error.sentence)

    async def _took_over(self, is_only_owner: bool) -> bool:
        """Whether what lay there could be made ready; a database may be away at the start."""
        now = self._clock.now()

        def work(conn: Connection) -> int:
            released = outbox.release(conn, now) if is_only_owner else 0
            outbox.forget_paces(conn, now - _PACE_KEPT)
            return released

        return await self._came_round(self._database.write(work)) is not None

    async def _turn(self) -> tuple[float, bool]:
        """One round of settling and claiming.

        The seconds until the next row may be due, and whether there was nothing to do at all.
        """
        is_idle, self._took = not self._settled, 0.0
        turn = await self._came_round(self._exchange(_AT_ONCE - len(self._under_way)))
        if turn is None:
            return _SWEEP_SECONDS, False
        self._took = turn.took_seconds
        for row in turn.claimed:
            self._begin(row)
        is_in_vain = is_idle and not turn.claimed
        if len(self._under_way) >= _AT_ONCE:
            return _SWEEP_SECONDS, is_in_vain
        now, try_at = self._clock.now(), self.tries_at
        # A trial that is due and was not made waits for something to try it with.
        moments = (turn.next_at, try_at if try_at and try_at > now else None)
        waits = [max(0.0, (at - now).total_seconds()) for at in moments if at]
        return min([_SWEEP_SECONDS, *waits]), is_in_vain

    async def _came_round(self, work: Awaitable[T]) -> T | None:
        """What it came to; None when it was in vain, and is to be tried again."""
        try:
            done = await work
        except StorageError as error:  # which whoever asks the database hears too
            _log.warning("courier.storage", reason=error.sentence)
            done = None
        except Exception:  # noqa: BLE001 (a fault of one turn must not end all deliveries)
            _log.exception("courier.fault")
            return None
        self.pulse.beat()
        return done

    def _begin(self, row: outbox.Claimed, may: May | None = None) -> None:
        """Carry it out in a task of its own; `may` is awaited before."""
        if self._is_stopping:
            self._put_back([row], planned.STOPPED)
            return
        task = asyncio.create_task(self._attempt(row, may))
        before = self._under_way.get(row.id)
        if before:
            before.cancel()  # its claim was lost: this one looks first whether it did it
        self._under_way[row.id] = task
        if is_for_slack(row):
            self._to_slack.add(row.id)
        task.add_done_callback(lambda done: self._end(row, done))

    def _end(self, row: outbox.Claimed, task: asyncio.Task[None]) -> None:
        if self._under_way.get(row.id) is task:
            del self._under_way[row.id]
            self._to_slack.discard(row.id)
            self._held_until.pop(row.id, None)

    def _begin_along(self, rows: Sequence[outbox.Claimed], until: datetime) -> None:
        self._held_until |= {row.id: until for row in rows}
        if rows and self._is_stopping:  # all else was handed back already
            self._put_back(rows, planned.STOPPED)
            self._last = asyncio.ensure_future(self._came_round(self._exchange(limit=0)))
            return
        for row in self._planned.add(rows):
            # As in `wake`: the ack of whoever declared comes first.
            self._begin(row, lambda: asyncio.sleep(_AFTER_ACK_SECONDS, result=True))

    async def _exchange(self, limit: int) -> Turn:
        """Settle what came back, and claim what is due, in one commit."""
        self._wake.clear()
        self._came_back.clear()
        settled, self._settled = self._settled, []
        about = self._about() - {one.id for one in settled}
        tried: list[int] = []  # taken by a try whose commit may have stood all the same

        def work(conn: Connection) -> Turn:
            now, began_at = self._clock.now(), time.perf_counter()
            told = losses.settled(conn, self._worker.name, settled, now, self._tell_lost)
            # A clock that people put forward must not end the leases of what is on its way.
            held = outbox.hold(conn, self._worker, about, now)
            outbox.put_back(conn, self._worker.name, tried)
            claimed, next_at = self._claim(conn, limit, now), outbox.next_at(conn, now)
            tried.extend(row.id for row in claimed)
            return Turn(claimed, told, held, next_at, time.perf_counter() - began_at)

        until = self._clock.now() + LEASE
        try:
            # While people's words are written one by one, what is owed for the first goes out.
            turn = await self._database.write(work, is_passing=True)
        except BaseException:
            self._settled = settled + self._settled  # what was delivered must not be forgotten
            raise
        held = {*turn.held}
        self._put_back(self._planned.drop(about - held), planned.NOT_THERE)
        mine = held & self._about() | {row.id for row in turn.claimed}
        self._held_until |= dict.fromkeys(mine, until)
        losses.after_commit(turn.told)
        return turn

    def _claim(self, conn: Connection, limit: int, now: datetime) -> list[outbox.Claimed]:
        if limit <= 0:
            return []
        # In this order: a trial that came to nothing says when the next one is, and is over then.
        is_on_trial, try_at = bool(self._to_slack), self._reach.try_at
        if try_at is None:
            return outbox.claim(conn, self._worker, now, limit, self._tolls)
        # Cut off from Slack: all the rest is left to those who are not, without a trace on it.
        elsewhere = replace(self._worker, only=ELSEWHERE)
        claimed = outbox.claim(conn, elsewhere, now, limit, self._tolls)
        if now >= try_at and not is_on_trial:
            # It looks at many: the most urgent may be something that only newer code can do.
            one = replace(self._worker, at_most=1)
            claimed += outbox.claim(conn, one, now, limit, self._tolls)
        return claimed

    async def _attempt(self, row: outbox.Claimed, may: May | None) -> None:
        HOLDS.set(lambda: self._holds(row))
        if may is None or await may():
            outcome = await self._attempts.outcome(row)
        else:
            outcome = planned.not_begun(row, self._clock.now(), planned.OVERTAKEN)
        self._settled.append(outcome)  # to the list as it is now: it was swapped meanwhile
        self._go_on(row, outcome)
        self._came_back.set()
        self._wake.set()

    def _go_on(self, row: outbox.Claimed, outcome: Settled) -> None:
        """Begin what waited for this here, without a turn to claim it in between."""
        ready, not_now = self._planned.after(row, outcome)
        for one, may in ready:
            self._begin(one, may)
        self._put_back(not_now, planned.NOT_THERE)

    def _put_back(self, rows: Sequence[outbox.Claimed], because: str) -> None:
        """It waits for its turn, as if nobody had taken it."""
        self._settled += [planned.not_begun(row, self._clock.now(), because) for row in rows]
        for row in rows:
            self._held_until.pop(row.id, None)

    def _about(self) -> set[int]:
        """What is under way, and what waits for that."""
        return self._under_way.keys() | self._planned.ids()

    def _holds(self, row: outbox.Claimed) -> bool:
        """Whether it is nobody else's yet: not handed back, and its lease goes on."""
        until = self._held_until.get(row.id)
        return self._may_go_out and until is not None and self._clock.now() < until

    def _tolls(self, row: outbox.Claimed) -> list[outbox.Toll]:
        """What it takes of the pace of all workers; what is not for Slack takes nothing."""
        return [outbox.Toll(one.bucket, one.every, one.at_once) for one in self._draws(row)]
