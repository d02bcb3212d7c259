"""Do the shipped runbooks say what was agreed on?"""

from __future__ import annotations

from datetime import date

import pytest

from runbooks.fields import Range
from runbooks.sla import Sla
from runbooks.steps import Approval, FileUpload, Form, Manual, Step, Webhook
from tests.features.values import POLICY
from tests.runbooks.tables import AGREED, BOOKS, EVERY, OWNERS, book


def asked(step: Step) -> list[str]:
    """What the step asks for, by id: of its kind, and then what is written down."""
    return [*_of_kind(step), *(field.id for field in step.records)]


def _of_kind(step: Step) -> list[str]:
    match step:
        case Manual():
            return list(step.checks)
        case FileUpload():
            return [kind.id for kind in step.evidence_kinds]
        case Form():
            return [field.id for field in step.fields]
        case Approval():
            return list(step.options or ())
        case Webhook():
            return [target.id for target in step.targets]


def test_eight_runbooks_are_shipped() -> None:
    assert sorted(BOOKS) == EVERY


@pytest.mark.parametrize("id_", EVERY)
def test_the_steps_are_those_of_the_table(id_: str) -> None:
    told = [
        [
            str(step.n),
            step.title,
            step.type,
            step.owner,
            step.sla,
            " ".join(map(str, step.gate.after)),
            " ".join(asked(step)),
        ]
        for step in book(id_).steps
    ]
    assert told == [
        [*row[:3], OWNERS[row[3]], Sla.read(row[4]), *row[5:]] for row in AGREED[id_].rows
    ]


@pytest.mark.parametrize("id_", EVERY)
def test_version_review_minutes_kind_and_severity_are_held(id_: str) -> None:
    agreed, one = AGREED[id_], book(id_)
    assert (one.version, one.estimated_minutes) == ("0.1.0", agreed.minutes)
    assert (one.kind, one.category, one.is_template) == ("operational", "incident", True)
    assert one.severity.word == agreed.word
    assert (one.severity.rank, *(other.rank for other in one.severity.otherwise)) == agreed.ranks


def test_the_source_runbook_was_last_reviewed_when_it_says() -> None:
    assert book("model-output-causing-harm").last_reviewed == date(2026, 5, 9)


def test_the_source_runbook_starts_and_ends_by_its_gates() -> None:
    one = book("model-output-causing-harm")
    starts = {
        done: [step.n for step in one.may_start(done)]
        for done in [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)]
    }
    assert starts == {
        (): [1],
        (1,): [2, 4, 6],
        (1, 2): [3, 4, 6],
        (1, 2, 3): [4, 6],
        (1, 2, 3, 4): [5, 6],
    }
    last = one.step(6).gate
    assert (last.part, last.completes_when) == ("the tickets and hooks", "review_linked")


@pytest.mark.parametrize("id_", EVERY)
def test_a_run_is_complete_only_with_its_review_linked(id_: str) -> None:
    last = book(id_).steps[-1]
    assert last.type == "webhook"
    assert last.gate.completes_when == "review_linked"


@pytest.mark.parametrize("id_", EVERY)
def test_every_step_can_be_reached(id_: str) -> None:
    done: set[int] = set()
    while ready := book(id_).may_start(done):
        done |= {step.n for step in ready}
    assert done == {step.n for step in book(id_).steps}


@pytest.mark.parametrize("id_", EVERY)
def test_each_has_the_five_parts_and_more(id_: str) -> None:
    one = book(id_)
    for part in (one.detection, one.triage, one.containment, one.escalate_if, one.comms_triggers):
        assert part
    assert one.recovery_checks
    assert len(one.when_to_use) == 3
    assert one.diagnostic_question.endswith("?")
    assert any("Few tickets do not mean little harm" in line for line in one.triage)


@pytest.mark.parametrize("id_", EVERY)
def test_each_permits_provisional_containment_with_a_monitor(id_: str) -> None:
    said = book(id_).provisional_containment
    assert "contain provisionally as soon as harm is plausible" in said
    assert "name the monitor" in said
    assert all(lever.monitor for lever in book(id_).containment)


@pytest.mark.parametrize("id_", EVERY)
def test_each_lever_has_its_operating_notes(id_: str) -> None:
    for lever in book(id_).containment:
        assert lever.enable_when
        assert lever.side_effects
        assert lever.say
        undone = {"contain", "roll_back", "disable_feature"}
        assert lever.authority in (undone if lever.is_reversible else {"irreversible_remediation"})


@pytest.mark.parametrize("id_", EVERY)
def test_each_carries_the_common_do_not_list(id_: str) -> None:
    wanted = [
        "prompt or a policy in production", "delete logs or samples", "cause outside before",
        "raw personal data", "reopen traffic before the alerts", "resolved before",
    ]  # fmt: skip
    said = book(id_).do_not
    assert [sum(words in line for line in said) for words in wanted] == [1] * 6


def test_what_else_is_not_done_stands_where_it_belongs() -> None:
    own = {id_: book(id_).do_not[6:] for id_ in EVERY}
    assert "statements or disclaimers only" in own["safety-incident"][0]
    assert [line.split()[2] for line in own["narrative-incident"]] == ["deflect", "blame", "claim"]
    assert 'Never say "no data was accessed"' in own["data-leakage"][0]
    assert "global averages" in own["bias-spike"][0]
    assert "clearance by privacy" in own["bias-spike"][1]


@pytest.mark.parametrize("id_", EVERY)
def test_the_start_asks_for_the_common_prerequisites(id_: str) -> None:
    ways = {one.id: one for one in book(id_).prerequisites}
    assert list(ways)[:5] == ["channel", "overview", "access", "kill_switches", "standby"]
    assert ways["access"].links == ("Model card", "Monitoring dashboards", "Access logs")
    assert ways["standby"].roles == ("legal", "comms")
    assert ways["standby"].only_if == "notice to anybody outside is possible"


@pytest.mark.parametrize("id_", EVERY)
def test_the_common_markers_wait_for_a_practitioner(id_: str) -> None:
    markers = {one.id: one for one in book(id_).ir_review}
    assert list(markers) == [
        "escalation_titles", "lever_authority", "sla_numbers", "legal_clocks", "user_contact",
    ]  # fmt: skip
    assert markers["escalation_titles"].step == 1
    assert all(one.is_open for one in markers.values())


def test_the_safety_runbook_marks_levers_law_and_wording() -> None:
    markers = {one.id: one for one in book("safety-incident").ir_review}
    assert markers["lever_authority"].step == 2
    assert markers["legal_clocks"].step == 6
    assert markers["user_contact"].step == 7
    assert "crisis resources of each country" in markers["user_contact"].validate_what


@pytest.mark.parametrize("id_", EVERY)
def test_each_knows_its_three_contexts(id_: str) -> None:
    contexts = [one.context for one in book(id_).variants]
    assert contexts == ["customer_facing", "internal", "partner"]
    assert all(one.notes for one in book(id_).variants)


@pytest.mark.parametrize("id_", EVERY)
def test_unknown_because_is_an_answer_wherever_it_can_be(id_: str) -> None:
    forms = [step for step in book(id_).steps if isinstance(step, Form)]
    decisions = {"verdict", "rank", "passes", "spokesperson"}
    for form in forms:
        for field in form.fields:
            is_decision = field.id in decisions or field.id.endswith("_voice")
            assert field.may_be_unknown != is_decision, field.id


def test_numbers_nobody_knows_exactly_are_ranges() -> None:
    ranges = [
        (id_, field.id)
        for id_ in EVERY
        for step in book(id_).steps
        if isinstance(step, Form)
        for field in step.fields
        if isinstance(field, Range)
    ]
    assert ranges == [
        ("bias-spike", "decisions"), ("data-leakage", "count"),
        ("drift-hallucination-spike", "share"), ("drift-hallucination-spike", "count"),
        ("functional-quality-regression", "users"), ("functional-quality-regression", "money"),
        ("model-output-causing-harm", "users_affected"), ("prompt-injection-tool-abuse", "count"),
    ]  # fmt: skip


@pytest.mark.parametrize("id_", EVERY)
def test_each_kind_of_evidence_that_a_step_asks_for_is_one_of_the_policys(id_: str) -> None:
    known = {one.id for one in POLICY.evidence.kinds} - {"other"}
    asked_for = [one for step in book(id_).steps if isinstance(step, FileUpload)
                 for one in step.evidence_kinds]  # fmt: skip
    assert [one.id for one in asked_for if one.kind not in known] == []
