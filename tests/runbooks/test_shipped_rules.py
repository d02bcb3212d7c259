"""Do the shipped runbooks decide, escalate and hold back as was agreed on?"""

from __future__ import annotations

import pytest

from runbooks.fields import Choices, YesNo
from runbooks.library import FOLDER
from runbooks.sla import Sla
from runbooks.span import Span
from runbooks.steps import Approval, FileUpload, Form, Manual, Webhook
from tests.runbooks.tables import EVERY, book, rule

KEPT_APART = {"safety-incident", "data-leakage", "prompt-injection-tool-abuse"}


def test_approvals_that_need_two_or_have_a_way_in_an_emergency() -> None:
    consents = {
        (id_, step.n): step.consent
        for id_ in EVERY
        for step in book(id_).steps
        if isinstance(step, Approval)
    }
    two = [key for key, one in consents.items() if one.count == 2]
    assert two == [
        ("data-leakage", 7), ("drift-hallucination-spike", 8),
        ("functional-quality-regression", 7), ("narrative-incident", 3),
    ]  # fmt: skip
    urgent = [key for key, one in consents.items() if one.in_emergency == ("ic",)]
    assert urgent == [("bias-spike", 2), ("functional-quality-regression", 3)]
    assert all(one.four_eyes for one in consents.values())


def test_no_answer_of_many_says_none_beside_another() -> None:
    lone = {
        (id_, step.n, field.id): field.alone
        for id_ in EVERY
        for step in book(id_).steps
        for field in (*step.records, *getattr(step, "fields", ()))
        if isinstance(field, Choices)
        and any(one.startswith(("no", "unknown")) for one in field.options)
    }
    nothing, none_known = ("nothing",), ("none_known",)
    assert lone == {
        ("data-leakage", 5, "categories"): nothing,
        ("data-leakage", 6, "regimes"): none_known,
        ("model-output-causing-harm", 4, "data_classes"): nothing,
        ("model-output-causing-harm", 4, "regulatory_triggers"): none_known,
        ("prompt-injection-tool-abuse", 7, "categories"): nothing,
        ("prompt-injection-tool-abuse", 7, "regimes"): none_known,
        ("safety-incident", 6, "regimes"): none_known,
    }


def test_what_comms_drafts_and_legal_decides() -> None:
    drafted = [
        (id_, step.n)
        for id_ in EVERY
        for step in book(id_).steps
        if isinstance(step, Approval) and step.consent.drafted_by == ("comms",)
        and step.consent.approvers == ("legal",)
    ]  # fmt: skip
    assert drafted == [
        ("bias-spike", 9), ("data-leakage", 10), ("drift-hallucination-spike", 10),
        ("narrative-incident", 6), ("safety-incident", 7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("id_", "n"), [("functional-quality-regression", 7), ("drift-hallucination-spike", 8)]
)
def test_one_ships_forward_only_when_all_three_hold(id_: str, n: int) -> None:
    step = book(id_).step(n)
    assert isinstance(step, Approval)
    assert list(step.confirms) == ["suite_passes", "metrics_in_band", "cause_in_plain_words"]


def test_evidence_that_is_sealed_stays_in_the_restricted_store() -> None:
    sealed = {
        id_
        for id_ in EVERY
        for step in book(id_).steps
        if isinstance(step, FileUpload) and step.sealed_copy and step.restricted
    }
    assert sealed == KEPT_APART


def test_stopping_the_harm_needs_two_people_and_alarms_after_an_hour() -> None:
    step = book("safety-incident").step(2)
    assert isinstance(step, Manual)
    assert step.second_pair
    assert step.supported_by == ("technical",)
    assert step.alarm_after is not None
    assert step.alarm_after.total_seconds() == 3600


def test_telling_privacy_begins_by_itself() -> None:
    step = book("data-leakage").step(2)
    assert isinstance(step, Webhook)
    assert step.fires == "by_itself"


def test_notices_are_due_by_their_legal_clocks_and_say_so() -> None:
    step = book("data-leakage").step(10)
    assert step.sla == Sla(None)
    assert "legal clock" in (step.sla_note or "")


def test_the_branch_is_due_fifteen_minutes_after_the_own_severity() -> None:
    assert book("narrative-incident").step(7).sla == Sla(Span.read("PT15M"), after=4)


@pytest.mark.parametrize("id_", EVERY)
def test_a_ticket_carries_the_checklist(id_: str) -> None:
    last = book(id_).steps[-1]
    assert isinstance(last, Webhook)
    assert "{{ run.checklist }}" in last.targets[0].payload["description"]


@pytest.mark.parametrize("id_", EVERY)
def test_what_is_escalated_at_once_is_a_rule_with_a_time(id_: str) -> None:
    at_once = ["physical_harm", "disclosure", "discrimination", "widespread", "not_mitigable"]
    rules = {one.id: one for one in book(id_).rules}
    assert [name for name in at_once if rules[name].effect != "escalates"] == []
    assert all(rules[name].within for name in (*at_once, "full_team"))
    assert [one.id for one in book(id_).rules if one.effect == "times" and not one.within] == []


@pytest.mark.parametrize("id_", EVERY)
def test_destructive_changes_are_held_until_evidence_is_secured(id_: str) -> None:
    held = rule(id_, "evidence_first")
    assert held.effect == "holds_changes"
    step = book(id_).step(held.steps[0])
    if id_ not in {"narrative-incident", "functional-quality-regression"}:
        assert step.type == "file_upload"


def test_personal_data_in_an_output_freezes_and_tells_privacy_within_30_minutes() -> None:
    start = rule("data-leakage", "freeze_and_tell")
    assert (start.asked, start.effect, start.steps) == ("start", "times", (1, 2))
    assert start.within == Span.read("PT30M")
    for id_ in ("model-output-causing-harm", "safety-incident", "bias-spike"):
        assert rule(id_, "personal_data").starts == ("data-leakage",)


def test_the_other_rules_stand_where_they_start_gate_or_time_a_step() -> None:
    assert rule("safety-incident", "systemic_category").steps == (2,)
    for id_ in ("functional-quality-regression", "drift-hallucination-spike"):
        assert "only that feature" in rule(id_, "untrusted_output").then
        assert "Mend the detector" in rule(id_, "spurious_alert").then
    for id_ in ("model-output-causing-harm", "safety-incident", "narrative-incident"):
        assert rule(id_, "one_report").then.startswith("Investigate internally")
    for id_ in ("model-output-causing-harm", "safety-incident"):
        assert rule(id_, "sustained_spike").effect == "raises"
    for id_ in ("model-output-causing-harm", "safety-incident", "bias-spike"):
        assert rule(id_, "credible_harm").effect == "raises"
    drift = rule("drift-hallucination-spike", "drift_threshold")
    assert (drift.steps, drift.within) == ((4,), Span.read("PT45M"))
    flush = [("functional-quality-regression", 8), ("drift-hallucination-spike", 9),
             ("data-leakage", 3)]  # fmt: skip
    for id_, n in flush:
        assert (rule(id_, "flush_first").effect, rule(id_, "flush_first").steps) == ("gates", (n,))
    for id_, n in (("data-leakage", 3), ("prompt-injection-tool-abuse", 6)):
        assert rule(id_, "compromised_key").steps == (n,)


def test_a_narrative_that_meets_your_own_criteria_starts_the_real_incident() -> None:
    own = rule("narrative-incident", "own_criteria")
    assert own.starts == ("safety-incident",)
    assert own.answer is not None
    assert (own.answer.step, own.answer.among) == (4, ("rank0", "rank1"))
    assert rule("narrative-incident", "personal_data").starts == ("data-leakage",)
    assert rule("narrative-incident", "fake_artefact").steps == (3, 5, 6)
    assert rule("prompt-injection-tool-abuse", "data_left").starts == ("data-leakage",)


def test_choices_below_the_threshold_are_each_made_with_a_reason() -> None:
    step = book("narrative-incident").step(8)
    assert isinstance(step, Form)
    reasons = [one.reason for one in step.fields if isinstance(one, YesNo)]
    assert reasons == ["always"] * 3


@pytest.mark.parametrize("id_", EVERY)
def test_editors_are_told_where_the_schema_is(id_: str) -> None:
    first = (FOLDER / f"{id_}.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=runbook.schema.json"


def test_each_family_has_its_triggers() -> None:
    triggers = {
        "functional-quality-regression": ["Latency or errors", "retry or give up", "complain"],
        "safety-incident": ["self-harm, hate or guidance", "data or secrets", "makes a credible"],
        "narrative-incident": ["spreads in public", "on a stage", "notable customer complains"],
    }
    for id_, wanted in triggers.items():
        lines = book(id_).when_to_use
        assert [words in line for words, line in zip(wanted, lines, strict=True)] == [True] * 3
