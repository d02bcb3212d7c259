"""What do people read of severities, proposals and major incidents?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core import ids
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.severity import (
    MajorDecided,
    ProposalAnswered,
    SeverityChanged,
    SeverityProposed,
)
from bot.core.messages import Keep
from bot.features.severity import blocks, slack
from bot.features.severity.state import History
from tests.features.values import NOW, POLICY, WHEN, as_shown, declared, incident, states, told
from tests.screen import shown

PROPOSED = SeverityProposed(
    proposal=1, severity="SEV0", rank=0, reason=Words("two <tenants>"), applies_at=NOW
)
CHANGED = SeverityChanged(severity="SEV0", rank=0, reason=Words("two <tenants>"))
ROOM = "<#\ue000room/12\ue000>"


def _history(*facts: Fact) -> History:
    return states(*facts).of(History)


def test_the_form_asks_impact_likelihood_severity_and_why_and_never_effort() -> None:
    facts = (declared(), CHANGED)
    seen = blocks.Seen(incident(*facts), _history(*facts), may_set=True)
    view = blocks.severity_modal(seen, POLICY, "SEV2").to_dict()
    assert view["submit"]["text"] == "Set severity"
    by_id = {one["block_id"]: one for one in view["blocks"] if one["type"] == "input"}
    assert [one["label"]["text"] for one in by_id.values()] == [
        "How bad could it get?",
        "How likely is it?",
        "Severity",
        "Why?",
    ]
    assert [bool(one.get("optional")) for one in by_id.values()] == [True, True, False, False]
    assert by_id["severity"]["element"]["initial_option"]["value"] == "SEV2"
    assert shown(by_id["severity"]["element"]["options"]) == (
        "What impact and likelihood give\nSEV0\nSEV1\nSEV2\nSEV3"
    )
    assert shown(view["blocks"][-1:]) == (
        f"SEV0, <@UMARA>, {WHEN}: two &lt;tenants&gt;\nSEV1 at the declare, <@UMARA>, {WHEN}"
    )


def test_who_may_not_set_it_reads_that_it_is_a_proposal() -> None:
    seen = blocks.Seen(incident(declared()), _history(declared()), may_set=False)
    view = blocks.severity_modal(seen, POLICY).to_dict()
    assert view["submit"]["text"] == "Propose"
    assert shown(view["blocks"][:1]) == (
        "You can propose a worse severity. <@UMARA> is asked, and it applies after 5 min without "
        "an answer."
    )


@pytest.mark.parametrize(
    ("impact", "likelihood", "label"),
    [("severe", "likely", "SEV0"), ("severe", None, None), (None, "likely", None)],
)
def test_only_both_give_a_severity(
    impact: str | None, likelihood: str | None, label: str | None
) -> None:
    given = blocks.advice(POLICY, impact, likelihood)
    assert (given.label if given else None) == label


def test_whoever_set_it_reads_what_impact_and_likelihood_give_if_that_differs() -> None:
    fact = SeverityChanged(
        severity="SEV1", rank=1, reason=Words("x"), impact="severe", likelihood="likely"
    )
    assert blocks.done(incident(declared(), fact), [fact], POLICY).text == (
        "INC-12 is SEV1. Nobody else is called; the summary follows. "
        "Impact and likelihood give SEV0; what was chosen counts."
    )


def test_whoever_chose_what_impact_and_likelihood_give_reads_no_advice() -> None:
    fact = SeverityChanged(
        severity="SEV0", rank=0, reason=Words("x"), impact="severe", likelihood="likely"
    )
    assert blocks.done(incident(declared(), fact), [fact], POLICY).text == (
        "INC-12 is SEV0. Nobody else is called; the summary follows."
    )


def test_whoever_proposed_it_reads_when_it_applies() -> None:
    assert blocks.done(incident(declared(), PROPOSED), [PROPOSED], POLICY).text == (
        f"Proposed: SEV0 for INC-12. <@UMARA> is asked, and it applies at {WHEN} "
        "unless they answer."
    )


def test_the_commander_is_asked_with_the_action_first() -> None:
    [slot] = blocks.slots(as_shown(declared(), PROPOSED))
    assert isinstance(slot, Keep)
    assert (slot.slot, slot.to) == ("proposal/12/1/UMARA", "person/UMARA")
    said = (
        f"Agree or say no to this. INC-12: <@UMARA> proposes SEV0, in {ROOM}. "
        f"Why: two &lt;tenants&gt;. It applies at {WHEN} unless the Incident Commander answers."
    )
    assert slot.content.text == said
    assert shown(slot.content.to_json()["blocks"]) == f"{said}\nAgree: SEV0\nNo"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ProposalAnswered(proposal=1), "<@UMARA> said no."),
        (
            ProposalAnswered(proposal=1, reason=Words("a <test>")),
            "<@UMARA> said no: a &lt;test&gt;.",
        ),
        (
            SeverityChanged(severity="SEV0", rank=0, reason=Words("x"), proposal=1),
            "<@UMARA> agreed; it is SEV0.",
        ),
        (CHANGED, "it was settled before anybody answered."),
        (IncidentClosed(reason=Words("x")), "it was settled before anybody answered."),
    ],
)
def test_what_was_asked_is_edited_into_its_answer(answer: Fact, says: str) -> None:
    [slot] = blocks.slots(as_shown(declared(), PROPOSED, answer))
    assert isinstance(slot, Keep)
    assert slot.content.text.startswith("INC-12: <@UMARA> proposes SEV0, in ")
    assert slot.content.text.endswith(f"Answered: {says}")
    assert "button" not in str(slot.content.to_json())


def test_a_new_commander_gets_the_question_too() -> None:
    accepted = RoleAccepted(role="ic", person="UIDRIS")
    slots = blocks.slots(as_shown(declared(), PROPOSED, accepted))
    assert [slot.to for slot in slots if isinstance(slot, Keep)] == [
        "person/UMARA",
        "person/UIDRIS",
    ]


def test_the_summary_says_what_is_proposed_and_leads_to_the_form() -> None:
    line, button = blocks.summary_parts(as_shown(declared(), PROPOSED))
    assert line.content.text == (
        f"Proposed: SEV0 by <@UMARA>, applies {WHEN} unless <@UMARA> answers."
    )
    assert button.buttons[0].to_dict()["text"]["text"] == "Severity"
    [button] = blocks.summary_parts(as_shown(declared()))
    assert button.content.text == ""
    assert blocks.summary_parts(as_shown(declared(), IncidentClosed(reason=Words("x")))) == []


def test_the_history_says_who_when_and_why_the_newest_first() -> None:
    applied = SeverityChanged(severity="SEV0", rank=0, reason=Words("worse"), proposal=1)
    declined = SeverityProposed(
        proposal=2, severity="SEV0", rank=0, reason=Words("louder"), applies_at=NOW
    )
    seen = told(
        (0, "UMARA", declared(severity=None)),
        (1, "UKOFI", PROPOSED),
        (6, ids.BOT, applied),
        (9, "UMARA", SeverityChanged(severity="SEV1", rank=1, reason=Words("milder"))),
        (10, "UKOFI", declined),
        (11, "UMARA", ProposalAnswered(proposal=2)),
    )
    lines = blocks.told_history(seen.incident, seen.states.of(History), POLICY).text.split("\n")
    at = [f"<!date^{int((NOW + timedelta(minutes=m)).timestamp())}^" for m in (9, 6, 0)]
    assert lines[0] == "Severity of INC-12, the newest first:"
    assert lines[1].startswith(f"• SEV1, <@UMARA>, {at[0]}")
    assert lines[1].endswith(": milder")
    assert lines[2].startswith(f"• SEV0, by itself, as proposed, {at[1]}")
    assert lines[3].startswith(
        f"• Not sure yet (treated as SEV1) at the declare, <@UMARA>, {at[2]}"
    )
    assert lines[4] == "• SEV0 proposed by <@UKOFI>: louder. <@UMARA> said no."
    assert len(lines) == 5


def test_an_incident_that_an_alert_declared_asks_who_commands_it() -> None:
    by_alert = declared(route="alert", declarer="UIDRIS")
    seen = told((0, ids.BOT, by_alert), (1, "UKOFI", PROPOSED))
    history = seen.states.of(History)
    assert history.proposals[0].asked == ("UIDRIS",)
    listed = blocks.told_history(seen.incident, history, POLICY).text
    assert "SEV1 at the declare, by an alert, " in listed


def test_a_long_history_fits_one_screen() -> None:
    changes = [
        SeverityChanged(severity=f"SEV{n % 4}", rank=n % 4, reason=Words("x" * 500))
        for n in range(20)
    ]
    content = blocks.told_history(incident(declared()), _history(declared(), *changes), POLICY)
    assert content.text.endswith("• 9 earlier ones are in the timeline.")
    [section] = content.to_json()["blocks"]
    assert len(section["text"]["text"]) <= 3000


def test_a_major_incident_is_asked_for_with_its_criteria() -> None:
    view = blocks.major_modal(incident(declared())).to_dict()
    assert shown(view["blocks"]) == (
        "A major incident\nA major incident\nNot a major incident\nINC-12 is\n"
        "Which criteria hold, or hold no longer?"
    )
    decided = MajorDecided(is_major=True, criteria=Words("x"))
    assert blocks.decided(incident(declared(), decided)).text == (
        "INC-12 is a major incident. Summary, topic and announcement follow."
    )
    assert blocks.decided(incident(declared())).text.startswith("INC-12 is no longer a major")


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("sev1 because two tenants", ("SEV1", "two tenants")),
        ("SEV1: two tenants", ("SEV1", "two tenants")),
        ("sev1, because  two", ("SEV1", "two")),
        ("sev1", ("SEV1", "")),
        ("sev1 because", ("SEV1", "")),
        ("sev10 because x", ("sev10", "x")),
        ("P1 because x", ("P1", "x")),
        ("", ("", "")),
    ],
)
def test_a_severity_and_its_reason_are_read_as_people_type_them(
    words: str, read: tuple[str, str]
) -> None:
    assert slack.read_severity(words, POLICY.severities) == read


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("because three regions", (True, "three regions")),
        ("three regions", (True, "three regions")),
        ("no because one tenant", (False, "one tenant")),
        ("yes", (True, "")),
        ("no", (False, "")),
        ("", (True, "")),
    ],
)
def test_a_major_decision_is_read_as_people_type_it(words: str, read: tuple[bool, str]) -> None:
    assert slack.read_major(words) == read
