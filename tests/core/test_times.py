"""Are the times people type understood, in their own zone?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import times

STOCKHOLM = "Europe/Stockholm"
MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, 04:00 in Stockholm


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ("10 min ago refusals rose", utc(20, 2, 50), "refusals rose"),
        ("2h ago: first ticket", utc(20, 1), "first ticket"),
        ("1 h 30 min ago first ticket", utc(20, 1, 30), "first ticket"),
        ("an hour ago first ticket", utc(20, 2), "first ticket"),
        ("03:40 refusals rose", utc(20, 2, 40), "refusals rose"),
        ("at 3:40am - refusals rose", utc(20, 2, 40), "refusals rose"),
        ("3:40pm refusals rose", utc(19, 14, 40), "refusals rose"),
        ("12:05am refusals rose", utc(19, 23, 5), "refusals rose"),
        ("04:00 refusals rose", utc(20, 3), "refusals rose"),
        ("04:01 refusals rose", utc(19, 3, 1), "refusals rose"),
        ("02:40 UTC refusals rose", utc(20, 2, 40), "refusals rose"),
        ("yesterday 23:10 refusals rose", utc(19, 22, 10), "refusals rose"),
        ("23:10 yesterday, refusals rose", utc(19, 22, 10), "refusals rose"),
        ("Refusals rose at 03:40.", utc(20, 2, 40), "Refusals rose"),
        ("Refusals rose, 10 min ago", utc(20, 2, 50), "Refusals rose"),
        ("Refusals rose yesterday at 23:10", utc(19, 22, 10), "Refusals rose"),
        ("Refusals rose 23:50", utc(19, 22, 50), "Refusals rose"),
        ("03:40", utc(20, 2, 40), ""),
    ],
)
def test_a_note_may_begin_or_end_with_a_time_that_has_passed(
    typed: str, at: datetime, words: str
) -> None:
    assert times.spoken(typed, NOW, STOCKHOLM) == times.Spoken(at, words)


@pytest.mark.parametrize(
    "typed",
    [
        "Refusals rose",
        "",
        "The vendor calls at 15:00",
        "The vendor calls tomorrow 10:00",
        "Rolled back in 30 min",
        "The split is 80:20",
        "03:10-03:40 the logs are missing",
        "3 customers wrote",
        "2 amazing answers, 5 hostile",
        "2026-11-19 03:40:15 ERROR filter off",
        "Between 03:10 and 03:40 the logs are missing, says the vendor",
    ],
)
def test_words_that_hold_no_time_of_the_note_stay_whole(typed: str) -> None:
    assert times.spoken(typed, NOW, STOCKHOLM) == times.Spoken(None, typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "today 16:00 the vendor calls",
            "“today 16:00” is still to come. Begin with a time that has passed, for example "
            "03:40 or 10 min ago, or leave it out.",
        ),
        (
            "in 30 min the vendor calls",
            "“in 30 min” is still to come. Begin with a time that has passed, for example "
            "03:40 or 10 min ago, or leave it out.",
        ),
        (
            "25:10 refusals rose",
            "“25:10” is no time of day. Write it as in 03:40 or 3:40pm.",
        ),
        (
            "13:10pm refusals rose",
            "“13:10pm” is no time of day. Write it as in 03:40 or 3:40pm.",
        ),
        (
            "400 days ago refusals rose",
            "Write a span between 1 min and 366 days, for example 15 min or 2 h.",
        ),
    ],
)
def test_a_note_that_begins_with_no_past_time_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="Write|Begin") as refused:
        times.spoken(typed, NOW, STOCKHOLM)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ("check the logs by 04:30", utc(20, 3, 30), "check the logs"),
        ("by 04:30 check the logs", utc(20, 3, 30), "check the logs"),
        ("check the logs by 03:30", utc(21, 2, 30), "check the logs"),
        ("check the logs by 04:00", utc(21, 3), "check the logs"),
        ("check the logs by 16:00 tomorrow", utc(21, 15), "check the logs"),
        ("check the logs by tomorrow 16:00", utc(21, 15), "check the logs"),
        ("check the logs by 4pm", utc(20, 15), "check the logs"),
        ("check the logs by 12:30 UTC", utc(20, 12, 30), "check the logs"),
        ("check the logs, in 30 min", utc(20, 3, 30), "check the logs"),
        ("check the logs within 2 hours.", utc(20, 5), "check the logs"),
        ("in 1h call the vendor", utc(20, 4), "call the vendor"),
        ("have the answer reviewed by Mara", None, "have the answer reviewed by Mara"),
        ("read what happened at 03:40", None, "read what happened at 03:40"),
    ],
)
def test_a_task_may_say_by_when(typed: str, at: datetime | None, words: str) -> None:
    assert times.by(typed, NOW, STOCKHOLM) == times.Spoken(at, words)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "check the logs by 03:30 today",
            "“by 03:30 today” has passed. Write a later time, for example by 16:00 tomorrow.",
        ),
        (
            "check the logs by 24:30",
            "“by 24:30” is no time of day. Write it as in 03:40 or 3:40pm.",
        ),
        ("check the logs by tomorrow", "Add the hour, for example by 16:00 tomorrow."),
        ("check the logs by Friday", "Add the hour, for example by 16:00 tomorrow."),
        (
            "check the logs in 0 min",
            "Write a span between 1 min and 366 days, for example 15 min or 2 h.",
        ),
    ],
)
def test_a_task_with_a_time_that_cannot_be_kept_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="Write|Add") as refused:
        times.by(typed, NOW, STOCKHOLM)
    assert str(refused.value) == sentence


def test_an_hour_that_clocks_show_twice_is_the_latest_that_has_passed() -> None:
    # Stockholm goes back from 03:00 to 02:00 on 25 October 2026, at 01:00 UTC.
    between = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    after = datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert times.spoken("02:30 spike", between, STOCKHOLM).at == first
    assert times.spoken("02:30 spike", after, STOCKHOLM).at == second
    assert times.by("look by 02:30", between, STOCKHOLM).at == second


def test_an_hour_that_clocks_skip_is_that_of_another_day() -> None:
    # Stockholm goes from 02:00 to 03:00 on 29 March 2026.
    now = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    day_before = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    assert times.spoken("02:30 spike", now, STOCKHOLM).at == day_before
    with pytest.raises(ValueError, match="is still to come"):
        times.spoken("today 02:30 spike", now, STOCKHOLM)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("15m", 15), ("1h", 60), ("90 min", 90), ("1h30m", 90), (" 2 Hours ", 120), ("a day", 1440)],
)
def test_a_span_is_read_as_people_write_it(typed: str, minutes: int) -> None:
    assert times.span(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize("typed", ["", "15", "soon", "-5 min", "0m", "99999 days", "1h or so"])
def test_what_is_no_span_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match=r"for example 15 min"):
        times.span(typed)


def test_a_moment_is_echoed_in_the_zone_of_whoever_typed_it() -> None:
    assert times.local(utc(20, 2, 40), STOCKHOLM) == "03:40 (Europe/Stockholm)"
    assert times.local(utc(20, 2, 40), "Nowhere/Known") == "02:40 (UTC)"


@given(
    st.integers(0, 8_000_000).map(lambda n: datetime(2020, 1, 2, tzinfo=UTC) + n * MINUTE),
    st.sampled_from([STOCKHOLM, "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe"]),
    st.integers(0, 23 * 60),
)
def test_an_echoed_time_typed_back_means_the_same_clock_time(
    now: datetime, zone: str, minutes: int
) -> None:
    at = now - minutes * MINUTE
    echo = times.local(at, zone)
    read = times.spoken(f"{echo.split()[0]} spike", now, zone).at
    assert read is not None
    assert at <= read <= now  # later only where clocks show that time twice
    assert times.local(read, zone) == echo


@given(st.text(max_size=200))
def test_words_without_a_digit_hold_no_time_of_day(words: str) -> None:
    typed = re.sub(r"[0-9]", "x", f"model {words} model")
    assert times.spoken(typed, NOW, STOCKHOLM) == times.Spoken(None, typed)


@given(st.text("0123456789: apmtyesrdin-,.\n", max_size=60))
def test_nothing_is_lost_but_the_time(words: str) -> None:
    try:
        read = times.spoken(words, NOW, STOCKHOLM)
    except ValueError:
        return  # refused: the person still has the words
    assert read.words in words
    assert read.at is None or read.at <= NOW
