"""Who may follow, and who follows already?"""

from __future__ import annotations

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.facts.people import FollowStarted, FollowStopped
from bot.core.facts.status import MadePrivate
from bot.core.outcome import Outcome, Refused
from bot.features.following import rules
from tests.features.values import context, declared, incident

FOLLOWED: tuple[Fact, ...] = (declared(), FollowStarted(person="UNOOR"))
CLOSED = IncidentClosed(reason=Words("done"))


def test_whoever_asks_follows_and_nothing_is_posted_for_it() -> None:
    outcome = rules.follow(incident(declared()), None, context(declared(), actor="UNOOR"))
    assert outcome == Outcome((FollowStarted(person="UNOOR"),))


def test_several_follow_and_one_stops_for_themselves_alone() -> None:
    both = (*FOLLOWED, FollowStarted(person="UJUN"))
    outcome = rules.unfollow(incident(*both), None, context(*both, actor="UNOOR"))
    assert outcome == Outcome((FollowStopped(person="UNOOR"),))
    assert incident(*both, *outcome.facts).followers == {"UJUN"}


def test_nobody_follows_twice() -> None:
    with pytest.raises(Refused) as refused:
        rules.follow(incident(*FOLLOWED), None, context(*FOLLOWED, actor="UNOOR"))
    assert str(refused.value) == "You follow INC-12 already."


def test_who_stopped_may_follow_again() -> None:
    stopped = (*FOLLOWED, FollowStopped(person="UNOOR"))
    outcome = rules.follow(incident(*stopped), None, context(*stopped, actor="UNOOR"))
    assert incident(*stopped, *outcome.facts).followers == {"UNOOR"}


def test_nobody_stops_what_they_did_not_begin() -> None:
    with pytest.raises(Refused) as refused:
        rules.unfollow(incident(*FOLLOWED), None, context(*FOLLOWED, actor="UJUN"))
    assert str(refused.value) == "You do not follow INC-12."


def test_a_test_is_named_as_one() -> None:
    test = (declared(is_test=True), FollowStarted(person="UNOOR"))
    with pytest.raises(Refused, match=r"^You follow TEST INC-12 already\.$"):
        rules.follow(incident(*test), None, context(*test, actor="UNOOR"))
    with pytest.raises(Refused, match=r"^You do not follow TEST INC-12\.$"):
        rules.unfollow(incident(*test), None, context(*test, actor="UJUN"))


def test_a_resolved_incident_can_be_followed_and_one_that_is_over_only_left() -> None:
    resolved = (*FOLLOWED, IncidentResolved(reason=Words("gone")))
    assert rules.follow(incident(*resolved), None, context(*resolved, actor="UJUN")).facts
    over = (*resolved, CLOSED)
    with pytest.raises(Refused) as refused:
        rules.follow(incident(*over), None, context(*over, actor="UJUN"))
    assert str(refused.value) == "INC-12 is over. Reopen it to go on."
    assert rules.unfollow(incident(*over), None, context(*over, actor="UNOOR")).facts


def test_nobody_follows_any_longer_once_it_goes_on_in_private() -> None:
    private = (*FOLLOWED, MadePrivate())
    with pytest.raises(Refused, match=r"^You do not follow INC-12\.$"):
        rules.unfollow(incident(*private), None, context(*private, actor="UNOOR"))
