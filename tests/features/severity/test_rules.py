"""Who may say how bad it is, and who is called by it?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core import ids
from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentDeclared, IncidentResolved
from bot.core.facts.people import PersonCalled
from bot.core.facts.roles import RoleAccepted, RoleDropped
from bot.core.facts.severity import (
    MajorDecided,
    ProposalAnswered,
    SeverityChanged,
    SeverityProposed,
)
from bot.core.outcome import Ask, Outcome, Refused
from bot.features.severity import rules
from bot.features.severity.state import History
from tests.features.values import NOW, context, declared, incident, states

APPLIES_AT = NOW + timedelta(minutes=5)
PROPOSED = SeverityProposed(
    proposal=1, severity="SEV0", rank=0, reason=Words("two tenants"), applies_at=APPLIES_AT
)
SEV2 = declared(severity="SEV2", rank=2)


def _change(
    severity: str | None, reason: str, *facts: Fact, actor: str = "UMARA", **differing: Any
) -> Outcome:
    facts = facts or (declared(),)
    request = rules.Change(severity, reason, **differing)
    return rules.change(incident(*facts), request, context(*facts, actor=actor))


def _called(outcome: Outcome) -> list[str | None]:
    return [fact.role for fact in outcome.facts if isinstance(fact, PersonCalled)]


def test_a_change_keeps_its_reason_and_calls_whom_it_names_in_one_commit() -> None:
    outcome = _change("sev0", " two\u0007 tenants ")
    assert outcome.facts[0] == SeverityChanged(severity="SEV0", rank=0, reason=Words("two tenants"))
    assert _called(outcome) == [
        "ic", "technical", "model", "safety", "product", "comms", "legal", "privacy", "sponsor",
    ]  # fmt: skip
    assert {one.about for one in outcome.facts if isinstance(one, PersonCalled)} == {
        "severity SEV0"
    }


def test_a_downgrade_is_always_possible_with_a_reason() -> None:
    assert _change("SEV3", "a load test").facts[0] == SeverityChanged(
        severity="SEV3", rank=3, reason=Words("a load test")
    )
    resolved = (declared(), IncidentResolved(reason=Words("x")))
    assert isinstance(_change("SEV2", "milder", *resolved).facts[0], SeverityChanged)


def test_nobody_is_called_twice_for_the_same_severity() -> None:
    first = _change("SEV0", "a")
    facts: tuple[Fact, ...] = (declared(), *first.facts)
    facts += _change("SEV1", "b", *facts).facts
    assert _called(_change("SEV0", "c", *facts)) == []


def test_whoever_accepted_a_role_is_there_and_not_called_again() -> None:
    there = RoleAccepted(role="technical", person="UJUN")
    assert "technical" not in _called(_change("SEV0", "a", declared(), there))


def test_both_directions_take_a_reason() -> None:
    for severity in ("SEV0", "SEV3"):
        with pytest.raises(Refused, match="^Say why, as in `because") as refused:
            _change(severity, " \u202e")
        assert refused.value.field == "reason"
    with pytest.raises(Refused, match="That is 3,001 characters; keep it to 3,000"):
        _change("SEV0", "x" * 3001)


def test_an_unknown_severity_is_told_the_known_ones() -> None:
    with pytest.raises(Refused) as refused:
        _change("<P1>", "x")
    assert str(refused.value) == "There is no severity &lt;P1&gt;. Use SEV0, SEV1, SEV2, SEV3."


def test_the_same_severity_again_changes_nothing() -> None:
    with pytest.raises(Refused, match="^INC-12 is SEV1 already.$"):
        _change("SEV1", "x")
    unsure = declared(severity=None, rank=1)
    assert isinstance(_change("SEV1", "sure now", unsure).facts[0], SeverityChanged)


def test_what_is_over_keeps_its_severity() -> None:
    over = (declared(), IncidentClosed(reason=Words("done")))
    with pytest.raises(Refused, match="^INC-12 is over. Reopen it to go on.$"):
        _change("SEV0", "x", *over)


@pytest.mark.parametrize(
    ("impact", "likelihood", "severity"),
    [
        ("severe", "happening", "SEV0"),
        ("severe", "likely", "SEV0"),
        ("severe", "possible", "SEV1"),
        ("high", "remote", "SEV3"),
        ("none", "happening", "SEV3"),
        ("none", "remote", "SEV3"),
    ],
)
def test_impact_and_likelihood_give_a_severity(impact: str, likelihood: str, severity: str) -> None:
    outcome = _change(None, "x", SEV2, impact=impact, likelihood=likelihood)
    [changed] = [fact for fact in outcome.facts if isinstance(fact, SeverityChanged)]
    assert (changed.severity, changed.impact, changed.likelihood) == (severity, impact, likelihood)


def test_what_is_chosen_counts_whatever_impact_and_likelihood_give() -> None:
    outcome = _change("SEV0", "x", impact="limited", likelihood="remote")
    assert outcome.facts[0] == SeverityChanged(
        severity="SEV0", rank=0, reason=Words("x"), impact="limited", likelihood="remote"
    )


def test_without_a_choice_both_impact_and_likelihood_are_needed() -> None:
    with pytest.raises(Refused, match="^Choose a severity, or say both impact and likelihood.$"):
        _change(None, "x", impact="severe")


def test_anyone_may_propose_a_worse_severity_and_nobody_is_called_by_it() -> None:
    outcome = _change("SEV0", "two tenants", actor="UKOFI")
    assert outcome == Outcome((PROPOSED,))


@pytest.mark.parametrize("facts", [(declared(),), (declared(severity=None, rank=1),)])
@pytest.mark.parametrize("severity", ["SEV2", "SEV3"])
def test_who_may_not_set_it_cannot_propose_a_milder_one(
    severity: str, facts: tuple[IncidentDeclared]
) -> None:
    with pytest.raises(Refused) as refused:
        _change(severity, "x", *facts, actor="UKOFI")
    assert str(refused.value) == (
        "To change the severity is up to the Incident Commander: ask <@UMARA>. Nothing was changed."
    )
    assert refused.value.ask == Ask(12, "UMARA", "change the severity")


def test_the_severity_that_stands_in_while_nobody_is_sure_is_not_worse_and_not_proposed() -> None:
    with pytest.raises(Refused, match="^To change the severity is up to the Incident Commander"):
        _change("SEV1", "x", declared(severity=None, rank=1), actor="UKOFI")


def test_one_proposal_waits_at_a_time() -> None:
    facts = (SEV2, PROPOSED)
    with pytest.raises(Refused, match="^SEV0 is proposed already. It waits for <@UMARA>; speak"):
        _change("SEV1", "x", *facts, actor="UKOFI")
    answered = (*facts, ProposalAnswered(proposal=1))
    [second] = _change("SEV1", "x", *answered, actor="UKOFI").facts
    assert isinstance(second, SeverityProposed)
    assert second.proposal == 2


def test_the_commander_agrees_and_it_is_the_severity() -> None:
    facts = (declared(), PROPOSED)
    outcome = rules.agree(incident(*facts), rules.Answer(1), context(*facts))
    assert outcome.facts[0] == SeverityChanged(
        severity="SEV0", rank=0, reason=Words("two tenants"), proposal=1
    )
    assert "sponsor" in _called(outcome)


@pytest.mark.parametrize(("reason", "kept"), [("", None), (" no ", Words("no"))])
def test_the_commander_says_no_with_a_reason_or_without(reason: str, kept: Words | None) -> None:
    facts = (declared(), PROPOSED)
    outcome = rules.decline(incident(*facts), rules.Answer(1, reason), context(*facts))
    assert outcome == Outcome((ProposalAnswered(proposal=1, reason=kept),))


@pytest.mark.parametrize("answer", [rules.agree, rules.decline])
def test_only_who_may_change_the_severity_answers_a_proposal(answer: Any) -> None:  # noqa: ANN401
    facts = (declared(), PROPOSED)
    with pytest.raises(Refused, match="is up to the Incident Commander"):
        answer(incident(*facts), rules.Answer(1), context(*facts, actor="UKOFI"))


@pytest.mark.parametrize("answer", [rules.agree, rules.decline])
@pytest.mark.parametrize(
    ("then", "sentence"),
    [
        (ProposalAnswered(proposal=1), "<@UMARA> said no."),
        (
            SeverityChanged(severity="SEV0", rank=0, reason=Words("x"), proposal=1),
            "<@UMARA> agreed; it is SEV0.",
        ),
        (
            SeverityChanged(severity="SEV0", rank=0, reason=Words("x")),
            "it was settled before anybody answered.",
        ),
    ],
)
def test_what_is_answered_is_answered_once(answer: Any, then: Fact, sentence: str) -> None:  # noqa: ANN401
    facts = (declared(), PROPOSED, then)
    with pytest.raises(Refused) as refused:
        answer(incident(*facts), rules.Answer(1), context(*facts))
    assert str(refused.value) == f"Nothing was changed: {sentence}"


def test_a_proposal_nobody_made_cannot_be_answered() -> None:
    with pytest.raises(Refused, match="^There is no such proposal.$"):
        rules.agree(incident(declared()), rules.Answer(3), context(declared()))


def test_unanswered_it_applies_by_itself_and_calls() -> None:
    facts = (declared(), PROPOSED)
    alarm = Alarm(APPLIES_AT, "proposal", "1")
    bot = context(*facts, actor=ids.BOT, later=timedelta(minutes=5))
    outcome = rules.apply_proposal(incident(*facts), alarm, bot)
    assert outcome.facts[0] == SeverityChanged(
        severity="SEV0", rank=0, reason=Words("two tenants"), proposal=1
    )
    assert "sponsor" in _called(outcome)
    answered = (*facts, ProposalAnswered(proposal=1))
    assert rules.apply_proposal(incident(*answered), alarm, context(*answered)) == Outcome()


def test_a_change_to_something_milder_than_proposed_leaves_the_proposal_waiting() -> None:
    partly = SeverityChanged(severity="SEV1", rank=1, reason=Words("x"))
    waiting = states(SEV2, PROPOSED, partly).of(History).waiting
    assert waiting is not None
    assert waiting.severity == "SEV0"


def test_a_new_commander_is_asked_what_the_one_before_left_open() -> None:
    accepted, dropped = (
        RoleAccepted(role="ic", person="UIDRIS"),
        RoleDropped(role="ic", person="UIDRIS"),
    )
    [proposal] = states(declared(), PROPOSED, accepted).of(History).proposals
    assert proposal.asked == ("UMARA", "UIDRIS")
    [proposal] = states(declared(), accepted, PROPOSED, dropped).of(History).proposals
    assert proposal.asked == ("UIDRIS", "UMARA")


def test_a_major_incident_is_decided_with_its_criteria_and_taken_back_with_a_reason() -> None:
    yes = rules.decide_major(incident(declared()), rules.Major(True, "3 regions"), context())
    decided = MajorDecided(is_major=True, criteria=Words("3 regions"))
    assert yes == Outcome((decided,))
    facts = (declared(), decided)
    no = rules.decide_major(incident(*facts), rules.Major(False, "1 tenant"), context(*facts))
    assert no == Outcome((MajorDecided(is_major=False, criteria=Words("1 tenant")),))


def test_a_major_incident_is_not_decided_twice_nor_without_criteria_nor_by_anybody() -> None:
    decided = MajorDecided(is_major=True, criteria=Words("3 regions"))
    facts = (declared(), decided)
    with pytest.raises(Refused, match="^INC-12 is already a major incident.$"):
        rules.decide_major(incident(*facts), rules.Major(True, "x"), context(*facts))
    with pytest.raises(Refused, match="^INC-12 is not a major incident.$"):
        rules.decide_major(incident(declared()), rules.Major(False, "x"), context())
    with pytest.raises(Refused, match="^Say which criteria hold") as refused:
        rules.decide_major(incident(declared()), rules.Major(True, ""), context())
    assert refused.value.field == "criteria"
    with pytest.raises(Refused, match="^Say why it is no longer one"):
        rules.decide_major(incident(*facts), rules.Major(False, ""), context(*facts))
    with pytest.raises(Refused, match="^To declare a major incident is up to the Incident Comm"):
        rules.decide_major(incident(declared()), rules.Major(True, "x"), context(actor="UKOFI"))
