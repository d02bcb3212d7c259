"""Does a rule apply by the record, is it measured, and does it call somebody, once?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.core.facts import Fact
from bot.core.facts import runbooks as f
from bot.core.facts.people import PersonCalled
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.severity import SeverityChanged
from bot.core.messages import Post
from bot.core.outcome import Outcome, Refused
from bot.core.runs import beginning
from bot.core.runs.model import Answer, Runs
from bot.features.checklist import due as owed
from bot.features.consequences import due, rules
from bot.features.forms import rules as forms
from bot.features.sending import rules as sending
from bot.features.steering import blocks as steering_blocks
from bot.features.steering import rules as steering
from tests.features.runs import ELENA, HARM, JUN, MARA, NOOR, SAM, Story, library, words
from tests.features.test_each_runbook import values
from tests.features.values import NOW, declared

RINGS = {due.RULES: rules.rule, due.ESCALATE: rules.escalate, due.LAPSE: rules.lapse}
CALLED = "Called: {}"
NOBODY = "Nobody to call for: {}. Give somebody the role: `/incident role`."
FILLED = tuple((SAM, RoleAccepted(role=role, person=SAM)) for role in ("safety", "model"))


def rung(story: Story) -> Outcome:
    """Everything that rings by itself, until nothing does; the story goes on with it."""
    every = Outcome()
    while alarms := due.alarms(story.shown):
        first = alarms[0]
        outcome = RINGS[first.kind](story.incident, first, story.context("warroom"))
        assert outcome.facts, first
        story.told(outcome, "warroom")
        every += outcome
    return every


def called(facts: Iterable[Fact]) -> list[str]:
    """Who was called, by role or as themselves."""
    return [one.target for one in facts if isinstance(one, PersonCalled)]


def changed(rank: int) -> SeverityChanged:
    """Another severity."""
    return SeverityChanged(severity=f"SEV{rank}", rank=rank, reason=words("It spreads"))


def milder() -> Story:
    """The source runbook, run for an incident of SEV2."""
    return Story(opened=declared(severity="SEV2", rank=2))


def test_the_full_team_is_required_as_soon_as_the_severity_asks_for_it() -> None:
    story = milder()
    assert rung(story).facts == ()
    story.did((MARA, changed(1)))
    outcome = rung(story)
    assert [type(one).__name__ for one in outcome.facts[:2]] == ["RuleFired", "RuleEscalated"]
    assert called(outcome.facts) == ["role safety", "role model", "role product"]
    assert "rule/1/full_team" in {one.name for one in owed.deadlines(story.shown)}
    assert rung(Story()).facts != ()


def test_comms_and_legal_are_called_only_where_people_outside_can_see_it() -> None:
    for contexts, expected in (
        ((), {"safety", "model", "product", "comms", "legal"}),
        (("customer_facing", "internal"), {"safety", "model", "product", "comms", "legal"}),
        (("internal",), {"safety", "model", "product"}),
    ):
        story = Story("", roles=(("ic", MARA),))
        book = library().books[HARM]
        story.did((MARA, beginning.begun(book, Runs(), contexts)))  # type: ignore[arg-type]
        assert set(called(rung(story).facts)) == {f"role {one}" for one in expected}


def test_the_rule_is_met_by_the_record_once_everybody_is_there() -> None:
    story = Story()
    rung(story)
    assert not story.run.fired["full_team"].is_met
    story.did(*FILLED, (JUN, RoleAccepted(role="product", person=JUN)))
    [met] = rung(story).facts
    assert met == f.RuleMet(run=1, rule="full_team")
    assert story.run.fired["full_team"].is_met


def test_a_milder_severity_ends_the_rule_and_a_worse_one_brings_it_back() -> None:
    story = Story()
    rung(story)
    story.minutes = 10
    story.did((MARA, changed(2)))
    [gone] = rung(story).facts
    assert gone == f.RuleMet(
        run=1, rule="full_team", is_met=False, note=words("The severity is SEV2 now.")
    )
    story.minutes = 20
    story.did((MARA, changed(0)))
    again = rung(story)
    assert again.facts[0] == f.RuleFired(run=1, rule="full_team")
    assert story.run.fired["full_team"].acted_at is None


def test_two_runs_with_the_same_rule_call_nobody_twice() -> None:
    story = Story()
    rung(story)
    runs = story.context(MARA).states.of(Runs)
    story.did((MARA, beginning.begun(library().books["safety-incident"], runs)))
    outcome = rung(story)
    assert called(outcome.facts) == []
    assert [type(one).__name__ for one in outcome.facts] == ["RuleFired", "RuleEscalated"]


@pytest.mark.parametrize(
    ("rule", "roles", "labels"),
    [
        (
            "physical_harm",
            ("safety", "legal", "sponsor"),
            ("Legal", "Safety Lead, Executive Sponsor"),
        ),
        ("disclosure", ("security", "privacy"), ("Security Lead", "Data Protection Officer")),
        ("discrimination", ("governance", "legal"), ("Legal", "Governance and Risk")),
        ("widespread", ("product", "comms"), ("Communications Lead", "Product Owner")),
        ("not_mitigable", ("technical", "sponsor"), ("Technical Lead", "Executive Sponsor")),
    ],
)
def test_a_rule_calls_whom_it_names_and_the_room_reads_apart_who_was_called_and_who_was_not(
    rule: str, roles: tuple[str, ...], labels: tuple[str, str]
) -> None:
    story = milder()
    said = steering.Said(run=1, applies=(rule,))
    story.told(steering.rule(story.incident, said, story.context(MARA)), MARA)
    holders = {role: story.incident.holder(role) for role in roles}
    outcome = rung(story)
    assert called(outcome.facts) == [
        f"person {holders[role]}" if holders[role] else f"role {role}" for role in roles
    ]
    [post] = [one for one in outcome.messages if isinstance(one, Post)]
    assert post.content.text.startswith(f"<@{MARA}> Escalate at once")
    assert post.content.text.splitlines()[2:] == [
        CALLED.format(labels[0]),
        NOBODY.format(labels[1]),
    ]
    [noted] = [one for one in outcome.facts if isinstance(one, f.RuleEscalated)]
    assert noted.roles == tuple(one for one in roles if holders[one])
    assert noted.nobody == tuple(one for one in roles if not holders[one])
    assert rung(story).facts == ()


def test_whoever_said_that_it_applies_is_not_called_and_whoever_holds_the_role_is_once() -> None:
    story = milder()
    said = steering.Said(run=1, applies=("physical_harm",))
    story.told(steering.rule(story.incident, said, story.context(ELENA)), ELENA)
    assert called(rung(story).facts) == ["role safety", "role sponsor"]
    again = milder()
    for rule in ("disclosure", "discrimination"):
        said = steering.Said(run=1, applies=(rule,))
        again.told(steering.rule(again.incident, said, again.context(MARA)), MARA)
        rung(again)
    people = [one.person for one in again.incident.calls if one.person]
    assert people == [NOOR, ELENA]


def test_a_test_calls_nobody_by_a_rule_either() -> None:
    story = Story(opened=declared(is_test=True))
    calls = [one for one in rung(story).facts if isinstance(one, PersonCalled)]
    assert {one.via for one in calls} == {"nobody"}


def test_a_test_says_that_it_called_nobody() -> None:
    story = Story(opened=declared(is_test=True))
    outcome = rung(story)
    [noted] = [one for one in outcome.facts if isinstance(one, f.RuleEscalated)]
    assert noted.roles == ()
    [post] = [one for one in outcome.messages if isinstance(one, Post)]
    assert post.content.text.splitlines()[2:] == [
        "This is a test, so nobody was called for: Safety Lead, Model Owner, Product Owner"
    ]


def test_a_rule_that_the_record_makes_apply_is_not_asked_of_people() -> None:
    story = milder()
    drawn = str(steering_blocks.rules_modal(12, story.run).to_dict())
    assert "physical_harm" in drawn
    assert "full_team" not in drawn


def test_only_a_worse_severity_meets_a_rule_that_asks_for_one() -> None:
    story = Story()
    said = steering.Said(run=1, applies=("sustained_spike",))
    story.told(steering.rule(story.incident, said, story.context(MARA)), MARA)
    story.did((MARA, changed(2)))
    assert not story.run.fired["sustained_spike"].is_met
    story.did((MARA, changed(1)))
    assert story.run.fired["sustained_spike"].is_met


def test_one_report_holds_the_public_statement_until_there_is_more() -> None:
    story = Story("narrative-incident").done(1, 2, 3, 5)
    assert story.run.held(6) == ()
    said = steering.Said(run=1, applies=("one_report",))
    story.told(steering.rule(story.incident, said, story.context(MARA)), MARA)
    assert [one.rule.id for one in story.run.held(6)] == ["one_report"]
    met = steering.Said(run=1, met=("one_report",))
    story.told(steering.rule(story.incident, met, story.context(MARA)), MARA)
    assert story.run.held(6) == ()


def test_a_spurious_alert_holds_the_end_until_the_detector_is_mended() -> None:
    story = Story("drift-hallucination-spike")
    step = story.run.steps[0]
    spurious = {**values(step), "verdict": Answer(("spurious",))}
    page = forms.Page((1, 1), 0, spurious)
    story.told(forms.answer(story.incident, page, story.context(JUN)), JUN)
    assert [one.rule.id for one in story.run.held(11)] == ["spurious_alert"]
    quiet = Story("drift-hallucination-spike")
    assert quiet.run.held(11) == ()


def test_an_output_that_cannot_be_trusted_times_the_step_that_switches_it_off() -> None:
    story = Story("functional-quality-regression").done(1)
    said = steering.Said(run=1, applies=("untrusted_output",))
    story.told(steering.rule(story.incident, said, story.context(MARA)), MARA)
    assert "rule/1/untrusted_output" in {one.name for one in owed.deadlines(story.shown)}
    story.done(3)
    assert story.run.fired["untrusted_output"].is_met


def test_what_a_rule_of_a_later_run_holds_is_held_in_the_step_that_both_share() -> None:
    story = Story().done(1)
    runs = story.context(MARA).states.of(Runs)
    story.did((MARA, beginning.begun(library().books["drift-hallucination-spike"], runs)))
    screen = story.context(MARA).states.of(Runs).all[1].steps[0]
    spurious = {**values(screen), "verdict": Answer(("spurious",))}
    page = forms.Page((2, 1), 0, spurious)
    story.told(forms.answer(story.incident, page, story.context(JUN)), JUN)
    story.did((MARA, f.ReviewLinked(at=NOW + timedelta(days=3), link="https://calendar.example")))
    hand = sending.Finish((1, 6), by_hand=("ticket", "pager", "eval_gap"), note="On paper")
    story.told(sending.settle(story.incident, hand, story.context(JUN)), JUN)
    done = sending.Finish((1, 6), frozenset({"review_booked", "eval_gap"}))
    with pytest.raises(Refused, match="First: Mend the detector"):
        sending.finish(story.incident, done, story.context(JUN))
    story.did((JUN, f.RuleMet(run=2, rule="spurious_alert")))
    story.told(sending.finish(story.incident, done, story.context(JUN)), JUN)
    first, second = story.context(MARA).states.of(Runs).all
    assert (first.steps[5].status, second.steps[10].status) == ("done", "done")
