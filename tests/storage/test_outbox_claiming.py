"""Does each thing owed have one carrier at a time, in the order of its lane?"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from storage import outbox
from storage.db import Database
from tests.storage.owed import AT, LEASE, Outbox, keep, later, post, refusal


@pytest.fixture
def box(database: Database) -> Outbox:
    return Outbox(database)


def test_the_most_urgent_comes_first_then_the_oldest(box: Outbox) -> None:
    box.put(post("topic", urgency=7), post("room", urgency=0), post("a"), post("b"))
    assert list(box.claim(limit=3)) == ["room", "a", "b"]


def test_of_a_lane_one_is_under_way_at_a_time_in_order(box: Outbox) -> None:
    box.put(post("a1", "a"), post("a2", "a", urgency=0), post("b1", "b"))
    held = box.claim()
    assert list(held) == ["a1", "b1"]
    assert box.claim(worker="w2") == {}
    box.settle(outbox.Done(held["a1"].id, held["a1"].attempts, 1))
    assert list(box.claim(worker="w2")) == ["a2"]


def test_what_waits_holds_up_its_lane(box: Outbox) -> None:
    box.put(post("a1", "a"), post("a2", "a"))
    held = box.claim()["a1"]
    box.settle(outbox.Later(held.id, held.attempts, later(10), "ratelimited", is_uncertain=False))
    assert box.claim(later(9)) == {}
    assert list(box.claim(later(10))) == ["a1"]


def test_what_was_refused_does_not_hold_up_its_lane(box: Outbox) -> None:
    box.put(post("a1", "a"), post("a2", "a"))
    box.settle(refusal(box.claim()["a1"], "msg_too_long"))
    assert list(box.claim()) == ["a2"]


def test_nothing_is_claimed_before_what_it_needs_exists(box: Outbox) -> None:
    box.put(post("room", gives="room/1"), post("hello", needs="room/1"))
    held = box.claim()
    assert list(held) == ["room"]
    box.settle(outbox.Done(held["room"].id, held["room"].attempts, 1, {"channel": "C1"}))
    assert box.claim()["hello"].needs_value == {"channel": "C1"}


def test_a_reference_may_be_bare(box: Outbox) -> None:
    box.put(post("invite", gives="in/U1"), post("greeting", needs="in/U1"))
    assert box.deliver() == ["invite"]
    assert box.claim()["greeting"].needs_value is None


def test_a_claim_tells_the_carrier_everything(box: Outbox) -> None:
    box.put(post("hello", "room/1 posts", subject="incident/1", gives="hello"))
    claimed = box.claim(later(1))["hello"]
    assert claimed == outbox.Claimed(
        id=claimed.id,
        name="hello",
        lane="room/1 posts",
        kind="post",
        body={"text": "hello"},
        version=1,
        attempts=1,
        is_uncertain=False,
        first_claimed_at=later(1),
        subject="incident/1",
        needs=None,
        gives="hello",
        needs_value=None,
        gives_value=None,
    )


def test_until_the_lease_ends_nobody_else_gets_it(box: Outbox) -> None:
    box.put(post("hello"))
    box.claim()
    assert box.claim(AT + LEASE - timedelta(microseconds=1), "w2") == {}
    claimed = box.claim(AT + LEASE, "w2")["hello"]
    assert claimed.is_uncertain
    assert claimed.attempts == 2
    assert claimed.first_claimed_at == AT


def test_who_lost_its_lease_settles_nothing(box: Outbox) -> None:
    box.put(post("hello", gives="hello"))
    slow = box.claim()["hello"]
    box.claim(AT + LEASE, "w2")
    for outcome in (
        outbox.Done(slow.id, slow.attempts, 1, {"ts": "1.1"}),
        outbox.Later(slow.id, slow.attempts, AT, "late", is_uncertain=False),
        refusal(slow, "late"),
    ):
        assert box.settle(outcome, at=later(31)) == []
    assert box.states() == {"hello": "claimed"}
    assert box.ref("hello") is None


def test_after_a_crash_what_was_held_is_looked_for_once_it_may_have_settled(box: Outbox) -> None:
    box.put(post("old"), post("young"))
    box.claim(limit=1)
    box.claim(later(9), limit=1)
    assert box.release(later(10)) == 2
    # However long ago it was claimed, its call may have begun a moment before the death.
    assert box.claim(later(11.9)) == {}
    found = box.claim(later(12))
    assert list(found) == ["old", "young"]
    young = found["young"]
    assert young.is_uncertain
    assert young.first_claimed_at == later(9)
    assert young.attempts == 2


def test_who_takes_only_some_leaves_the_rest_as_it_was(box: Outbox) -> None:
    only = outbox.Only(kinds=("send",), beginning="slots/")
    worker = outbox.Worker("w1", LEASE, only)
    page = outbox.Item("page", "page", "send", {}, urgency=9)
    box.put(*(post(f"post {n}") for n in range(3)), page, keep("slots/1", "INC-1", urgency=9))
    rows = box.database.write_now(lambda conn: outbox.claim(conn, worker, AT, 2))
    assert [row.name for row in rows] == ["page", "slots/1"]
    assert set(box.claim(worker="w2")) == {"post 0", "post 1", "post 2"}


def test_who_stops_hands_back_what_it_held_and_nothing_of_others(box: Outbox) -> None:
    box.put(post("mine"), post("theirs"))
    assert list(box.claim(limit=1)) == ["mine"]
    assert list(box.claim(worker="w2")) == ["theirs"]
    assert box.hand_back("w1", later(1)) == 1
    assert box.claim(later(2.9), worker="w3") == {}
    [handed] = box.claim(later(3), worker="w3").values()
    assert (handed.name, handed.is_uncertain, handed.first_claimed_at) == ("mine", True, AT)


def test_releasing_leaves_alone_what_nobody_held(box: Outbox) -> None:
    box.put(post("a"))
    assert box.release(later(1)) == 0
    assert not box.claim(later(1))["a"].is_uncertain


def test_an_uncertain_thing_stays_uncertain_until_it_is_known(box: Outbox) -> None:
    box.put(post("hello"))
    held = box.claim()["hello"]
    box.settle(outbox.Later(held.id, held.attempts, later(2), "timed out", is_uncertain=True))
    assert box.claim(later(2))["hello"].is_uncertain


def test_the_next_moment_is_when_something_becomes_due_by_itself(box: Outbox) -> None:
    assert box.next_at() is None
    box.put(post("a1", "a"), post("b1", "b"))
    assert box.next_at() is None  # due already
    held = box.claim()
    assert box.next_at() == AT + LEASE
    box.settle(
        outbox.Later(
            held["b1"].id, held["b1"].attempts, later(7), "ratelimited", is_uncertain=False
        )
    )
    assert box.next_at() == later(7)
    assert box.next_at(later(7)) == AT + LEASE


def test_what_waits_for_others_has_no_moment_of_its_own(box: Outbox) -> None:
    box.put(post("a1", "a"), at=AT)
    box.put(post("a2", "a"), post("pin", needs="summary"), at=later(5))
    box.claim()
    assert box.next_at() == AT + LEASE


def test_several_workers_never_hold_the_same_thing(box: Outbox) -> None:
    box.put(*[post(f"{lane}{n}", f"lane {lane}") for n in range(6) for lane in "abcdefgh"])
    start_together = threading.Barrier(4, timeout=10)
    settled: list[str] = []

    def work(worker: str) -> None:
        start_together.wait()
        for _ in range(200):
            held = box.claim(worker=worker, limit=3)
            settled.extend(held)
            done = [outbox.Done(row.id, row.attempts, row.version) for row in held.values()]
            box.settle(*done, worker=worker)
            if len(settled) >= 48:
                return

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, ["w1", "w2", "w3", "w4"]))
    assert len(settled) == len(set(settled)) == 48
    for lane in "abcdefgh":
        assert [name for name in settled if name[0] == lane] == [f"{lane}{n}" for n in range(6)]


def test_a_worker_does_not_wait_for_what_another_is_about_to_take(
    postgres_database: Database,
) -> None:
    box = Outbox(postgres_database)
    box.put(post("a1", "a"), post("a2", "a"), post("b1", "b"))

    def work(conn: Connection) -> list[str]:
        first = outbox.claim(conn, outbox.Worker("w1", LEASE), AT, 1)
        return [row.name for row in first] + list(box.claim(worker="w2"))

    assert postgres_database.write_now(work) == ["a1", "b1"]
