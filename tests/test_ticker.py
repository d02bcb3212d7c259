"""Does time do what nobody asks for?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from bot import app, ticker
from bot.clock import Clock
from bot.settings import Settings
from runbooks import load
from storage import inbox
from storage.db import Database


async def test_the_hour_forgets_old_requests_and_keeps_young_ones(database: Database) -> None:
    start = datetime(2026, 11, 21, 3, 40, tzinfo=UTC)
    old, young = start - timedelta(days=4), start - timedelta(days=2)
    led_to = inbox.Seen("incident/1", 1, 1)
    database.write_now(lambda conn: inbox.remember(conn, "old", led_to, old))
    database.write_now(lambda conn: inbox.remember(conn, "young", led_to, young))
    with freeze_time(start, real_asyncio=True) as frozen:
        clock = Clock()
        engine = app.engine(database, clock, load.policy(), Settings())
        async with ticker.ticking(engine, clock) as scheduler:
            frozen.tick(timedelta(hours=1, seconds=1))
            scheduler.wakeup()
            async with asyncio.timeout(5):
                while database.read_now(lambda conn: inbox.seen(conn, "old")):
                    await asyncio.sleep(0.01)
        assert database.read_now(lambda conn: inbox.seen(conn, "young")) == led_to
