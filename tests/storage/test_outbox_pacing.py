"""Do all workers together keep the pace, and does nothing overtaken go out?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import migrate, outbox
from storage.db import Database
from tests.storage.owed import AT, LEASE, Outbox, keep, later, post, refusal

CREATE = outbox.Toll("conversations.create", timedelta(seconds=3), 20)
SLOW = outbox.Toll("chat.postMessage C1", timedelta(seconds=1), 2)


@pytest.fixture
def box(database: Database) -> Outbox:
    return Outbox(database)


def each(*tolls: outbox.Toll) -> Callable[[outbox.Claimed], Sequence[outbox.Toll]]:
    """Every row takes the same."""
    return lambda _: tolls


def test_a_burst_goes_out_at_once_and_then_one_in_its_time(box: Outbox) -> None:
    box.put(*(post(f"room {n}") for n in range(24)))
    assert len(box.claim(limit=50, tolls=each(CREATE))) == 20
    assert box.claim(limit=50, tolls=each(CREATE)) == {}
    assert box.next_at() == later(3)
    assert len(box.claim(later(3), limit=50, tolls=each(CREATE))) == 1
    assert len(box.claim(later(9), limit=50, tolls=each(CREATE))) == 2


def test_two_workers_draw_on_one_pace(box: Outbox) -> None:
    box.put(*(post(f"room {n}") for n in range(30)))
    first = box.claim(limit=12, tolls=each(CREATE))
    second = box.claim(worker="w2", limit=12, tolls=each(CREATE))
    assert len(first) + len(second) == 20
    assert not set(first) & set(second)


def test_what_the_pace_holds_back_holds_up_nothing_else(box: Outbox) -> None:
    box.put(*(post(f"slow {n}") for n in range(10)), post("free", urgency=9))

    def tolls(row: outbox.Claimed) -> list[outbox.Toll]:
        return [SLOW] if row.name.startswith("slow") else []

    assert list(box.claim(limit=5, tolls=tolls)) == ["slow 0", "slow 1"]
    held_back = box.claim(limit=8, tolls=tolls)
    assert list(held_back) == ["free"]


def test_of_many_that_wait_for_one_bucket_a_few_are_looked_at(box: Outbox) -> None:
    box.put(*(post(f"slow {n:02}") for n in range(40)), post("free", urgency=9))
    assert len(box.claim(limit=40, tolls=each(SLOW))) == 2
    looked_at: list[str] = []

    def tolls(row: outbox.Claimed) -> list[outbox.Toll]:
        looked_at.append(row.name)
        return [SLOW] if row.name.startswith("slow") else []

    assert list(box.claim(later(1), limit=50, tolls=tolls)) == ["slow 02", "free"]
    assert looked_at == ["slow 02", "slow 03", "slow 04", "slow 05", "free"]
    assert box.next_at(later(1)) == later(2)
    assert list(box.claim(later(2), limit=50, tolls=tolls)) == ["slow 03"]


def test_what_is_known_to_wait_for_a_bucket_is_not_read_while_it_is_shut(box: Outbox) -> None:
    box.put(keep("knows since", ""))
    assert box.deliver() == ["knows since"]
    box.put(post("first"))
    assert list(box.claim(tolls=each(replace(SLOW, at_once=1)))) == ["first"]
    box.put(replace(post("knows"), waits_for=SLOW.bucket), post("free"))
    for name in ("knows too", "knows since"):
        box.again(replace(keep(name, ""), waits_for=SLOW.bucket))
    looked_at: list[str] = []

    def tolls(row: outbox.Claimed) -> list[outbox.Toll]:
        looked_at.append(row.name)
        return []

    assert list(box.claim(tolls=tolls)) == looked_at == ["free"]
    assert box.next_at() == later(1)
    assert set(box.claim(later(1), tolls=tolls)) == {"knows", "knows too", "knows since"}


def test_what_a_worker_never_gets_stays_for_the_one_that_does_at_once(box: Outbox) -> None:
    never = outbox.Toll("newer code", timedelta(seconds=1), 0)
    box.put(post("strange"), post("behind", lane="strange"), post("plain"))

    def tolls(row: outbox.Claimed) -> list[outbox.Toll]:
        return [] if row.name == "plain" else [never]

    assert list(box.claim(tolls=tolls)) == ["plain"]
    assert box.claim(later(20), tolls=tolls) == {}
    taken = box.claim(worker="newer")
    assert list(taken) == ["strange"]
    assert (taken["strange"].attempts, taken["strange"].is_uncertain) == (1, False)


def test_of_two_limits_neither_is_drawn_on_while_one_is_reached(box: Outbox) -> None:
    box.put(post("a"), post("b"), post("c"))
    assert len(box.claim(tolls=each(SLOW, CREATE))) == 2
    assert box.claim(tolls=each(SLOW, CREATE)) == {}
    box.put(*(post(f"room {n}") for n in range(30)))

    def creates(row: outbox.Claimed) -> list[outbox.Toll]:
        return [CREATE] if row.name.startswith("room") else [SLOW, CREATE]

    assert len([name for name in box.claim(limit=50, tolls=creates) if name[:4] == "room"]) == 18


def test_what_slack_shut_stays_shut_for_all_until_then(box: Outbox) -> None:
    box.put(post("a"), post("b"), post("c"))
    held = box.claim(limit=1, tolls=each(SLOW))["a"]
    shut = ("chat.postMessage C1", later(15))
    box.settle(outbox.Later(held.id, held.attempts, later(15), "ratelimited", False, shut))
    assert box.claim(later(14), worker="w2", tolls=each(SLOW)) == {}
    assert box.next_at(later(14)) == later(15)
    assert len(box.claim(later(15), worker="w2", tolls=each(SLOW))) == 1


def test_what_has_to_wait_long_is_counted_by_the_minute_from_then_on(box: Outbox) -> None:
    box.put(*(post(f"room {n}") for n in range(70)))
    box.claim(limit=50, tolls=each(CREATE))
    held = box.claim(later(3), tolls=each(CREATE)).popitem()[1]
    shut = ("conversations.create", later(60))
    outcome = outbox.Later(held.id, held.attempts, later(60), "ratelimited", False, shut)
    box.settle(outcome, at=later(3))
    claims = {at: len(box.claim(later(at), limit=50, tolls=each(CREATE))) for at in (59, 60, 63)}
    assert claims == {59: 0, 60: 20, 63: 0}
    assert len(box.claim(later(121), limit=12, tolls=each(CREATE))) == 12
    assert box.claim(later(156), limit=50, tolls=each(CREATE)) == {}
    assert len(box.claim(later(157), limit=50, tolls=each(CREATE))) == 20


def test_what_has_to_wait_shortly_flows_on(box: Outbox) -> None:
    box.put(*(post(f"room {n}") for n in range(30)))
    held = box.claim(limit=50, tolls=each(CREATE)).popitem()[1]
    shut = ("conversations.create", later(9))
    box.settle(outbox.Later(held.id, held.attempts, later(9), "ratelimited", False, shut))
    claims = {at: len(box.claim(later(at), limit=50, tolls=each(CREATE))) for at in (8, 9, 10, 12)}
    assert claims == {8: 0, 9: 1, 10: 0, 12: 1}


def test_what_is_no_longer_known_to_be_counted_flows_again(box: Outbox) -> None:
    box.put(*(post(f"room {n}") for n in range(60)))
    held = box.claim(limit=1, tolls=each(CREATE)).popitem()[1]
    shut = ("conversations.create", later(60))
    box.settle(outbox.Later(held.id, held.attempts, later(60), "ratelimited", False, shut))
    assert len(box.claim(later(3601), limit=50, tolls=each(CREATE))) == 20
    assert len(box.claim(later(3604), limit=50, tolls=each(CREATE))) == 1


def test_a_clock_that_is_put_back_holds_up_nothing(box: Outbox) -> None:
    ahead = AT + timedelta(hours=1)
    box.put(post("one"), post("two"), post("three"), at=ahead)
    assert len(box.claim(ahead, tolls=each(SLOW))) == 2
    box.put(replace(post("four"), waits_for=SLOW.bucket), post("five"))
    assert list(box.claim(tolls=each(SLOW))) == ["four"]
    assert list(box.claim(later(1), tolls=each(SLOW))) == ["five"]


def test_what_slack_shut_for_hours_stays_shut(box: Outbox) -> None:
    box.put(post("one"), replace(post("two"), waits_for=SLOW.bucket))
    held = box.claim(limit=1, tolls=each(SLOW))["one"]
    shut = SLOW.bucket, AT + timedelta(hours=3)
    box.settle(outbox.Later(held.id, held.attempts, AT, "ratelimited", False, shut))
    assert box.claim(AT + timedelta(hours=2), tolls=each(SLOW)) == {}
    assert list(box.claim(shut[1], tolls=each(SLOW))) == ["one"]


def test_old_paces_are_forgotten(box: Outbox) -> None:
    box.put(post("a"))
    box.claim(tolls=each(SLOW))

    def forget(before: datetime) -> int:
        return box.database.write_now(lambda conn: outbox.forget_paces(conn, before))

    assert [forget(AT - timedelta(hours=1)), forget(later(3600)), forget(later(3600))] == [0, 1, 0]


def test_the_newest_of_a_family_takes_the_place_of_what_was_not_sent(box: Outbox) -> None:
    box.put(post("reminder 1", family="reminders"), post("other"))
    box.put(post("reminder 2", family="reminders"))
    assert box.states() == {"reminder 1": "dropped", "other": "pending", "reminder 2": "pending"}


def test_what_may_have_been_sent_is_not_overtaken(box: Outbox) -> None:
    box.put(post("under way", "lane", family="reminders"))
    held = box.claim()["under way"]
    box.put(post("second", "lane", family="reminders"))
    box.settle(outbox.Later(held.id, held.attempts, AT, "timed out", is_uncertain=True))
    box.put(post("third", "lane", family="reminders"))
    assert box.states() == {"under way": "pending", "second": "dropped", "third": "pending"}


def test_a_claim_that_was_lost_and_taken_again_by_the_same_worker_settles_once(box: Outbox) -> None:
    box.put(post("a"))
    slow = box.claim()["a"]
    again = box.claim(later(60))["a"]
    assert again.is_uncertain
    box.settle(refusal(slow, "late"), at=later(61))
    assert box.states() == {"a": "claimed"}
    box.settle(outbox.Done(again.id, again.attempts, 1), at=later(62))
    assert box.states() == {"a": "done"}


def test_what_changed_while_it_was_under_way_is_still_settled_by_its_claim(box: Outbox) -> None:
    box.put(keep("topic", "old", gives="topic"))
    held = box.claim()["topic"]
    box.put(keep("topic", "new", gives="topic"))
    box.settle(outbox.Done(held.id, held.attempts, held.version, {"channel": "C1"}))
    assert box.states() == {"topic": "pending"}
    assert box.ref("topic") == {"channel": "C1"}


def test_a_worker_keeps_what_it_is_about_when_the_clock_is_put_forward(box: Outbox) -> None:
    box.put(post("a"), post("b"))
    held = box.claim()
    mine, ids = outbox.Worker("w1", LEASE), [held["a"].id]
    box.database.write_now(lambda conn: outbox.hold(conn, mine, ids, later(900)))
    assert list(box.claim(later(901), worker="w2")) == ["b"]


def test_what_is_given_up_takes_what_hangs_on_it_along(box: Outbox) -> None:
    box.put(post("room", gives="room"), post("summary", needs="room"))
    row_id = box.rows()[0].id
    assert box.database.write_now(lambda conn: outbox.drop(conn, row_id, "no longer wanted"))
    assert box.states() == {"room": "dropped", "summary": "undeliverable"}
    assert box.rows()[0].error == "no longer wanted"
    assert not box.database.write_now(lambda conn: outbox.drop(conn, row_id, "again"))


def test_of_two_outcomes_of_one_row_only_that_of_the_last_claim_counts(box: Outbox) -> None:
    box.put(post("a"))
    slow = box.claim()["a"]
    again = box.claim(later(60))["a"]
    box.settle(
        outbox.Done(slow.id, slow.attempts, 1),
        outbox.Later(again.id, again.attempts, later(70), "timed out", is_uncertain=True),
        at=later(61),
    )
    assert box.claim(later(70))["a"].body == {"text": "a"}


def test_a_row_that_cannot_be_read_stops_no_other(box: Outbox) -> None:
    box.put(post("torn"), post("whole"))
    box.tear("torn")
    assert {name: row.is_torn for name, row in box.claim().items()} == {
        "torn": True,
        "whole": False,
    }


@settings(deadline=None, max_examples=20)
@given(
    moves=st.lists(st.integers(0, 9000), min_size=1, max_size=25),
    at_once=st.integers(1, 6),
    every=st.integers(200, 5000),
)
def test_never_more_goes_out_than_a_full_bucket_and_what_flowed_in(
    moves: list[int], at_once: int, every: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('pace')}/pace.db")
    migrate.upgrade(database)
    box = Outbox(database)
    box.put(*(post(f"{n}") for n in range(200)))
    toll = outbox.Toll("bucket", timedelta(milliseconds=every), at_once)
    went: list[float] = []
    passed = 0
    for move in moves:
        passed += move
        found = box.claim(AT + timedelta(milliseconds=passed), limit=100, tolls=each(toll))
        went += [passed] * len(found)
    database.close()
    for first, start in enumerate(went):
        for last in range(first, len(went)):
            assert last - first + 1 <= at_once + (went[last] - start) / every
    assert len(went) >= min(at_once, 200)
