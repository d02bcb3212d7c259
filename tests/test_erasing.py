"""Do words that were erased stay away from Slack, whatever was owed when they went?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.clock import Clock
from bot.core.outcome import Refused
from bot.engine import Asked, Engine, Existing
from bot.features.following import rules as following
from bot.features.updates import rules as updates
from storage import log, outbox
from storage.db import Database
from storage.outbox.rows import Claimed, Outcome
from tests import declared
from tests.storage.owed import Outbox, refusal

FAY = "UFAY"
JANE = "Patient Jane Doe was harmed"


async def _told_twice(database: Database, clock: Clock) -> Engine:
    """A follower was told of Jane, and then of something else; nothing reached Slack yet."""
    engine = declared.engine(database, clock)
    await declared.declared(engine, 1)
    await engine.carry_out(following.follow, None, Existing(1), Asked("follow", FAY))
    for words in (JANE, "We rolled back"):
        await engine.carry_out(updates.quick, words, Existing(1), Asked(words, "UMARA"))
        await engine.draw(1)
    return engine


def _deliver(box: Outbox, engine: Engine, outcome: Callable[[Claimed], Outcome]) -> None:
    """All that may go out comes to that, until there is no more."""
    while taken := box.claim(at=engine.now(), limit=100):
        box.settle(*map(outcome, taken.values()), at=engine.now())


def _done(one: Claimed) -> Outcome:
    value = {"channel": f"D{one.id}", "ts": f"{one.id}.0"} if one.gives else None
    return outbox.Done(one.id, one.attempts, one.version, value)


def _erase(engine: Engine) -> int:
    places = [at for at, (_, words) in engine.words_of(Existing(1)).items() if JANE in words]
    return engine.erase(Existing(1), places, "It names a patient.", "UMARA")


def _quoting(database: Database) -> list[str]:
    query = text("SELECT name FROM outbox WHERE body LIKE :words")
    return list(
        database.read_now(lambda conn: conn.execute(query, {"words": f"%{JANE}%"}).scalars())
    )


async def test_words_that_a_reply_still_brings_are_erased_once_it_is_through(
    database: Database,
) -> None:
    clock, box = Clock(), Outbox(database)
    engine = await _told_twice(database, clock)

    def held_back(one: Claimed) -> Outcome:
        at = engine.now() + timedelta(hours=1)
        return (
            outbox.Later(one.id, one.attempts, at, "away", False) if _is_reply(one) else _done(one)
        )

    _deliver(box, engine, held_back)
    assert _quoting(database)
    with pytest.raises(Refused, match="still being delivered"):
        _erase(engine)
    clock.move(timedelta(hours=2))
    _deliver(box, engine, _done)
    assert _erase(engine)
    assert _quoting(database) == []
    assert database.read_now(log.verify).broken is None  # the erasure says why they are gone


async def test_words_in_a_reply_that_slack_refused_go_with_the_others(database: Database) -> None:
    engine, box = await _told_twice(database, Clock()), Outbox(database)
    _deliver(box, engine, lambda one: refusal(one, "is_archived") if _is_reply(one) else _done(one))
    assert _quoting(database)
    assert _erase(engine)
    assert _quoting(database) == []


def _is_reply(one: Claimed) -> bool:
    return bool(one.body.get("is_reply"))
