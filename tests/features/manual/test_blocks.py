"""What do people read who say that a manual step is done, or look whether it is?"""

from __future__ import annotations

from bot.core.facts import runbooks as f
from bot.core.runs.model import Answer, Run, Step
from bot.features.manual import blocks
from runbooks.steps import Manual
from tests.features.runs import JUN, MARA, Story, words
from tests.features.values import POLICY
from tests.features.wording import HOSTILE, form, frame, labels
from tests.features.wording import words as paragraphs

SAFETY = "safety-incident"


def modal(story: Story, n: int) -> tuple[Run, Step, Manual]:
    run = story.run
    step = run.steps[n - 1]
    assert isinstance(step.what, Manual)
    return run, step, step.what


def test_the_first_step_is_filled_in_with_what_the_record_knows() -> None:
    story = Story()
    view = blocks.done_modal(story.incident, *modal(story, 1), POLICY)
    assert frame(view) == ("Step 1", "Done", "Cancel")
    assert paragraphs(view)[0] == "*1. Open and assign*"
    assert paragraphs(view)[2:] == [
        "Done when: Record id, severity, three stream owners and one decider are set.",
        "Not validated by a practitioner: Confirm that the escalation titles match those of your "
        "organisation.",
    ]
    assert labels(view) == [
        "Id of the record",
        "Severity",
        "Who owns the legal stream?",
        "Who owns the communications stream?",
        "Who owns the technical stream?",
        "Who is the one accountable decider?",
        "What of this holds?",
        "(Note: what was done, and where its proof is)",
    ]
    inputs = {one["block_id"]: one["element"] for one in form(view)["blocks"] if "element" in one}
    assert inputs["record"]["initial_value"] == "INC-12"
    assert inputs["decider"]["initial_users"] == [MARA]


def test_a_required_question_is_not_called_optional_and_can_be_unknown() -> None:
    story = Story().done(1)
    view = blocks.done_modal(story.incident, *modal(story, 2), POLICY)
    assert labels(view)[0] == "Which systems are affected?"
    [turn] = [one for one in form(view)["blocks"] if one.get("block_id") == "scope.turn"]
    button = turn["elements"][0]
    assert button["text"]["text"] == "Unknown, because…"
    assert button["accessibility_label"] == "Unknown, because… Which systems are affected?"
    assert button["value"] == "12/1/2/scope"


def test_what_was_unknown_is_asked_so_again() -> None:
    story = Story().done(1)
    said = f.FieldAnswered(run=1, step=2, field="scope", chosen=(), unknown=words("nobody looked"))
    story.did((MARA, said))
    view = blocks.done_modal(story.incident, *modal(story, 2), POLICY)
    assert labels(view)[0] == "Unknown, because: Which systems are affected?"
    element = form(view)["blocks"][3]["element"]
    assert element["initial_value"] == "nobody looked"


def test_where_two_are_needed_the_first_asks_for_a_look() -> None:
    story = Story(SAFETY)
    view = blocks.done_modal(story.incident, *modal(story, 2), POLICY)
    assert frame(view) == ("Step 2", "Ask for a look", "Cancel")


def test_the_second_pair_of_eyes_reads_all_that_was_claimed() -> None:
    story = Story(SAFETY)
    answered = f.FieldAnswered(
        run=1, step=2, field="exposure", chosen=(), text=words("Nobody since 04:10")
    )
    whole = f.FormAnswered(run=1, step=2, edition=1, fields=("exposure",))
    claimed = f.StepClaimed(run=1, step=2, note=words("Filter at <tier> 3"))
    story.did((JUN, answered), (JUN, whole), (JUN, claimed))
    view = blocks.confirm_modal(12, story.run, story.run.steps[1], POLICY)
    assert frame(view) == ("Step 2", "I looked, it is", "Cancel")
    said = paragraphs(view)
    assert f"<@{JUN}> says that this is done.\nFilter at &lt;tier&gt; 3" in said
    assert "• Who is still exposed? Nobody since 04:10" in said[-1]
    assert labels(view) == ["(Note)"]


def test_the_longest_note_and_answers_fit_when_they_are_escaped() -> None:
    story = Story(SAFETY)
    note = f.StepClaimed(run=1, step=2, note=words(HOSTILE[:1000]))
    story.did((JUN, note))
    step = story.run.steps[1]
    long = {one.id: Answer(text=HOSTILE) for one in step.what.records}
    full = step.__class__(**{**vars(step), "answers": long, "edition": 1})
    form(blocks.confirm_modal(12, story.run, full, POLICY))
