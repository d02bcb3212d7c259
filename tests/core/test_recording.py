"""What of the runs is taken along with a record?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.facts import runbooks as f
from bot.core.record import Cell, Quoted, Told
from bot.core.runs.recording import record_parts
from tests.features.runs import MARA, NOOR, SAM, Story, words
from tests.features.values import NOW

SAID = words("Not on a <Friday>")
WHY = words("It ran for nine days")
CALM = words("The old version is known")
FIRST = words("In the EU first")
ASKED = f.ApprovalAsked(
    run=1, step=5, ask=1, text=WHY, approvers=(NOOR,), options=("rollback", "block_rules")
)
LEADER = "security_operations_leader"


def _story() -> Story:
    answered = f.ApprovalAnswered(
        run=1, step=5, ask=1, decision="refused", seat=LEADER, reason=SAID
    )
    field = f.FieldAnswered(run=1, step=4, field="jurisdictions", text=words("EU"))
    form = f.FormAnswered(run=1, step=4, edition=1, fields=("jurisdictions",))
    story = (
        Story().done(1, 2).did((NOOR, f.ProofAdded(run=1, step=3, kind="queries", numbers=(1, 2))))
    )
    story.done(3, by=NOOR).did((MARA, field), (MARA, form)).done(4)
    story.did((MARA, ASKED), (NOOR, answered))
    return story.did((MARA, f.RuleFired(run=1, rule="physical_harm")))


def test_steps_go_along_with_proof_answers_approvals_and_rules() -> None:
    parts = {one.name: one for one in record_parts(Told(_story().shown, (), (), ()))}
    [run] = parts["runbooks"].rows
    assert run[:3] == (1, "model-output-causing-harm", "0.1.0")
    steps = {row[1]: row for row in parts["runbook-steps"].rows}
    assert [steps[n][7] for n in (1, 3, 5, 6)] == ["done", "done", "active", "active"]
    assert steps[3][10:14] == (NOOR, None, None, "queries: E-1, E-2")
    assert (1, 4, 1, "Which jurisdictions are the people in?", "EU") in parts["answers"].rows
    rules = {row[1]: row[4:9] for row in parts["rules"].rows}
    due = NOW + timedelta(minutes=5)
    assert rules["physical_harm"] == (NOW, due, None, False, False)
    assert rules["evidence_first"] == (NOW, None, NOW, True, True)  # the evidence is there


def _approvals(story: Story) -> list[dict[str, Cell]]:
    told = Told(story.shown, (), (), ())
    part = next(one for one in record_parts(told) if one.name == "approvals")
    labels = [one.label for one in part.columns]
    assert len(set(labels)) == len(labels)
    return [dict(zip(labels, row, strict=True)) for row in part.rows]


def test_an_approval_says_who_asked_for_what_and_who_refused_it() -> None:
    [refused] = _approvals(_story())
    assert refused == {
        "Run": 1,
        "Step": 5,
        "Request": 1,
        "Asked": NOW,
        "Asked by": MARA,
        "Asked for": "Roll back; Put block rules in place",
        "Why it is asked": WHY,
        "Decided": NOW,
        "Decided by": NOOR,
        "In the seat of": "Security operations leader",
        "Handed on by": None,
        "Decision": "refused",
        "Approved": None,
        "Why it is so decided": SAID,
        "Conditions": None,
        "The request is": "refused",
    }


def test_an_approval_says_what_of_it_is_approved_and_who_let_somebody_else_decide() -> None:
    handed = f.ApprovalDelegated(run=1, step=5, ask=1, seat=LEADER, to=SAM, reason=CALM)
    granted = f.ApprovalAnswered(
        run=1, step=5, ask=1, decision="conditions", seat=LEADER, reason=CALM, conditions=FIRST,
        options=("rollback",),
    )  # fmt: skip
    story = Story().done(1, 2, 3, 4).did((MARA, ASKED))
    [waiting] = _approvals(story)
    decided = ("Decided", "Decided by", "In the seat of", "Decision", "Approved", "The request is")
    assert [waiting[one] for one in decided] == [None] * 6
    story.did((NOOR, handed), (SAM, granted)).done(5, by=SAM)
    [approval] = _approvals(story)
    assert [approval[one] for one in decided] == [
        NOW, SAM, "Security operations leader", "approved with conditions", "Roll back", "granted",
    ]  # fmt: skip
    assert approval["Handed on by"] == NOOR
    assert approval["Conditions"] == FIRST


def test_a_step_that_somebody_was_given_says_to_whom_beside_whose_it_is_by_role() -> None:
    given = f.StepReassigned(run=1, step=2, owner=SAM, reason=CALM)
    parts = {
        one.name: one for one in record_parts(Told(Story().did((MARA, given)).shown, (), (), ()))
    }
    names = [one.name for one in parts["runbook-steps"].columns]
    [row] = [row for row in parts["runbook-steps"].rows if row[1] == 2]
    step = dict(zip(names, row, strict=True))
    assert (step["owner"], step["given_to"]) == ("Security engineering", SAM)
    assert step["sla"] == "same day"


def test_what_people_typed_is_quoted_and_shown_after_a_warning() -> None:
    parts = {one.name: one for one in record_parts(Told(_story().shown, (), (), ()))}
    [approval] = parts["approvals"].rows
    typed = [cell for cell in approval if cell in (WHY, SAID)]
    assert [type(cell) for cell in typed] == [Quoted, Quoted]


def test_a_record_without_runs_has_empty_parts() -> None:
    assert all(part.rows == () for part in record_parts(Told(Story("").shown, (), (), ())))
