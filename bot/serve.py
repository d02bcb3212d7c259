"""Which processes can the bot be, and what do they need to start?"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from bot import app, doors
from bot.clock import Clock
from bot.settings import Misconfigured, Settings
from storage import schema
from storage.db import Absent, Database

_DRAIN_SECONDS = 1.0
_END_SECONDS = 5.0
_FULL_ROUND_AFTER = 1000  # rounds over what is younger; Python's own is 10
FIND_IT = (
    "Go to the folder where the bot runs or set DATABASE_URL; `warroom migrate` makes a new one."
)
Say = Callable[[str], None]


async def everything(settings: Settings, say: Say, *, http: bool) -> None:
    """All of the bot in one process, until it is told to stop."""
    app.policy(settings)
    _require_tokens(settings, http=http)
    with opened(settings) as database:
        database.own()
        upgrade(database)
        async with app.assembled(settings, Clock(), database) as bot:
            way_in = doors.on_http(bot, settings) if http else doors.on_socket(bot, settings)
            others = contextlib.nullcontext() if http else doors.on_hooks(bot, settings)
            figures = doors.on_metrics(bot, settings)
            async with way_in, others, figures, app.delivering(bot):
                settle_memory()
                say(f"warroom is listening by {'HTTP' if http else 'Socket Mode'}.")
                await until_told_to_stop()
                _end(bot)


def _require_tokens(settings: Settings, *, http: bool) -> None:
    """Who forgot them may be in the wrong folder, and is not to leave a database there."""
    settings.bot_token()
    if http:
        settings.signing_secret()
    else:
        settings.app_token()


async def part(settings: Settings, say: Say, *, is_web: bool) -> None:
    """Requests alone or deliveries alone, until it is told to stop."""
    with opened(settings) as database:
        if database.is_sqlite:
            raise Misconfigured(
                "web and worker share a database, which takes Postgres. "
                "Set DATABASE_URL to postgresql://..., or use `warroom run --http`."
            )
        schema.require_current(database)
        async with app.assembled(settings, Clock(), database) as bot:
            part = doors.on_http(bot, settings) if is_web else app.delivering(bot)
            async with doors.on_metrics(bot, settings), part:
                settle_memory()
                say(f"warroom {'web' if is_web else 'worker'} is at work.")
                await until_told_to_stop()
                _end(bot)
                if is_web:
                    # Whoever divides the requests has to see /readyz first.
                    await asyncio.sleep(_DRAIN_SECONDS)


def _end(bot: app.Bot) -> None:
    """Take no more upon us, and be gone within 5 s, even if a database never answers again."""
    bot.readiness.stop()
    last = threading.Timer(_END_SECONDS, os._exit, [1])  # what it held is free when its lease ends
    last.daemon = True
    last.start()


def settle_memory() -> None:
    """Take what the start made out of the garbage collector's rounds, and make full ones rare.

    What the start made stays until the end. In a full round nobody is acked or reminded: it takes
    45 ms over that, and with 10,000 open incidents 200 to 340 ms, 20 times in a minute in which
    all of them ring, to find some 20 objects.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _FULL_ROUND_AFTER)


def upgrade(database: Database) -> None:
    """Bring the database to this version's schema; what older versions use stays on Postgres."""
    # Alembic costs memory that `web` and `worker` never need.
    if not schema.is_current(database):
        # Of a SQLite file there is one owner, and it is this one.
        contracts = database.is_sqlite
        importlib.import_module("storage.migrate").upgrade(database, contracts=contracts)
        schema.require_current(database)


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database, closed at the end."""
    database = Database.open(settings.database_url)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def ready(settings: Settings) -> Iterator[Database]:
    """A database that has this version's schema."""
    with opened(settings) as database:
        try:
            schema.require_current(database)
        except Absent as error:
            raise Misconfigured(f"{error.sentence} {FIND_IT}") from error
        yield database


def stoppable(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; SIGINT or SIGTERM breaks it off in order while it still starts."""
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_cancelled_by_signals(work))


async def _cancelled_by_signals(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    _on_signals(task.cancel)
    await task


async def until_told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM; from here on neither breaks anything off."""
    told = asyncio.Event()
    _on_signals(told.set)
    await told.wait()


def _on_signals(act: Callable[[], object]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, act)
