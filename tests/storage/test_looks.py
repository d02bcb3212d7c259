"""Is each subject looked at in its turn, at once when asked for, and by one worker alone?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage import looks, lookup
from storage.db import Database
from storage.looks import Oldest

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
GOING = ("investigating", "resolved")


def later(minutes: float) -> datetime:
    """That long after nine o'clock."""
    return AT + timedelta(minutes=minutes)


def opened(database: Database, number: int, minutes: float = 0, rank: int | None = 1) -> None:
    """A subject that was opened then."""
    entry = lookup.Entry(
        number, f"incident/{number}", "investigating", rank, False, True, None, AT, 1, None
    )
    there = replace(entry, opened_at=later(minutes))
    database.write_now(lambda conn: lookup.save(conn, lookup.Saved(there)))


def asked(database: Database, again: float = -1, gap: float = 99, most: int = 9) -> list[int]:
    """What is asked for; `again` and `gap` are minutes after nine."""
    before = looks.Before(later(gap), later(again))
    return database.read_now(lambda conn: looks.asked(conn, GOING, before, most))


def begin(database: Database, number: int, minutes: float) -> None:
    database.write_now(lambda conn: looks.begin(conn, number, later(minutes)))


def end(database: Database, number: int, minutes: float) -> None:
    database.write_now(lambda conn: looks.end(conn, number, later(minutes)))


def ask(database: Database, number: int, minutes: float = 0) -> None:
    database.write_now(lambda conn: looks.ask(conn, number, later(minutes)))


def oldest(database: Database) -> set[Oldest]:
    return set(database.read_now(lambda conn: looks.oldest(conn, GOING)))


def test_of_each_rank_the_one_that_waits_longest_is_known(database: Database) -> None:
    for number, minutes, rank in ((1, 5, 1), (2, 3, 1), (3, 4, 3), (4, 0, None)):
        opened(database, number, minutes, rank)
    ranks = {Oldest(1, later(3)), Oldest(3, later(4)), Oldest(None, later(0))}
    assert oldest(database) == ranks

    def find(conn: Connection) -> dict[int | None, int | None]:
        return {one.rank: looks.find(conn, one, GOING) for one in ranks}

    assert database.read_now(find) == {1: 2, 3: 3, None: 4}
    begin(database, 2, 10)
    assert Oldest(1, later(5)) in oldest(database)


def test_what_is_over_is_not_looked_at(database: Database) -> None:
    opened(database, 1)
    ask(database, 1)
    closed = lookup.Entry(1, "incident/1", "closed", 1, False, True, None, AT, 2, None)
    database.write_now(lambda conn: lookup.save(conn, lookup.Saved(closed)))
    assert asked(database) == []
    assert oldest(database) == set()


def test_what_is_asked_for_comes_the_worst_first(database: Database) -> None:
    for number, rank in ((1, 3), (2, 1), (3, 1)):
        opened(database, number, rank=rank)
    for number, minutes in ((1, 1), (3, 2), (2, 3)):
        ask(database, number, minutes)
    assert asked(database) == [3, 2, 1]
    assert asked(database, most=1) == [3]


def test_what_was_begun_is_nobody_elses_until_it_ends_or_takes_too_long(
    database: Database,
) -> None:
    opened(database, 1)
    ask(database, 1, 1)
    begin(database, 1, 2)
    assert asked(database, again=1.9) == []
    assert asked(database, again=2) == [1]
    end(database, 1, 2)
    assert asked(database, again=99) == []


def test_what_is_looked_at_in_its_turn_is_begun_again_too_when_it_never_ends(
    database: Database,
) -> None:
    opened(database, 1)
    begin(database, 1, 2)
    assert asked(database, again=2) == [1]


def test_what_is_asked_for_during_a_look_is_looked_at_once_more(database: Database) -> None:
    opened(database, 1)
    ask(database, 1, 1)
    begin(database, 1, 2)
    ask(database, 1, 2)  # in the same instant, as a clock in a test has it
    end(database, 1, 2)
    assert asked(database) == [1]


def test_a_room_that_was_looked_at_just_now_waits_a_moment(database: Database) -> None:
    opened(database, 1)
    begin(database, 1, 2)
    end(database, 1, 2)
    ask(database, 1, 2)
    assert asked(database, gap=1.9) == []
    assert asked(database, gap=2) == [1]


def test_an_end_that_comes_late_ends_no_look_of_another(database: Database) -> None:
    opened(database, 1)
    begin(database, 1, 2)
    begin(database, 1, 3)
    end(database, 1, 2)
    assert asked(database, again=3) == [1]


def test_how_many_were_begun_lately_is_known(database: Database) -> None:
    for number in (1, 2, 3):
        opened(database, number)
        begin(database, number, number)
    assert database.read_now(lambda conn: looks.begun_after(conn, later(1))) == 2
