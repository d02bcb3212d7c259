"""What do people read who change a step, or say that a rule applies?"""

from __future__ import annotations

from bot.core.facts import runbooks as f
from bot.features.steering import blocks
from tests.features.runs import MARA, Story, library, words
from tests.features.values import WHEN
from tests.features.wording import HOSTILE, form, frame, heard, labels
from tests.features.wording import words as paragraphs

THEN = "Raise the severity, restrict the defaults and check the duties to notify."
IF = "Minimal testing shows credible harm."


def test_a_step_is_changed_with_a_reason() -> None:
    view = blocks.change_modal(12, Story().run)
    assert frame(view) == ("Change a step", "Change", "Cancel")
    assert labels(view) == [
        "What?",
        "(Which step?)",
        "Why, or what is to be done in a new step?",
        "(By whom?)",
        "(A new step: by when?)",
    ]
    way, which = (one["element"]["options"] for one in form(view)["blocks"][:2])
    assert [one["text"]["text"] for one in way] == [
        "Skip it",
        "It does not apply",
        "Waive it",
        "Give it to somebody else",
        "Open it again",
        "Add a step",
    ]
    assert [one["text"]["text"] for one in which][:2] == [
        "1 Open and assign",
        "2 Stabilise and keep evidence",
    ]


def test_forty_steps_of_the_longest_titles_can_be_chosen_among() -> None:
    added = [
        f.StepAdded(run=1, step=n, title=words(f"{n} {HOSTILE}"[:75]), owner=MARA)
        for n in range(7, 41)
    ]
    view = form(blocks.change_modal(12, Story().did(*((MARA, one) for one in added)).run))
    assert len(view["blocks"][1]["element"]["options"]) == 40


def test_every_rule_stands_once_and_in_full_with_what_can_be_said_of_it() -> None:
    story = Story().did((MARA, f.RuleFired(run=1, rule="credible_harm")))
    view = blocks.rules_modal(12, story.run)
    assert frame(view) == ("Rules", "Save", "Cancel")
    said = [one for one in story.run.book.rules if one.answer is None and one.from_rank is None]
    full = {f"rule.{one.id}": f"({one.when} {one.then})" for one in said}
    assert full["rule.credible_harm"] == f"({IF} {THEN})"
    assert sorted(labels(view)) == sorted(
        [*full.values(), "(Note; say why where something does not apply)"]
    )
    assert paragraphs(view) == []
    ticks = {
        block["block_id"]: [one["text"]["text"] for one in block["element"].get("options", ())]
        for block in form(view)["blocks"]
    }
    assert ticks["rule.credible_harm"] == ["It is done", "It does not apply after all"]
    assert ticks["rule.physical_harm"] == ["Applies now"]


def test_a_rule_that_was_acted_on_says_how_long_it_took() -> None:
    story = Story().did(
        (MARA, f.RuleFired(run=1, rule="credible_harm")),
        (MARA, f.RuleMet(run=1, rule="credible_harm")),
    )
    assert f"{IF} Applied {WHEN}, done 0 min later." in paragraphs(
        blocks.rules_modal(12, story.run)
    )


def test_the_room_reads_what_to_do_first_and_then_why() -> None:
    story = Story()
    [rule] = [one for one in story.run.book.rules if one.id == "credible_harm"]
    post = blocks.applies(story.incident, story.run, rule)
    assert (post.name, post.to) == ("rule/12/1/credible_harm", "room/12")
    assert heard(post.content) == f"<@{MARA}> {THEN}\nBecause: {IF} (runbook 1)"


def test_the_rules_of_every_shipped_runbook_fit_into_the_form() -> None:
    for id_ in library().books:
        form(blocks.rules_modal(12, Story(id_).run))
