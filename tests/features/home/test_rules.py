"""When is the daily roll-up sent, and to whom?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from bot.core import ids
from bot.core.facts.house import RollUpSent
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome
from bot.features.home import blocks, rules
from bot.features.home.rules import RollUp
from runbooks.stakeholders import RollUp as Wanted
from tests.features.values import NOW, POLICY, as_shown, declared

HOUSE, NEW_HOUSE = Incident(0, last_seq=1), Incident(0)
MORNING = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SHOWN = ((as_shown(declared()), "C12"), (replace(as_shown(), incident=Incident(7)), None))


def _context(wanted: Wanted | None, zone: str = "UTC") -> Context:
    stakeholders = POLICY.stakeholders.model_copy(update={"roll_up": wanted})
    calendar = POLICY.calendar.model_copy(update={"time_zone": zone})
    policy = POLICY.model_copy(update={"stakeholders": stakeholders, "calendar": calendar})
    return Context(NOW, ids.BOT, policy)


def _day(at: datetime, wanted: Wanted, zone: str = "UTC") -> str:
    (sent,) = rules.roll_up(HOUSE, RollUp(at, ()), _context(wanted, zone)).facts
    assert isinstance(sent, RollUpSent)
    return sent.day


def test_the_channel_and_each_person_are_told_and_what_was_told_is_recorded() -> None:
    wanted = Wanted(people=("USAM", "UELENA"), channel="#exec", at=time(8))
    outcome = rules.roll_up(HOUSE, RollUp(MORNING, SHOWN), _context(wanted))
    assert outcome == Outcome(
        (RollUpSent(day="2026-11-21", incidents=(12, 7)),),
        tuple(
            blocks.roll_up(SHOWN, place, "2026-11-21")
            for place in ("channel/exec", "person/USAM", "person/UELENA")
        ),
    )


def test_a_policy_that_names_nobody_gets_none() -> None:
    assert rules.roll_up(HOUSE, RollUp(MORNING, SHOWN), _context(None)) == Outcome()


def test_a_morning_on_which_nothing_is_open_is_told_too() -> None:
    wanted = Wanted(channel="exec", at=time(8))
    outcome = rules.roll_up(HOUSE, RollUp(MORNING, ()), _context(wanted))
    assert outcome.facts == (RollUpSent(day="2026-11-21", incidents=()),)
    assert outcome.messages == (blocks.roll_up((), "channel/exec", "2026-11-21"),)


def test_one_that_is_made_up_for_comes_only_where_something_was_on_record_before() -> None:
    wanted = Wanted(channel="exec", at=time(8))
    late = replace(_context(wanted), now=MORNING + timedelta(minutes=40))
    assert rules.roll_up(NEW_HOUSE, RollUp(MORNING, ()), late) == Outcome()
    young, elder = MORNING + timedelta(minutes=5), MORNING - timedelta(days=1)
    assert rules.roll_up(NEW_HOUSE, RollUp(MORNING, (), young), late) == Outcome()
    assert rules.roll_up(NEW_HOUSE, RollUp(MORNING, (), elder), late).facts
    assert rules.roll_up(HOUSE, RollUp(MORNING, ()), late).facts
    assert rules.roll_up(NEW_HOUSE, RollUp(MORNING, ()), replace(late, now=MORNING)).facts


def test_the_day_is_that_of_those_who_read_it() -> None:
    evening = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    assert _day(evening, Wanted(channel="exec", at=time(8))) == "2026-11-20"
    auckland = Wanted(channel="exec", at=time(8), time_zone="Pacific/Auckland")
    assert _day(evening, auckland) == "2026-11-21"
    assert _day(evening, Wanted(channel="exec", at=time(8)), "Pacific/Auckland") == "2026-11-21"


def test_two_days_around_a_change_of_clocks_are_two() -> None:
    london = Wanted(channel="exec", at=time(0, 30), time_zone="Europe/London")
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    after = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)  # 00:30 on the 30th, by London's clocks
    assert (_day(before, london), _day(after, london)) == ("2026-03-29", "2026-03-30")
