"""Is it known what came of each thing, and what is lost by it?"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text

from storage import lookup, outbox
from storage.db import Database
from tests.storage.owed import AT, Outbox, keep, later, post, refusal, until_another_waits


@pytest.fixture
def box(database: Database) -> Outbox:
    return Outbox(database)


def refused_room(box: Outbox) -> tuple[int, list[outbox.Lost]]:
    """A room that could not be made, with a summary and its pin; the room's id and what is lost."""
    about = {"subject": "incident/1"}
    box.put(
        post("room", gives="room/1", **about),
        keep("summary", "v1", needs="room/1", gives="summary/1", **about),
        post("pin", needs="summary/1", **about),
        post("page", **about),
    )
    row_id = box.claim(limit=1)["room"].id
    return row_id, box.settle(outbox.Failed(row_id, 1, 1, "restricted_action"))


def test_settling_nothing_is_nothing(box: Outbox) -> None:
    assert box.settle() == []


def test_what_is_done_keeps_no_body_but_what_it_brought(box: Outbox) -> None:
    box.put(post("room", gives="room/1"))
    box.deliver(room={"channel": "C1", "ts": None})
    assert box.ref("room/1") == {"channel": "C1", "ts": None}
    assert box.states() == {"room": "done"}
    bodies = text("SELECT body FROM outbox")
    assert box.database.read_now(lambda conn: conn.execute(bodies).scalar_one()) == ""


def test_a_reference_keeps_its_value_when_nothing_new_was_brought(box: Outbox) -> None:
    box.put(keep("summary", "v1", gives="summary"))
    box.deliver(summary={"ts": "1.1"})
    box.put(keep("summary", "v2", gives="summary"))
    box.deliver()
    assert box.ref("summary") == {"ts": "1.1"}


def test_a_reference_takes_a_newer_value(box: Outbox) -> None:
    box.put(keep("summary", "v1", gives="summary"))
    box.deliver(summary={"channel": "C1", "ts": "1.1"})
    box.put(keep("summary", "v2", gives="summary"))
    box.deliver(summary={"channel": "C2", "ts": "2.2"})
    assert box.ref("summary") == {"channel": "C2", "ts": "2.2"}


def test_references_are_found_by_their_channel(box: Outbox) -> None:
    names = {"room/1": "C1", "room/12": "C1", "summary/1": "C1", "room/2": "C2", "roomy": "C1"}
    box.put(*[post(name, gives=name) for name in names])
    box.deliver(**{name: {"channel": channel} for name, channel in names.items()})
    found = box.database.read_now(lambda conn: outbox.refs_at(conn, "C1", "room/"))
    assert found == ["room/1", "room/12"]


def test_what_hangs_on_a_refused_thing_is_lost_with_it(box: Outbox) -> None:
    room, lost = refused_room(box)
    no_room, no_summary = (f"it hangs on {one}/1, which was refused" for one in ("room", "summary"))
    assert lost == [
        outbox.Lost("room", "incident/1", "restricted_action", "failed", room),
        outbox.Lost("summary", "incident/1", no_room, "undeliverable", room),
        outbox.Lost("pin", "incident/1", no_summary, "undeliverable", room),
    ]
    assert list(box.claim()) == ["page"]


def test_a_refused_thing_can_be_tried_again_with_all_that_hung_on_it(box: Outbox) -> None:
    room, _ = refused_room(box)
    assert box.retry(room, later(60))
    assert list(box.claim(later(59))) == ["page"]
    assert box.claim(later(60))["room"].attempts == 1
    held = box.rows()[0]
    box.settle(outbox.Done(held.id, held.attempts, 1, {"channel": "C1"}), at=later(60))
    assert box.deliver(later(61), summary={"ts": "1.1"}) == ["summary"]
    assert box.deliver(later(62)) == ["pin"]


def test_only_what_was_refused_can_be_tried_again(box: Outbox) -> None:
    box.put(post("hello"))
    row_id = box.claim()["hello"].id
    assert not box.retry(row_id)
    assert not box.retry(999)
    box.settle(outbox.Done(row_id, 1, 1))
    assert not box.retry(row_id)


def test_a_refusal_does_not_take_away_what_was_brought_before(box: Outbox) -> None:
    box.put(keep("summary", "v1", gives="summary"))
    box.deliver(summary={"ts": "1.1"})
    box.put(keep("summary", "v2", gives="summary"), post("pin", needs="summary"))
    lost = box.settle(refusal(box.claim()["summary"], "invalid_blocks"))
    assert [one.name for one in lost] == ["summary"]
    assert box.ref("summary") == {"ts": "1.1"}
    assert box.states() == {"summary": "failed", "pin": "claimed"}


def test_a_keep_renewed_while_its_old_form_is_refused_is_tried_in_its_new_form(
    box: Outbox,
) -> None:
    box.put(keep("summary", "v1", gives="summary"), post("pin", needs="summary"))
    held = box.claim()["summary"]
    box.put(keep("summary", "v2", gives="summary"), at=later(1))
    assert box.settle(refusal(held, "invalid_blocks"), at=later(2)) == []
    assert box.states() == {"summary": "pending", "pin": "pending"}
    again = box.claim(later(2))["summary"]
    assert (again.body, again.is_uncertain) == ({"text": "v2"}, False)
    lost = box.settle(refusal(again, "invalid_blocks"), at=later(3))
    assert [one.name for one in lost] == ["summary", "pin"]


def test_what_may_have_come_in_its_old_form_is_looked_for_before_the_new_one_is_tried(
    box: Outbox,
) -> None:
    box.put(keep("summary", "v1", gives="summary"))
    unsure = box.claim()["summary"]
    box.settle(outbox.Later(unsure.id, unsure.attempts, later(2), "timed out", is_uncertain=True))
    held = box.claim(later(2))["summary"]
    box.put(keep("summary", "v2", gives="summary"), at=later(3))
    box.settle(refusal(held, "not_in_channel"), at=later(4))
    again = box.claim(later(4))["summary"]
    assert (again.is_uncertain, again.first_claimed_at) == (True, AT)


def test_several_outcomes_are_settled_together(box: Outbox) -> None:
    box.put(post("a"), post("b"), post("c"))
    held = box.claim()
    lost = box.settle(
        outbox.Done(held["a"].id, held["a"].attempts, 1),
        outbox.Later(held["b"].id, held["b"].attempts, later(5), "ratelimited", is_uncertain=False),
        refusal(held["c"], "not_in_channel"),
        outbox.Done(999, 1, 1),
    )
    assert [one.name for one in lost] == ["c"]
    assert box.states() == {"a": "done", "b": "pending", "c": "failed"}


def test_a_keep_renewed_while_its_old_form_is_settled_is_not_taken_for_done(
    postgres_database: Database,
) -> None:
    box = Outbox(postgres_database)
    box.put(keep("topic", "old"))
    held = box.claim()["topic"]
    is_renewed = threading.Event()

    def renew(conn: Connection) -> None:
        outbox.put(conn, [keep("topic", "new")], AT)
        is_renewed.set()
        until_another_waits(conn)

    with ThreadPoolExecutor() as threads:
        renewing = threads.submit(postgres_database.write_now, renew)
        assert is_renewed.wait(10)
        box.settle(outbox.Done(held.id, held.attempts, held.version))
        renewing.result()
    assert box.claim()["topic"].body == {"text": "new"}


def test_what_is_put_in_while_its_need_dies_is_not_left_waiting(
    postgres_database: Database,
) -> None:
    box = Outbox(postgres_database)
    box.put(post("room", gives="room/1"))
    room = box.claim()["room"]
    is_put = threading.Event()

    def owe(conn: Connection) -> None:
        outbox.put(conn, [post("hello", needs="room/1")], AT)
        is_put.set()
        until_another_waits(conn)

    with ThreadPoolExecutor() as threads:
        owing = threads.submit(postgres_database.write_now, owe)
        assert is_put.wait(10)
        lost = box.settle(refusal(room, "restricted_action"))
        owing.result()
    assert [one.name for one in lost] == ["room", "hello"]
    assert box.states() == {"room": "failed", "hello": "undeliverable"}


def test_who_tells_of_a_refusal_and_who_writes_about_its_subject_never_lock_each_other_out(
    postgres_database: Database,
) -> None:
    box, is_held, tries = Outbox(postgres_database), threading.Event(), []
    entry = lookup.Entry(
        1, "incident/1", "investigating", 1, False, False, None, AT, 1, next_due_at=None
    )
    postgres_database.write_now(lambda conn: lookup.save(conn, lookup.Saved(entry)))
    box.put(post("room", subject="incident/1", gives="room/1"))
    room = box.claim()["room"]

    def write(conn: Connection) -> None:
        lookup.lock(conn, 1)
        is_held.set()
        until_another_waits(conn)
        outbox.put(conn, [post("hello", needs="room/1")], AT)

    def refuse(conn: Connection) -> None:
        tries.append(room.attempts)
        outbox.settle(conn, "w1", [refusal(room, "restricted_action")], AT)
        lookup.lock(conn, 1)

    with ThreadPoolExecutor() as threads:
        writing = threads.submit(postgres_database.write_now, write)
        assert is_held.wait(10)
        postgres_database.write_now(refuse)
        writing.result()
    assert len(tries) == 1
    assert box.states() == {"room": "failed", "hello": "undeliverable"}
