"""At which points of its work can a bot be killed?"""

from __future__ import annotations

import functools
import os
import re
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass, field
from types import CoroutineType, GeneratorType
from typing import Any, TypeVar

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from sqlalchemy import Engine as Pool
from sqlalchemy import event

from bot.engine import Engine
from bot.slack.calls import Calls
from bot.slack.deliver import Delivery
from storage import db, outbox

T = TypeVar("T")
EVERY = "*"  # wanted by who asks for the names of all points


@dataclass
class Points:
    """Dies at the point that is `wanted`; with `EVERY` each is told by its name instead."""

    tell: Callable[[str], None]
    wanted: str = ""

    def at(self, name: str) -> None:
        """The bot stands at this point."""
        if not self.wanted:
            return
        plain = re.sub(r"\d+", "#", name)
        if self.wanted == EVERY:
            self.tell(plain)
        elif self.wanted == plain:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Driven(Awaitable[T]):
    """A coroutine, each of whose waits is a point, and each of its goings on."""

    coroutine: Coroutine[Any, Any, T]
    what: str
    points: Points

    def __await__(self) -> Generator[Any, Any, T]:
        """Pass on what it waits for, by hand."""
        self.points.at(f"{self.what}: begins")
        thrown: BaseException | None = None
        while True:
            try:
                if thrown is None:
                    awaited = self.coroutine.send(None)
                else:
                    awaited = self.coroutine.throw(thrown)
            except StopIteration as stop:
                self.points.at(f"{self.what}: ends")
                return stop.value  # type: ignore[no-any-return]
            where = ">".join(_places(self.coroutine))
            self.points.at(f"{self.what}: waits in {where}")
            thrown = None
            try:
                yield awaited
            except BaseException as error:  # noqa: BLE001 (the coroutine gets it, whatever it is)
                thrown = error
            self.points.at(f"{self.what}: goes on in {where}")


def _places(coroutine: Any) -> Iterator[str]:
    """Who waits for whom: the call to Slack or the last of the bot's own, and the innermost."""
    own, last = "", ""
    while isinstance(coroutine, CoroutineType | GeneratorType):
        code, frame, inner = _step(coroutine)
        last = code.co_qualname
        if code.co_qualname == "Calls.__call__" and frame:
            last = str(frame.f_locals["method"])
        if "/bot/" in code.co_filename:
            own = last
        coroutine = inner
    yield own
    if last != own:
        yield last


def _step(coroutine: CoroutineType[Any, Any, Any] | GeneratorType[Any, Any, Any]) -> Any:
    """What it runs, its frame (None when it has ended), and what it waits for."""
    if isinstance(coroutine, CoroutineType):
        return coroutine.cr_code, coroutine.cr_frame, coroutine.cr_await
    return coroutine.gi_code, coroutine.gi_frame, coroutine.gi_yieldfrom


@dataclass
class _Commits(threading.local):
    """What the transaction of this thread is about."""

    names: list[str] = field(default_factory=list)


def install(points: Points) -> None:
    """Put points into the bot: deliveries, decisions, forms, acks and commits."""
    _drive(points, Delivery, "__call__", lambda owed: f"deliver {owed.name}")
    _drive(points, Engine, "carry_out", lambda rule, *_: f"decide {rule.__name__}")
    _drive(points, Engine, "ring_due", lambda *_: "ring")
    _drive(points, Engine, "owe", lambda *_: "owe")
    _drive(points, Calls, "open_view", lambda *_: "form")
    _drive(points, SocketModeClient, "send_socket_mode_response", lambda *_: "ack")
    _commits(points)


def _drive(points: Points, owner: type, name: str, what: Callable[..., str]) -> None:
    plain = getattr(owner, name)

    @functools.wraps(plain)
    async def driven(self: Any, *given: Any, **named: Any) -> Any:
        return await Driven(plain(self, *given, **named), what(*given), points)

    setattr(owner, name, driven)


def _commits(points: Points) -> None:
    """Just before and just after each commit, by what was claimed and settled in it."""
    about, known = _Commits(), dict[int, str]()
    claim, settle, attempt = outbox.claim, outbox.settle, db._attempt

    def claimed(*given: Any, **named: Any) -> Any:
        rows = claim(*given, **named)
        known.update((row.id, row.name) for row in rows)
        about.names += [f"claim {row.name}" for row in rows]
        return rows

    def settled(conn: Any, worker: Any, outcomes: Any, *given: Any, **named: Any) -> Any:
        about.names += [f"settle {known.get(one.id)} {type(one).__name__}" for one in outcomes]
        return settle(conn, worker, outcomes, *given, **named)

    def attempted(engine: Any, work: Callable[..., Any], verb: str) -> Any:
        name = getattr(work, "func", work).__qualname__.split(".<locals>")[0]
        about.names = [name] if verb == "written" else []
        value = attempt(engine, work, verb)
        for name in about.names:
            points.at(f"commit {name}: made")
        about.names = []
        return value

    def committing(_connection: Any) -> None:
        for name in about.names:
            points.at(f"commit {name}: about to be made")

    event.listen(Pool, "commit", committing)
    # The courier finds both by their package.
    sys.modules["storage.outbox"].__dict__.update(claim=claimed, settle=settled)
    sys.modules["storage.db"].__dict__.update(_attempt=attempted)
