"""Do a channel's messages stand in the order in which people read them?"""

from __future__ import annotations

from bot.sandbox.model import Message
from bot.sandbox.page import stream
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.page.stream import Told

NOON = 1_795_867_200  # Saturday 2026-11-28, 12:00 UTC
READER = Reader(now=NOON + 600)


def said(second: int, text: str, thread: int | None = None, user: str = "U0ONCALL") -> Message:
    return Message(at(second), user, text, thread_ts=None if thread is None else at(thread))


def at(second: int) -> str:
    return f"{NOON + second}.000000"


def texts(messages: list[Message], told: list[Told], first_new: str = "") -> list[str]:
    lines = stream.lines(messages, told, READER, first_new)
    return [line.message.text if line.message else line.text for line in lines]


def test_replies_stand_in_their_thread_and_the_channel_tells_how_many() -> None:
    messages = [said(0, "first"), said(1, "second"), said(2, "reply", thread=0)]
    assert texts(messages, []) == ["Today", "first", "second"]
    lines = [line for line in stream.lines(messages, [], READER) if line.message]
    assert [[reply.text for reply in line.replies] for line in lines] == [["reply"], []]


def test_a_reply_that_was_also_sent_to_the_channel_stands_in_both() -> None:
    also = said(2, "for all", thread=0)
    also.is_broadcast = True
    messages = [said(0, "first"), also]
    assert texts(messages, []) == ["Today", "first", "for all"]
    assert stream.replies(messages) == {at(0): [also]}


def test_a_thread_begins_with_its_first_message_and_counts_the_replies() -> None:
    root, one, two = said(0, "first"), said(1, "one", thread=0), said(2, "two", thread=0)
    lines = list(stream.thread_lines(root, [one, two]))
    assert [line.message.text if line.message else line.text for line in lines] == [
        "first",
        "2 replies",
        "one",
        "two",
    ]
    assert [line.is_follow_up for line in lines] == [False, False, False, True]
    assert stream.counted(1) == "1 reply"


def test_what_is_new_begins_with_a_line_and_a_name() -> None:
    messages = [said(0, "old"), said(1, "new")]
    assert texts(messages, [], first_new=at(1)) == ["Today", "old", "New", "new"]
    assert not any(line.is_follow_up for line in stream.lines(messages, [], READER, at(1)))


def test_a_reply_whose_parent_is_gone_still_stands() -> None:
    assert texts([said(1, "alone"), said(2, "orphan", thread=0)], []) == [
        "Today",
        "alone",
        "orphan",
    ]


def test_each_day_is_named_once() -> None:
    messages = [said(-86_400, "old"), said(0, "new"), said(1, "late reply", thread=-86_400)]
    assert texts(messages, []) == ["Yesterday", "old", "Today", "new"]


def test_what_slack_told_stands_where_it_happened() -> None:
    messages = [said(0, "before"), said(5, "after")]
    told = [Told("C0GENERAL", at(0), "/foo is not a valid command"), Told("C0GENERAL", at(5), "x")]
    assert texts(messages, told) == ["Today", "before", "/foo is not a valid command", "after", "x"]


def test_only_the_same_person_soon_after_goes_without_a_name() -> None:
    messages = [said(0, "a"), said(60, "b"), said(70, "c", user="U0SAFETY"), said(500, "d")]
    lines = stream.lines(messages, [], READER)
    assert [line.message.text for line in lines if line.message and line.is_follow_up] == ["b"]


def shown(messages: list[Message], count: int, marked: str = "") -> list[str]:
    every = list(stream.lines(messages, [], READER))
    kept = stream.named(every[stream.first_shown(every, marked, count) :])
    return [line.message.text + " +" * line.is_follow_up for line in kept if line.message]


def test_of_a_long_channel_the_latest_messages_show_and_the_first_of_them_is_named() -> None:
    messages = [said(second, f"m{second}") for second in range(6)]
    assert shown(messages, 3) == ["m3", "m4 +", "m5 +"]
    assert shown(messages, 50) == ["m0", "m1 +", "m2 +", "m3 +", "m4 +", "m5 +"]
    assert shown([], 3) == []


def test_a_permalink_to_an_early_message_shows_it_and_a_little_before() -> None:
    messages = [said(second, f"m{second}") for second in range(9)]
    assert shown(messages, 2, marked=at(4))[:4] == ["m1", "m2 +", "m3 +", "m4 +"]
    assert shown(messages, 2, marked="1.000000") == ["m7", "m8 +"]
