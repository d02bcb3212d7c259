"""At which points of its work can a bot be killed?"""

from __future__ import annotations

import functools
import os
import re
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, Sequence
from dataclasses import dataclass
from types import CoroutineType, GeneratorType
from typing import Any, TypeVar

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from sqlalchemy import Engine as Pool
from sqlalchemy import event

from bot.engine import Engine
from bot.slack.calls import Calls
from bot.slack.deliver import Delivery
from storage import db, outbox
from storage import together as module_of_together
from storage.together import Job, Together

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


class _Commits(threading.local):
    """What the transaction of this thread is about, by what was claimed and settled in it."""

    def __init__(self, points: Points, known: dict[int, str]) -> None:
        self._points = points
        self._known = known
        self.names: list[str] = []

    def begun(self, *names: str) -> None:
        """Another one, about this."""
        self.names = [*names]

    def claimed(self, rows: Sequence[outbox.Claimed]) -> None:
        """These are claimed in it."""
        self._known.update((row.id, row.name) for row in rows)
        self.names += [f"claim {row.name}" for row in rows]

    def settled(self, outcomes: Sequence[Any]) -> None:
        """These are settled in it."""
        self.names += [f"settle {self._known.get(one.id)} {type(one).__name__}" for one in outcomes]

    def tell(self, how: str) -> None:
        """It is about to be made, or made."""
        for name in self.names:
            self._points.at(f"commit {name}: {how}")


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
    """Just before and just after each commit."""
    about = _Commits(points, {})
    _about_what(about)
    attempt = db._attempt

    def attempted(engine: Any, work: Callable[..., Any], verb: str) -> Any:
        about.begun(*([_named(work)] if verb == "written" else ()))
        value = attempt(engine, work, verb)
        about.tell("made")
        about.begun()
        return value

    event.listen(Pool, "commit", lambda _: about.tell("about to be made"))
    sys.modules["storage.db"].__dict__.update(_attempt=attempted)
    _shared_commits(about)


def _about_what(about: _Commits) -> None:
    """Note what is claimed and settled; the courier finds both by their package."""
    claim, settle = outbox.claim, outbox.settle

    def claimed(*given: Any, **named: Any) -> Any:
        rows = claim(*given, **named)
        about.claimed(rows)
        return rows

    def settled(conn: Any, worker: Any, outcomes: Any, *given: Any, **named: Any) -> Any:
        about.settled(outcomes)
        return settle(conn, worker, outcomes, *given, **named)

    sys.modules["storage.outbox"].__dict__.update(claim=claimed, settle=settled)


def _shared_commits(about: _Commits) -> None:
    """On SQLite several that wait for the writer are made in one."""
    within, grouped = module_of_together._within, Together._grouped

    def one_of_them(connection: Any, job: Job) -> Any:
        about.names.append(_named(job.work))
        return within(connection, job)

    def together(self: Together, first: Job) -> Any:
        about.begun()
        answers = grouped(self, first)
        if all(answer != job.alone for job, answer in answers):  # or nothing of it was kept
            about.tell("made")
        about.begun()
        return answers

    sys.modules["storage.together"].__dict__.update(_within=one_of_them)
    Together._grouped = together  # type: ignore[method-assign]


def _named(work: Callable[..., Any]) -> str:
    """Whose transaction it is."""
    return str(getattr(work, "func", work).__qualname__.split(".<locals>")[0])
