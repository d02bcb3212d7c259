"""How does a call look and read, for whoever is called and for the room?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.blockkit import when
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.facts.people import CallAnswered, PersonCalled, PersonInformed
from bot.core.facts.roles import RoleAccepted, RoleOffered
from bot.core.facts.status import MadePrivate
from bot.core.messages import PEOPLE, REST, Keep, Send, channel
from bot.core.outcome import Shown
from bot.features.paging import blocks
from runbooks.model import Route
from tests.features.values import NOW, POLICY, TITLE, WHEN, as_shown, declared, told
from tests.screen import shown, text_objects

ROOM = channel("room/12")
CALLED = PersonCalled(
    call=1,
    about="a call",
    person="UELENA",
    via="direct message",
    target="person UELENA",
    text=Words("Ring <!channel> & co"),
)
LEGAL = PersonCalled(
    call=2,
    about="severity SEV1",
    role="legal",
    person="UELENA",
    via="direct message",
    target="role legal",
)
RUNG = PersonCalled(
    call=3, about="severity SEV1", role="technical", via="pagerduty", target="role technical"
)
GROUP = PersonCalled(
    call=4, about="INC-12: Status update", group="S123", via="group", target="group S123"
)
MISSING = PersonCalled(
    call=5, about="severity SEV1", role="safety", via="nobody", target="role safety"
)
OFFER = RoleOffered(role="legal", person="UELENA")
OFFERED = LEGAL.model_copy(update={"is_offer": True})
INFORMED = PersonInformed(role="security", about="severity SEV1", person="UNOOR")
UNKNOWN = PersonInformed(role="governance", about="severity SEV1")
RESOLVED = IncidentResolved(reason=Words("gone"))
CLOSED = IncidentClosed(reason=Words("done"))
PAGER = Route(role="technical", adapter="pagerduty", routing_key_env="PD_KEY")
PAGED = POLICY.model_copy(update={"paging": POLICY.paging.model_copy(update={"routes": (PAGER,)})})


def _kept(*facts: Fact) -> list[Keep]:
    owed = blocks.slots(as_shown(declared(), *facts))
    return [one for one in owed if isinstance(one, Keep)]


def _line(seen: Shown) -> str:
    (part,) = blocks.summary_parts(seen)
    assert part.place == 13
    assert f"{shown(part.content.to_json()['blocks'])}." == part.content.text
    return part.content.text


def test_whoever_is_called_reads_what_for_where_and_the_words_as_they_were_typed() -> None:
    (kept,) = _kept(CALLED)
    assert (kept.slot, kept.to, kept.needs) == ("call/12/1", "person/UELENA", "room/12")
    assert kept.urgency == PEOPLE
    assert kept.content.text == (
        f"You are needed in INC-12 (SEV1): a call. Go to {ROOM}. "
        "Ring &lt;!channel&gt; &amp; co. Press I am on it."
    )
    seen = kept.content.to_json()["blocks"]
    assert shown(seen) == (
        f"*You are needed in INC-12 (SEV1): a call*\nGo to {ROOM}.\n"
        "Ring <!channel> & co\n"
        "I am on it"
    )
    assert text_objects(seen, "plain_text") == ["Ring <!channel> & co", "I am on it"]
    assert seen[2]["elements"][0]["value"] == "12/1"


def test_a_full_stop_that_was_typed_stands_once() -> None:
    (kept,) = _kept(CALLED.model_copy(update={"text": Words("Come.")}))
    assert kept.content.text.endswith(" Come. Press I am on it.")


def test_whoever_is_called_for_a_role_reads_which() -> None:
    (kept,) = _kept(LEGAL)
    assert kept.content.text == (
        f"You are needed in INC-12 (SEV1): Legal, severity SEV1. Go to {ROOM}. Press I am on it."
    )


@pytest.mark.parametrize(
    ("by", "said"),
    [("UELENA", "You answered"), ("UJUN", "It was answered"), (None, "It was answered")],
)
def test_once_it_is_answered_there_is_nothing_to_press(by: str | None, said: str) -> None:
    (kept,) = _kept(CALLED, CallAnswered(call=1, by=by))
    assert kept.content.text == (
        f"You are needed in INC-12 (SEV1): a call. Go to {ROOM}. "
        f"Ring &lt;!channel&gt; &amp; co. {said} {WHEN}."
    )
    assert shown(kept.content.to_json()["blocks"]).endswith(f"& co\n{said} {WHEN}")


def test_once_it_has_ended_there_is_nothing_to_press() -> None:
    (kept,) = _kept(LEGAL, RESOLVED)
    assert kept.content.text == (
        f"You are needed in INC-12 (SEV1): Legal, severity SEV1. Go to {ROOM}."
    )
    assert "I am on it" not in shown(kept.content.to_json()["blocks"])


def test_in_a_private_incident_they_are_led_to_the_private_room() -> None:
    (kept,) = _kept(LEGAL, MadePrivate())
    assert kept.needs == "room/12/private"
    assert f"Go to {channel('room/12/private')}." in kept.content.text


def test_an_offer_a_pager_a_group_and_nobody_get_no_message_of_a_call() -> None:
    assert _kept(OFFER, OFFERED, RUNG, GROUP, MISSING) == []


def test_whoever_is_informed_reads_why_and_that_nothing_is_asked_of_them() -> None:
    (kept,) = _kept(INFORMED, UNKNOWN)
    assert (kept.slot, kept.to) == ("informed/12/security", "person/UNOOR")
    assert (kept.needs, kept.urgency) == ("room/12", PEOPLE)
    assert kept.content.text == (
        f"INC-12 (SEV1) was declared. {TITLE}. You are told as Security Lead; nothing is asked "
        f"of you. The room is {ROOM}."
    )
    assert shown(kept.content.to_json()["blocks"]) == kept.content.text


def test_the_title_somebody_is_informed_of_is_escaped_or_stays_in_the_room() -> None:
    typed = blocks.informed(as_shown(declared(title=Words("<!channel> & co"))), "security")
    assert typed.text.startswith("INC-12 (SEV1) was declared. &lt;!channel&gt; &amp; co. You are")
    kept_back = blocks.informed(as_shown(declared(is_person_at_risk=True)), "security")
    assert kept_back.text.startswith("INC-12 (SEV1) was declared. You are told as Security Lead;")


@pytest.mark.parametrize("end", [RESOLVED, CLOSED])
def test_when_it_has_ended_a_pager_that_rings_is_told_to_stop(end: Fact) -> None:
    over = replace(as_shown(declared(), RUNG, end), policy=PAGED)
    assert blocks.slots(over) == [
        Send(
            "incident/12 call 3 resolve",
            {
                "via": "pagerduty",
                "routing_key_env": "PD_KEY",
                "action": "resolve",
                "dedup_key": "INC-12/call/3",
            },
            REST,
        )
    ]


def test_while_it_is_open_and_without_a_pager_nothing_is_told_to_stop() -> None:
    assert blocks.slots(replace(as_shown(declared(), RUNG), policy=PAGED)) == []
    assert blocks.slots(as_shown(declared(), RUNG, RESOLVED)) == []


def test_the_summary_says_who_was_called_and_who_has_answered() -> None:
    seen = told(
        (0, "UMARA", declared()),
        (0, "UMARA", CALLED),
        (0, "UMARA", RUNG),
        (0, "warroom", GROUP),
        (3, "UELENA", CallAnswered(call=1, by="UELENA")),
    )
    assert _line(seen) == (
        f"Called: <@UELENA> answered {when(NOW + timedelta(minutes=3))}"
        f" · Technical Lead since {WHEN}, no answer yet"
        f" · <!subteam^S123> since {WHEN}, no answer yet."
    )


def test_an_answer_without_a_name_says_so() -> None:
    assert _line(as_shown(declared(), RUNG, CallAnswered(call=3))) == (
        f"Called: Technical Lead: answered {WHEN}, not said by whom."
    )


def test_the_summary_shows_the_newest_four_and_counts_the_others() -> None:
    many = [LEGAL.model_copy(update={"call": n, "person": f"U{n}"}) for n in range(1, 7)]
    said = _line(as_shown(declared(), *many))
    assert said.startswith(f"Called: 2 earlier · <@U3> since {WHEN}, no answer yet · <@U4> ")
    assert said.endswith(f" · <@U6> since {WHEN}, no answer yet.")


def test_whoever_was_offered_the_role_stands_among_the_roles_until_a_pager_answers() -> None:
    rung = OFFERED.model_copy(update={"via": "pagerduty"})
    answered = CallAnswered(call=2)
    assert blocks.summary_parts(as_shown(declared(), OFFER, rung)) == []
    assert _line(as_shown(declared(), OFFER, rung, answered)) == (
        f"Called: <@UELENA>: answered {WHEN}, not said by whom."
    )
    accepted = RoleAccepted(role="legal", person="UELENA")
    assert blocks.summary_parts(as_shown(declared(), OFFER, rung, answered, accepted)) == []


def test_the_summary_names_who_was_informed_once() -> None:
    twice = INFORMED.model_copy(update={"role": "governance"})
    assert _line(as_shown(declared(), INFORMED, twice)) == "Informed: <@UNOOR>."
    assert _line(as_shown(declared(), LEGAL, INFORMED)) == (
        f"Called: <@UELENA> since {WHEN}, no answer yet · Informed: <@UNOOR>."
    )


def test_a_role_nobody_was_found_for_is_a_gap_until_somebody_has_it() -> None:
    privacy = MISSING.model_copy(update={"call": 6, "role": "privacy"})
    (part,) = blocks.summary_parts(as_shown(declared(), MISSING, privacy, MISSING))
    assert part.gaps == ("nobody to call for Safety Lead, Data Protection Officer",)
    assert part.content.text == ""
    for found in (
        RoleAccepted(role="safety", person="UIDRIS"),
        RoleOffered(role="safety", person="UIDRIS"),
        RESOLVED,
    ):
        assert blocks.summary_parts(as_shown(declared(), MISSING, found)) == []
    for more in (LEGAL, INFORMED):
        (part,) = blocks.summary_parts(as_shown(declared(), MISSING, more))
        assert part.gaps == ("nobody to call for Safety Lead",)


def test_a_test_says_who_would_have_been_called_and_has_no_gaps() -> None:
    facts = [one.model_copy(update={"via": "nobody"}) for one in (LEGAL, RUNG, GROUP, LEGAL)]
    seen = as_shown(declared(is_test=True), *facts)
    assert _line(seen) == (
        "A test calls nobody. It would have called <@UELENA>, Technical Lead, <!subteam^S123>."
    )
    assert blocks.summary_parts(seen)[0].gaps == ()


def test_where_nobody_was_called_the_summary_says_nothing_of_it() -> None:
    assert blocks.summary_parts(as_shown(declared())) == []
    assert blocks.summary_parts(as_shown(declared(is_test=True))) == []
