"""Is something owed once, and in its newest form?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from storage import outbox
from storage.db import Database
from tests.storage.owed import (
    ALL,
    AT,
    LEASE,
    Outbox,
    keep,
    later,
    post,
    refusal,
    until_another_waits,
)


@pytest.fixture
def box(database: Database) -> Outbox:
    return Outbox(database)


def open_items(box: Outbox, subject: str) -> int:
    return box.database.read_now(lambda conn: outbox.open_items(conn, subject))


def test_owing_nothing_is_nothing(box: Outbox) -> None:
    assert box.put() == 0


def test_a_post_is_owed_once_whatever_became_of_it(box: Outbox) -> None:
    assert box.put(post("hello"), post("hello")) == 1
    assert box.put(post("hello")) == 0
    assert box.deliver() == ["hello"]
    assert box.put(post("hello")) == 0
    assert box.deliver() == []


def test_a_keep_is_owed_in_its_newest_form(box: Outbox) -> None:
    assert box.put(keep("topic", "SEV3"), keep("topic", "SEV2")) == 1
    assert box.put(keep("topic", "SEV1")) == 1
    assert box.claim()["topic"].body == {"text": "SEV1"}


def test_a_keep_that_shows_the_same_is_not_owed_again(box: Outbox) -> None:
    box.put(keep("topic", "SEV1"))
    assert box.put(keep("topic", "SEV1")) == 0
    box.deliver()
    assert box.put(keep("topic", "SEV1")) == 0
    assert box.put(keep("topic", "SEV2"), at=later(9)) == 1
    assert box.claim(later(8)) == {}
    assert box.claim(later(9))["topic"].body == {"text": "SEV2"}


def test_a_keep_that_changes_while_it_is_carried_out_is_owed_again_at_once(box: Outbox) -> None:
    box.put(keep("topic", "SEV2", gives="topic"))
    held = box.claim()["topic"]
    assert box.put(keep("topic", "SEV1", gives="topic"), at=later(1)) == 1
    assert box.claim(later(1)) == {}
    box.settle(outbox.Done(held.id, held.attempts, held.version, {"ts": "1.1"}), at=later(2))
    again = box.claim(later(2))["topic"]
    assert again.body == {"text": "SEV1"}
    assert again.version == held.version + 1
    assert not again.is_uncertain
    assert again.first_claimed_at == later(2)
    assert again.gives_value == {"ts": "1.1"}


def test_a_keep_that_was_refused_is_owed_again_even_if_it_shows_the_same(box: Outbox) -> None:
    box.put(keep("topic", "SEV1"))
    box.settle(refusal(box.claim()["topic"], "too_long"))
    assert box.put(keep("topic", "SEV1")) == 1
    assert box.claim()["topic"].attempts == 1


def test_what_is_owed_again_though_it_shows_the_same_is_carried_out_once_more(box: Outbox) -> None:
    box.again(keep("slots/1", "INC-1"))
    assert box.deliver() == ["slots/1"]
    box.again(keep("slots/1", "INC-1"), at=later(3))
    assert box.claim(later(2)) == {}
    assert box.deliver(later(3)) == ["slots/1"]
    assert box.deliver(later(4)) == []


def test_what_is_owed_again_while_it_waits_is_carried_out_once(box: Outbox) -> None:
    box.again(keep("slots/1", "INC-1"))
    box.again(keep("slots/1", "INC-1"), at=later(1))
    held = box.claim()["slots/1"]
    assert (held.version, held.attempts) == (1, 1)
    box.settle(outbox.Done(held.id, held.attempts, held.version, None))
    assert box.claim(later(9)) == {}


def test_what_is_owed_again_while_it_is_carried_out_is_carried_out_anew(box: Outbox) -> None:
    box.again(keep("slots/1", "INC-1"))
    held = box.claim()["slots/1"]
    box.again(keep("slots/1", "INC-1"), at=later(1))
    assert box.claim(later(1)) == {}
    box.settle(outbox.Done(held.id, held.attempts, held.version, None), at=later(2))
    assert box.claim(later(2))["slots/1"].version == held.version + 1


def test_what_is_owed_again_does_not_wait_for_a_put_off_attempt(box: Outbox) -> None:
    box.again(keep("slots/1", "INC-1"))
    held = box.claim()["slots/1"]
    box.settle(outbox.Later(held.id, held.attempts, later(120), "away", is_uncertain=False))
    box.again(keep("slots/1", "INC-1"), at=later(1))
    assert box.claim(later(1))["slots/1"].attempts == 1


def test_what_may_have_happened_is_given_its_time_though_it_is_owed_anew(box: Outbox) -> None:
    # Looked for before the call took effect, it would not be there, and sent a second time.
    _cut_off(box, keep("slots/1", "INC-1"), until=later(2))
    box.put(keep("slots/1", "INC-2"), at=later(0.5))
    box.again(keep("slots/1", "INC-3"), at=later(1))
    assert box.claim(later(1.9)) == {}
    again = box.claim(later(2))["slots/1"]
    assert (again.body, again.is_uncertain) == ({"text": "INC-3"}, True)


def test_what_is_owed_anew_waits_for_its_time_and_not_for_the_pause_between_attempts(
    box: Outbox,
) -> None:
    for at, owe in ((later(100), box.put), (later(200), box.again)):
        _cut_off(box, keep("slots/1", f"cut off {at}"), until=at + timedelta(seconds=90), at=at)
        for seconds in (60, 61):
            owe(keep("slots/1", "shown"), at=at + timedelta(seconds=seconds))
        assert box.next_at(at + timedelta(seconds=61)) == at + timedelta(seconds=62)
        assert box.deliver(at + timedelta(seconds=62)) == ["slots/1"]


def _cut_off(box: Outbox, item: outbox.Item, until: datetime, at: datetime = AT) -> None:
    box.put(item, at=at)
    held = box.claim(at)[item.name]
    box.settle(outbox.Later(held.id, held.attempts, until, "timed out", is_uncertain=True))


def test_what_is_owed_again_beside_a_claim_is_not_missed(postgres_database: Database) -> None:
    box = Outbox(postgres_database)
    box.again(keep("slots/1", "INC-1"))

    def work(conn: Connection) -> outbox.Claimed:
        held = outbox.claim(conn, outbox.Worker("w1", LEASE), AT, 1)[0]
        threads.submit(box.again, keep("slots/1", "INC-1"), later(1))
        until_another_waits(conn)
        return held

    with ThreadPoolExecutor(1) as threads:
        held = postgres_database.write_now(work)
    box.settle(outbox.Done(held.id, held.attempts, held.version, None), at=later(2))
    assert list(box.claim(later(2))) == ["slots/1"]


def test_what_hung_on_a_refused_keep_is_owed_again_with_it(box: Outbox) -> None:
    box.put(keep("summary", "v1", gives="summary"), post("pin", needs="summary"))
    box.settle(refusal(box.claim()["summary"], "invalid_blocks"))
    assert box.states() == {"summary": "failed", "pin": "undeliverable"}
    box.put(keep("summary", "v2", gives="summary"))
    assert box.deliver(summary={"ts": "1.1"}) == ["summary"]
    assert box.claim()["pin"].needs_value == {"ts": "1.1"}


def test_what_needs_something_dead_is_undeliverable_from_the_start(box: Outbox) -> None:
    box.put(post("room", gives="room/1"))
    box.settle(refusal(box.claim()["room"], "restricted_action"))
    box.put(post("hello", needs="room/1"))
    assert box.states()["hello"] == "undeliverable"
    (row,) = [row for row in box.rows() if row.name == "hello"]
    assert row.error == "it hangs on room/1, which was refused"


def test_an_undeliverable_keep_takes_new_words_but_is_not_owed(box: Outbox) -> None:
    # Its old words may have been erased since.
    box.put(post("room", gives="room/1"), keep("topic", "old words", needs="room/1"))
    room = box.claim()["room"]
    box.settle(refusal(room, "restricted_action"))
    assert box.put(keep("topic", "new words", needs="room/1")) == 1
    assert box.states()["topic"] == "undeliverable"
    box.retry(room.id)
    box.deliver(room={"channel": "C1"})
    assert box.claim()["topic"].body == {"text": "new words"}


def test_open_items_are_counted_by_subject(box: Outbox) -> None:
    box.put(post("a", subject="incident/1"), post("b", subject="incident/1"), post("c"))
    held = box.claim(limit=1)
    assert open_items(box, "incident/1") == 2
    box.settle(outbox.Done(held["a"].id, held["a"].attempts, 1))
    assert open_items(box, "incident/1") == 1


def test_for_an_erasure_lost_bodies_are_blanked_and_what_may_still_come_is_counted(
    box: Outbox,
) -> None:
    about = {"subject": "incident/1"}
    box.put(post("lost", **about), keep("old", "x", **about))
    refused = box.claim()
    box.settle(refusal(refused["lost"], "msg_too_long"), refusal(refused["old"], "msg_too_long"))
    box.put(post("open", **about), keep("topic", "x", **about), keep("reply", "x", **about))

    def settle(conn: Connection) -> int:
        return outbox.settle_for_erasure(conn, "incident/1", {"topic"})

    assert box.database.write_now(settle) == 2
    lost, still = dict.fromkeys(("lost", "old"), "dropped"), ("open", "topic", "reply")
    assert box.states() == {**lost, **dict.fromkeys(still, "pending")}


def test_the_listing_shows_what_a_person_needs_to_know(box: Outbox) -> None:
    box.put(post("a"), post("b"))
    held = box.claim()
    box.settle(
        outbox.Later(held["a"].id, held["a"].attempts, later(7), "ratelimited", is_uncertain=False)
    )
    first, second = box.database.read_now(lambda conn: outbox.listing(conn, ALL))
    assert first == outbox.Row(held["a"].id, "a", "pending", 1, "ratelimited", later(7))
    assert (second.name, second.state) == ("b", "claimed")


def test_a_slot_is_known_from_the_first_time_it_was_owed(box: Outbox) -> None:
    def is_kept(slot: str) -> bool:
        return box.database.read_now(lambda conn: outbox.is_kept(conn, slot))

    box.put(keep("topic", "SEV1"), post("hello"))
    assert (is_kept("topic"), is_kept("hello"), is_kept("purpose")) == (True, False, False)
    box.deliver()
    assert is_kept("topic")
