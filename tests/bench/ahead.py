"""The bot as it runs, with its clock put forward by so many seconds."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from datetime import timedelta

from bot import app, doors, logs, serve
from bot.clock import Clock
from bot.settings import Settings


async def main(seconds: float) -> None:
    """Everything on SQLite, a worker on Postgres; says when it is at work."""
    settings = Settings.from_environment()
    logs.configured(settings)
    clock = Clock()
    clock.move(timedelta(seconds=seconds))
    with serve.opened(settings) as database:
        database.own()
        async with app.assembled(settings, clock, database) as bot:
            way_in = doors.on_socket(bot, settings) if database.is_sqlite else _none()
            async with way_in, app.delivering(bot):
                serve.settle_memory()
                sys.stdout.write("at work\n")
                sys.stdout.flush()
                await serve.until_told_to_stop()


def _none() -> contextlib.AbstractAsyncContextManager[None]:
    return contextlib.nullcontext()


def begin() -> None:
    """Begin as the command line does, by as many seconds as it says."""
    asyncio.run(main(float(sys.argv[1])))
