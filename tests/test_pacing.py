"""Does every effect say which of Slack's limits it draws on?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.core.messages import Effect
from bot.sandbox.rules import rates
from bot.slack import leaving, pacing
from storage.outbox import Claimed
from tests.storage.owed import AT

_README = Path(pacing.__file__).with_name("README.md").read_text(encoding="utf-8")


def claimed(kind: str, body: dict[str, Any], **rest: Any) -> Claimed:
    """Something a worker holds."""
    given: dict[str, Any] = {
        "is_uncertain": False,
        "needs": None,
        "gives": None,
        "needs_value": None,
        "gives_value": None,
        "name": "name",
        **rest,
    }
    return Claimed(
        1, lane="lane", kind=kind, body=body, version=1, attempts=1, first_claimed_at=AT,
        subject=None, **given,
    )  # fmt: skip


def test_every_effect_draws_on_a_limit() -> None:
    assert set(pacing.EFFECTS) == set(get_args(Effect))


def test_only_what_is_done_in_the_database_draws_on_none() -> None:
    ours = [name for name, methods in pacing.EFFECTS.items() if not methods]
    assert ours == ["enroll", "redraw_homes"]


@pytest.mark.parametrize("effect", [name for name in get_args(Effect) if pacing.EFFECTS[name]])
def test_what_is_looked_for_first_is_counted_too(effect: str) -> None:
    sure = pacing.draws(claimed("call", {"effect": effect}))
    unsure = pacing.draws(claimed("call", {"effect": effect}, is_uncertain=True))
    assert sure == unsure[: len(sure)]
    assert sure


def test_the_tiers_are_those_the_sandbox_enforces() -> None:
    a_minute = {2: rates.TIER2, 3: rates.TIER3, 4: rates.TIER4}
    for method, tier in pacing.TIERS.items():
        assert rates.TIERS[method] == a_minute[tier], method


def test_the_readme_tells_of_every_method_what_twice_does() -> None:
    looked_at = {"conversations.history", "conversations.replies", "conversations.info"}
    told = {method for method in pacing.TIERS if f"`{method}`" in _README}
    assert set(pacing.TIERS) - told <= looked_at


def test_a_name_counts_as_a_renaming_only_where_a_channel_has_one_already() -> None:
    bodies = ({"effect": effect, "name": "inc-1-doses"} for effect in ("create", "archive"))
    create, archive = ([one.bucket for one in pacing.draws(claimed("call", b))] for b in bodies)
    assert create == ["conversations.create"]
    assert archive == ["conversations.archive", "conversations.rename", "conversations.info"]


def test_what_is_drawn_waits_for_its_own_pace_and_for_that_of_all() -> None:
    slots = claimed("keep", {"to": "", "shape": "slots", "text": "INC-7"})
    assert [one.bucket for one in pacing.draws(slots)] == [slots.name, "slots"]


def test_a_person_written_to_before_costs_no_conversation_opened() -> None:
    note = claimed("post", {"to": "person/U1", "text": "Hello", "blocks": []})
    first = [one.bucket for one in pacing.draws(note)]
    again = [one.bucket for one in pacing.draws(note, {"person/U1"})]
    assert set(first) - set(again) == {"conversations.open"}


def test_a_private_word_counts_for_the_person_though_it_waits_for_the_room() -> None:
    offer = claimed("keep", {"to": "person/U1", "shape": "message"}, needs_value={"channel": "C1"})
    assert "chat.postMessage person/U1" in [one.bucket for one in pacing.draws(offer)]


def test_a_room_that_is_left_pays_for_each_deletion_of_an_attempt() -> None:
    body = {"effect": "archive", "topic": "Gone", "but": "Gone"}
    paid = Counter(one.bucket for one in pacing.draws(claimed("call", body)))
    assert paid["chat.delete"] == leaving.AT_ONCE
    assert paid["conversations.replies"] == leaving.AT_ONCE
    assert paid["conversations.history"] == paid["conversations.setTopic"] == 1


def test_the_deletions_of_a_minute_are_never_more_than_slack_takes() -> None:
    body = {"effect": "archive", "but": "Gone"}
    draws = pacing.draws(claimed("call", body))
    saved_up = {one.at_once for one in draws if one.bucket == "chat.delete"}
    assert saved_up == {(rates.TIER3.value or 0) - leaving.AT_ONCE + 1}


@pytest.mark.parametrize("place", ["announce", "channel/C1"])
def test_a_channel_that_was_found_before_is_not_looked_for_again(place: str) -> None:
    note = claimed("post", {"to": place, "text": "Hello", "blocks": []})
    first = [one.bucket for one in pacing.draws(note)]
    again = [one.bucket for one in pacing.draws(note, {place})]
    assert set(first) - set(again) == {"conversations.list", "conversations.join"}


@pytest.mark.parametrize(
    "owed",
    [claimed("call", {"effect": "tint"}), claimed("keep", {"to": "room/1", "shape": "banner"})],
)
def test_what_only_newer_code_can_carry_out_is_drawn_on_nothing_and_never_goes_out(
    owed: Claimed,
) -> None:
    [draw] = pacing.draws(owed)
    assert draw.at_once == 0
    assert draw.bucket not in pacing.TIERS
