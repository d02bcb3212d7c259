"""What of the runs is taken along with a record?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.facts import runbooks as f
from bot.core.record import Quoted, Told
from bot.core.runs.recording import record_parts
from tests.features.runs import MARA, NOOR, Story, words
from tests.features.values import NOW

SAID = words("Not on a <Friday>")


def _story() -> Story:
    answered = f.ApprovalAnswered(
        run=1, step=5, ask=1, decision="refused", seat="security_operations_leader", reason=SAID
    )
    asked = f.ApprovalAsked(run=1, step=5, ask=1, text=words("Roll back"), approvers=(NOOR,))
    field = f.FieldAnswered(run=1, step=4, field="jurisdictions", text=words("EU"))
    form = f.FormAnswered(run=1, step=4, edition=1, fields=("jurisdictions",))
    story = (
        Story().done(1, 2).did((NOOR, f.ProofAdded(run=1, step=3, kind="queries", numbers=(1, 2))))
    )
    story.done(3, by=NOOR).did((MARA, field), (MARA, form)).done(4)
    story.did((MARA, asked), (NOOR, answered))
    return story.did((MARA, f.RuleFired(run=1, rule="physical_harm")))


def test_steps_go_along_with_proof_answers_approvals_and_rules() -> None:
    parts = {one.name: one for one in record_parts(Told(_story().shown, (), (), ()))}
    [run] = parts["runbooks"].rows
    assert run[:3] == (1, "model-output-causing-harm", "0.1.0")
    steps = {row[1]: row for row in parts["runbook-steps"].rows}
    assert [steps[n][6] for n in (1, 3, 5, 6)] == ["done", "done", "active", "active"]
    assert steps[3][9:13] == (NOOR, None, None, "queries: E-1, E-2")
    assert (1, 4, 1, "Which jurisdictions are the people in?", "EU") in parts["answers"].rows
    [approval] = parts["approvals"].rows
    assert approval[3:] == (NOW, MARA, "Roll back", NOW, NOOR, "refused", SAID, None, "refused")
    rules = {row[1]: row[4:9] for row in parts["rules"].rows}
    due = NOW + timedelta(minutes=5)
    assert rules["physical_harm"] == (NOW, due, None, False, False)
    assert rules["evidence_first"] == (NOW, None, NOW, True, True)  # the evidence is there


def test_what_people_typed_is_quoted_and_shown_after_a_warning() -> None:
    parts = {one.name: one for one in record_parts(Told(_story().shown, (), (), ()))}
    [approval] = parts["approvals"].rows
    typed = [cell for cell in approval if cell in ("Roll back", SAID)]
    assert [type(cell) for cell in typed] == [Quoted, Quoted]


def test_a_record_without_runs_has_empty_parts() -> None:
    assert all(part.rows == () for part in record_parts(Told(Story("").shown, (), (), ())))
