"""Does the judge see each of the four failures in a record that was doctored?"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.room import MARA
from tests.soak.acts import PHASES, Incident
from tests.soak.children import nursery
from tests.soak.ground import on_sqlite
from tests.soak.judge import judged
from tests.soak.record import Acked, Place, Post, Record

Doctor = Callable[[Record], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The record of one incident in which all went well, with two updates and two decisions."""
    return asyncio.run(_played(tmp_path_factory.mktemp("judge")))


async def _played(folder: Path) -> Record:
    async with nursery() as home, on_sqlite(home, folder).stage() as stage:
        incident = Incident(stage, "Judge", MARA)
        for phase in (*PHASES, "update", "decision"):
            await incident.go_through(phase)
            await stage.settled()
        return stage.record()


def test_a_record_in_which_all_went_well_is_clean(whole: Record) -> None:
    verdict = judged(whole)
    assert verdict.sentences() == []
    assert verdict.is_clean


def _without_fact(kind: str) -> Doctor:
    def doctor(record: Record) -> None:
        record.facts = [fact for fact in record.facts if fact.kind != kind]

    return doctor


def _without_post(start: str) -> Doctor:
    def doctor(record: Record) -> None:
        assert any(post.name.startswith(start) for post in record.posts)
        record.posts = [post for post in record.posts if not post.name.startswith(start)]

    return doctor


def _twice(start: str) -> Doctor:
    def doctor(record: Record) -> None:
        again = next(post for post in record.posts if post.name.startswith(start))
        record.posts.append(replace(again, ts="1.000001"))

    return doctor


def _swapped(end: str) -> Doctor:
    """The first two posts of such names change places."""

    def doctor(record: Record) -> None:
        first, second = [n for n, post in enumerate(record.posts) if end in post.name][:2]
        posts = record.posts
        posts[first], posts[second] = posts[second], posts[first]

    return doctor


def _reworded(name: str, change: Callable[[str], str]) -> Doctor:
    def doctor(record: Record) -> None:
        def changed(post: Post) -> Post:
            return replace(post, text=change(post.text)) if post.name == name else post

        record.posts = [changed(post) for post in record.posts]

    return doctor


def _room(change: Callable[[Place], Place]) -> Doctor:
    def doctor(record: Record) -> None:
        record.places = [change(one) if one.is_ours else one for one in record.places]

    return doctor


def _decisions_turned(text: str) -> str:
    head, *decisions = text.split("\n")
    return "\n".join([head, *reversed(decisions)])


def _called_twice(record: Record) -> None:
    record.calls.append(next(call for call in record.calls if call[0] == "conversations.create"))


def _told_in_vain(record: Record) -> None:
    record.acked.append(Acked("UpdatePosted", 1, "nobody wrote this down"))


def _fact_twice(record: Record) -> None:
    update = next(fact for fact in record.facts if fact.kind == "UpdatePosted")
    record.facts.append(replace(update, seq=99))


def _second_room(record: Record) -> None:
    room = next(one for one in record.places if one.is_ours)
    record.places.append(replace(room, id="C0SECOND", name=f"{room.name}-2"))


DOCTORED: dict[str, tuple[str, Doctor]] = {
    "an acked update is not in the log": ("lost", _without_fact("UpdatePosted")),
    "something acked was never written": ("lost", _told_in_vain),
    "an update is not in its thread": ("lost", _without_post("update/1/engineering-updates/0 h")),
    "an offer did not reach its person": ("lost", _without_post("offer/1/")),
    "nobody was reminded": ("lost", _without_post("deadline/1/")),
    "a decision is not in the list": ("lost", _without_post("decisions/1/log")),
    "the source of a decision has no mark": ("lost", _room(lambda one: replace(one, marks={}))),
    "something is still owed": ("lost", lambda record: record.owed.append("summary/1 is pending")),
    "a chain is broken": ("lost", lambda record: setattr(record, "broken", "incident/1")),
    "an acked update is in the log twice": ("doubled", _fact_twice),
    "a reminder is there twice": ("doubled", _twice("deadline/1/")),
    "an announcement is there twice": ("doubled", _twice("announcement/1")),
    "an incident has two rooms": ("doubled", _second_room),
    "a room was made twice, and one is gone": ("doubled", _called_twice),
    "two updates changed places": ("out_of_order", _swapped("engineering-updates/0 history")),
    "two decisions changed places": (
        "out_of_order",
        _reworded("decisions/1/log", _decisions_turned),
    ),
    "the summary ends on an older update": (
        "out_of_order",
        _reworded("summary/1", lambda text: text.replace("fallback", "older")),
    ),
    "a room has no summary": ("half_made", _without_post("summary/1")),
    "a room is not announced": ("half_made", _without_post("announcement/1")),
    "nothing is pinned": ("half_made", _room(lambda one: replace(one, pins=()))),
    "there is no bookmark": ("half_made", _room(lambda one: replace(one, bookmarks=()))),
    "there is no topic": ("half_made", _room(lambda one: replace(one, topic=""))),
    "there is no purpose": ("half_made", _room(lambda one: replace(one, purpose=""))),
    "nobody was invited": ("half_made", _room(lambda one: replace(one, members=one.members[:1]))),
    "there is no room": ("half_made", _room(lambda one: replace(one, is_ours=False))),
    "a bot ran into a fault of its own": (
        "faults",
        lambda record: record.faults.append("KeyError"),
    ),
}


@pytest.mark.parametrize("case", DOCTORED)
def test_the_judge_sees_that(case: str, whole: Record) -> None:
    kind, doctor = DOCTORED[case]
    doctored = copy.deepcopy(whole)
    doctor(doctored)
    assert judged(doctored).counts()[kind] > 0
