"""Is a case that was kept the one its facts add up to, whatever happened meanwhile?"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from bot import app, registry
from bot.cases import Case, Kept
from bot.clock import Clock
from bot.core import ids
from bot.core.facts.decisions import DecisionDetails
from bot.core.incident import Incident
from bot.core.messages import Call
from bot.core.outcome import Context, Outcome, Refused, States
from bot.engine import Asked, Engine, Existing, Opening
from bot.features.decisions import rules as decisions
from bot.features.incidents import rules as incidents
from bot.features.roles import rules as roles
from bot.features.status import rules as status
from bot.features.timeline import rules as timeline
from bot.ledger import Ledger
from bot.settings import Settings
from runbooks import load
from storage import tables
from storage.backup import backup
from storage.db import Database
from tests import declared

POLICY = load.policy()
MARA = "UMARA"
DECLARE = replace(declared.DECLARE, severity="SEV1")
_keys = (f"key {number}" for number in itertools.count())


def _engine(database: Database) -> Engine:
    return app.engine(database, Clock(), POLICY, Settings(warroom_announce_channel="incidents"))


def _unwritable(incident: Incident, _request: None, context: Context) -> Outcome:
    """A note that is taken back: what it owes cannot be written down."""
    noted = timeline.note(incident, timeline.Note("never"), context)
    return Outcome(noted.facts, (Call("odd", "react", {"odd": object()}),))


@dataclass
class Two:
    """Two processes at work on one incident, and what they asked for so far."""

    database: Database
    number: int
    engines: list[Engine]
    asked: list[tuple[Callable[..., Outcome], object, str]] = field(default_factory=list)

    async def act(self, by: int, rule: Callable[..., Outcome], request: object) -> None:
        """Ask for something; a refusal changes nothing."""
        key = next(_keys)
        self.asked.append((rule, request, key))
        await self.ask(by, rule, request, key)

    async def ask(self, by: int, rule: Callable[..., Outcome], request: object, key: str) -> None:
        """Ask under this key."""
        with contextlib.suppress(Refused):
            asked = Asked(key, MARA)
            await self.engines[by].carry_out(rule, request, Existing(self.number), asked)

    def erase(self, by: int, which: int) -> None:
        """Erase some words for good, once all that may quote them is delivered."""
        self.database.write_now(
            lambda conn: conn.execute(update(tables.outbox).values(state="done"))
        )
        engine, target = self.engines[by], Existing(self.number)
        if places := list(engine.words_of(target)):
            engine.erase(target, [places[which % len(places)]], "a name", "ELENA")

    def check(self) -> None:
        """What each has is what the facts add up to, and it owes the same messages."""
        fresh = Ledger(registry.house(POLICY, "/incident", announces=True))

        def anew(conn: Connection) -> Case:
            facts = fresh.facts(conn, ids.chain(self.number))
            return fresh.case(Incident(self.number), facts)

        wanted = self.database.read_now(anew)
        for engine in self.engines:
            found = asyncio.run(engine.case(self.number))
            assert found
            assert found == wanted
            shown = engine.shown(found)
            for render in registry.SLOTS:
                assert list(render(shown)) == list(render(fresh.shown(wanted)))


_texts = st.sampled_from(["We switch the model off", "Rate limits for everybody", "Wir warten ab"])
_numbers = st.integers(1, 3)
_requests = st.one_of(
    st.tuples(st.just(timeline.note), _texts.map(timeline.Note)),
    st.tuples(st.just(decisions.record), _texts.map(decisions.Record)),
    st.tuples(
        st.just(decisions.amend),
        st.builds(
            decisions.Amend,
            _numbers,
            _texts,
            _texts.map(lambda why: DecisionDetails.model_validate({"why": why})),
        ),
    ),
    st.tuples(st.just(decisions.reverse), st.builds(decisions.Reverse, _numbers, _texts)),
    st.tuples(st.just(roles.take), st.sampled_from(["ic", "scribe"])),
    st.tuples(st.just(status.resolve), _texts),
    st.tuples(st.just(status.reopen), _texts),
)
_deeds = st.lists(
    st.one_of(
        st.tuples(st.just("act"), st.integers(0, 1), _requests),
        st.tuples(st.just("again"), st.integers(0, 1), st.integers(0, 9)),
        st.tuples(st.just("fail"), st.integers(0, 1), st.none()),
        st.tuples(st.just("erase"), st.integers(0, 1), st.integers(0, 9)),
        st.tuples(st.just("look"), st.integers(0, 1), st.none()),
        st.tuples(st.just("restart"), st.integers(0, 1), st.none()),
    ),
    max_size=12,
)


async def _do(two: Two, deed: str, by: int, what: Any) -> None:
    if deed == "act":
        await two.act(by, *what)
    elif deed == "again" and two.asked:
        await two.ask(by, *two.asked[what % len(two.asked)])
    elif deed == "fail":
        with pytest.raises(TypeError):
            await two.act(by, _unwritable, None)
        two.asked.pop()
    elif deed == "look":
        await two.engines[by].case(two.number)
    elif deed == "restart":
        two.engines[by] = _engine(two.database)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=_deeds)
def test_what_is_kept_of_a_case_is_what_its_facts_add_up_to(
    database: Database, deeds: list[tuple[str, int, Any]]
) -> None:
    engines = [_engine(database), _engine(database)]
    asked = Asked(next(_keys), MARA)
    done = asyncio.run(engines[0].carry_out(incidents.declare, DECLARE, Opening(), asked))
    two = Two(database, done.case.incident.number, engines)
    for deed, by, what in deeds:
        if deed == "erase":
            two.erase(by, what)
        else:
            asyncio.run(_do(two, deed, by, what))
    two.check()


def test_erased_words_are_gone_from_what_another_process_shows(database: Database) -> None:
    mine, other = _engine(database), _engine(database)
    done = asyncio.run(mine.carry_out(incidents.declare, DECLARE, Opening(), Asked("k", MARA)))
    two = Two(database, done.case.incident.number, [mine, other])
    asyncio.run(two.act(0, timeline.note, timeline.Note("Anna Meier complained")))
    asyncio.run(two.act(1, decisions.record, decisions.Record("Call Anna Meier")))
    asyncio.run(mine.case(two.number))
    asyncio.run(other.case(two.number))
    two.erase(0, 2)
    two.check()
    assert "Call Anna Meier" not in repr(asyncio.run(other.case(two.number)))


def test_a_chain_that_was_put_back_and_went_on_otherwise_is_read_anew(
    sqlite_database: Database,
) -> None:
    engine, path = _engine(sqlite_database), sqlite_database.path
    assert path
    asyncio.run(engine.carry_out(incidents.declare, DECLARE, Opening(), Asked("k", MARA)))
    backup(sqlite_database, path.with_suffix(".kept"))
    two = Two(sqlite_database, 1, [engine])
    asyncio.run(two.act(0, timeline.note, timeline.Note("after the copy")))
    two.check()
    sqlite_database._writers.dispose()
    sqlite_database._readers.dispose()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    path.with_suffix(".kept").replace(path)
    other = Two(sqlite_database, 1, [_engine(sqlite_database)])
    asyncio.run(other.act(0, decisions.record, decisions.Record("Wait")))
    two.check()


def test_no_more_is_kept_than_so_many_facts_but_always_the_last_case() -> None:
    kept = Kept(facts_at_most=100)

    def case(facts: int) -> Case:
        return Case(Incident(1, last_seq=facts), States(), "hash")

    for number in range(20):
        kept.put(f"incident/{number}", case(20))
    held = [number for number in range(20) if kept.get(f"incident/{number}")]
    assert held == [15, 16, 17, 18, 19]
    kept.get("incident/15")
    kept.put("incident/20", case(40))
    assert kept.get("incident/15")
    assert not kept.get("incident/16")
    kept.put("incident/21", case(5_000))
    assert kept.get("incident/21") == case(5_000)
    assert not kept.get("incident/15")
