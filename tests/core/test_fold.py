"""What do the facts of an incident add up to for every feature, whatever their order?"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.facts import Fact, Recorded, Words
from bot.core.facts.incidents import (
    DetailsFilled,
    IncidentClosed,
    IncidentReopened,
    IncidentResolved,
    JoinAsked,
)
from bot.core.facts.people import (
    CallAnswered,
    FollowStarted,
    FollowStopped,
    PersonAdded,
    PersonCalled,
    PersonCame,
    PersonLeft,
)
from bot.core.facts.roles import RoleAccepted, RoleDeclined, RoleDropped, RoleOffered
from bot.core.facts.severity import MajorDecided, SeverityChanged
from bot.core.facts.status import (
    IncidentCancelled,
    IncidentMerged,
    MadePrivate,
    Mitigated,
    MonitoringStarted,
    TitleChanged,
)
from bot.core.facts.tasks import TaskDone
from bot.core.facts.updates import UpdatePosted
from bot.core.fold import fold
from bot.core.incident import OPEN, OVER, Incident
from tests.features.values import NOW, declared, incident

people = st.sampled_from(("UMARA", "UIDRIS", "UJUN", "UELENA"))
roles = st.sampled_from(("ic", "technical", "comms"))
role_facts = st.one_of(
    *(
        st.builds(kind, role=roles, person=people)
        for kind in (RoleOffered, RoleAccepted, RoleDeclined, RoleDropped)
    )
)
CALLED = PersonCalled(call=1, about="SEV1", role="legal", via="pagerduty", target="role legal")


@given(st.lists(role_facts, max_size=20))
def test_exactly_one_person_commands_whatever_happens_to_the_roles(facts: list[Fact]) -> None:
    folded = incident(declared())
    for seq, fact in enumerate(facts, start=2):
        folded = fold(folded, Recorded(seq, NOW, "UMARA", fact))
        commanding = [one for one in people_of(folded) if "ic" in folded.roles_of(one)]
        assert commanding == [folded.ic]
        assert folded.holder("ic") == folded.ic
        if isinstance(fact, RoleAccepted) and fact.role == "ic":
            assert folded.ic == fact.person
        if isinstance(fact, RoleDropped) and fact.role == "ic":
            assert folded.ic == "UMARA"
        assert not any(role in folded.offers for role in accepted_last(facts[: seq - 1]))


def people_of(folded: Incident) -> set[str]:
    """Everybody who holds a role, acting command included."""
    return {held.person for held in folded.holders.values()} | {folded.declarer}


def accepted_last(facts: list[Fact]) -> set[str]:
    """The roles of which the newest fact is that somebody accepted."""
    newest: dict[str, Fact] = {str(getattr(one, "role", "")): one for one in facts}
    return {role for role, one in newest.items() if isinstance(one, RoleAccepted)}


def test_an_offer_leaves_the_holder_in_place_until_it_is_accepted() -> None:
    held = (declared(), RoleAccepted(role="comms", person="UJUN"))
    offer = RoleOffered(role="comms", person="UNOOR", is_handoff=True, open_items=Words("FAQ"))
    offered = incident(*held, offer)
    assert offered.holder("comms") == "UJUN"
    assert offered.offers["comms"].open_items == "FAQ"
    assert offered.offers["comms"].seq == 3
    taken = incident(*held, offer, RoleAccepted(role="comms", person="UNOOR", is_external=True))
    assert (taken.holder("comms"), dict(taken.offers)) == ("UNOOR", {})
    assert taken.holders["comms"].is_external
    declined = incident(*held, offer, RoleDeclined(role="comms", person="UNOOR"))
    assert (declined.holder("comms"), dict(declined.offers)) == ("UJUN", {})
    dropped = incident(*held, RoleDropped(role="comms", person="UJUN"))
    assert dropped.holder("comms") is None


def test_who_is_offered_a_role_or_accepts_one_is_among_the_people() -> None:
    offered = incident(declared(), RoleOffered(role="comms", person="UNOOR"))
    assert offered.people == {"UMARA", "UNOOR"}
    accepted = incident(declared(), RoleAccepted(role="comms", person="UJUN"))
    assert accepted.people == {"UMARA", "UJUN"}


def test_an_accepted_role_answers_the_calls_for_it_and_no_others() -> None:
    other = PersonCalled(call=2, about="SEV1", role="safety", via="webhook", target="role safety")
    taken = incident(declared(), CALLED, other, RoleAccepted(role="legal", person="UELENA"))
    assert [(one.answered_by, one.answered_at) for one in taken.calls] == [
        ("UELENA", NOW),
        (None, None),
    ]


def test_a_call_is_answered_once() -> None:
    folded = incident(declared(), CALLED)
    first = Recorded(3, NOW + timedelta(minutes=2), "warroom", CallAnswered(call=1, by="UELENA"))
    again = Recorded(4, NOW + timedelta(minutes=9), "warroom", CallAnswered(call=1, by="USAM"))
    folded = fold(fold(folded, first), again)
    assert folded.calls[0].answered_by == "UELENA"
    assert folded.calls[0].answered_at == NOW + timedelta(minutes=2)
    assert folded.first_accepted_at == NOW + timedelta(minutes=2)


def test_the_first_answer_or_accepted_role_stops_the_clock_for_good() -> None:
    folded = incident(declared())
    assert folded.first_accepted_at is None
    for minutes, person in ((3, "UJUN"), (8, "UELENA")):
        fact = RoleAccepted(role="comms", person=person)
        folded = fold(folded, Recorded(minutes, NOW + timedelta(minutes=minutes), person, fact))
    assert folded.first_accepted_at == NOW + timedelta(minutes=3)


def test_who_is_called_is_let_in_and_who_a_test_would_have_called_is_not() -> None:
    call = {"call": 1, "about": "help", "person": "UNOOR", "target": "person UNOOR"}
    assert incident(declared(), PersonCalled(**call, via="direct message")).people == {
        "UMARA",
        "UNOOR",
    }
    assert incident(declared(), PersonCalled(**call, via="nobody")).people == {"UMARA"}


def test_people_come_and_go() -> None:
    came = (
        declared(),
        JoinAsked(person="UIDRIS"),
        PersonAdded(person="UJUN"),
        PersonCame(person="UKOFI"),
    )
    assert incident(*came).people == {"UMARA", "UIDRIS", "UJUN", "UKOFI"}
    assert incident(*came, PersonLeft(person="UKOFI")).people == {"UMARA", "UIDRIS", "UJUN"}
    follows = (declared(), FollowStarted(person="USAM"))
    assert incident(*follows).followers == {"USAM"}
    assert incident(*follows).people == {"UMARA"}
    assert incident(*follows, FollowStopped(person="USAM")).followers == frozenset()


def test_made_private_it_keeps_only_who_works_on_it_and_who_decided_it() -> None:
    facts = (
        declared(),
        JoinAsked(person="UREADER"),
        FollowStarted(person="UFOLLOWER"),
        RoleAccepted(role="ic", person="UIDRIS"),
        RoleAccepted(role="comms", person="UJUN"),
        RoleOffered(role="legal", person="UELENA"),
    )
    moved = Recorded(7, NOW, "UPRIVACY", MadePrivate(reason=Words("a child's name")))
    folded = fold(incident(*facts), moved)
    assert folded.people == {"UIDRIS", "UJUN", "UELENA", "UPRIVACY"}
    assert folded.followers == frozenset()
    assert (folded.is_private, folded.is_moved) == (True, True)
    assert (folded.room, folded.summary) == ("room/12/private", "summary/12/private")
    assert folded.public_title is None


def test_the_declarer_who_still_acts_goes_along_into_the_private_room() -> None:
    moved = Recorded(2, NOW, "UELENA", MadePrivate())
    assert fold(incident(declared()), moved).people == {"UMARA", "UELENA"}


def test_each_step_has_its_status() -> None:
    words = Words("x")
    steps: list[tuple[Fact, str]] = [
        (Mitigated(done=words, exposed=words, measure=words), "mitigated"),
        (MonitoringStarted(reason=words), "monitoring"),
        (IncidentResolved(reason=words), "resolved"),
        (IncidentClosed(reason=words), "closed"),
        (IncidentCancelled(reason=words, detector_fix=words), "cancelled"),
        (IncidentMerged(into=9, reason=words), "merged"),
    ]
    for fact, status in steps:
        folded = incident(declared(), fact)
        assert folded.status == status
        assert folded.is_open == (status in OPEN)
        assert folded.is_over == (status in OVER)
        assert (folded.ended_at is None) == folded.is_open


def test_a_reopened_incident_has_no_end_and_is_merged_into_nothing() -> None:
    again = incident(declared(), IncidentMerged(into=9, reason=Words("same")), IncidentReopened())
    assert (again.status, again.ended_at, again.ended_because, again.merged_into) == (
        "investigating",
        None,
        None,
        None,
    )


def test_severity_major_title_and_update_follow_the_newest_fact() -> None:
    folded = incident(
        declared(),
        SeverityChanged(severity="SEV2", rank=2, reason=Words("narrow")),
        MajorDecided(is_major=True, criteria=Words("press")),
        TitleChanged(title=Words("Wrong dosage")),
        UpdatePosted(number=1, harm="unknown"),
    )
    assert (folded.severity, folded.rank, folded.is_major) == ("SEV2", 2, True)
    assert (folded.title, folded.last_update_at) == ("Wrong dosage", NOW)


def test_harm_that_goes_on_again_forgets_when_it_had_stopped() -> None:
    stopped = DetailsFilled(harm="stopped", harm_stopped_at=NOW)
    assert incident(declared(), stopped).harm_stopped_at == NOW
    assert incident(declared(), stopped, DetailsFilled()).harm_stopped_at == NOW
    again = incident(declared(), stopped, DetailsFilled(harm="ongoing"))
    assert (again.harm, again.harm_stopped_at) == ("ongoing", None)


def test_a_fact_of_one_feature_alone_only_counts() -> None:
    before, after = incident(declared()), incident(declared(), TaskDone(number=1))
    assert after.last_seq == before.last_seq + 1
    assert after.people == before.people
    assert after.status == before.status
