"""What do people read who choose, begin and look up a runbook?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.core.facts import runbooks as f
from bot.core.outcome import Shown
from bot.core.runs.model import Asked, Runs
from bot.features.runbook import blocks
from tests.features.runs import HARM, JUN, MARA, Story, library
from tests.features.wording import HOSTILE, form, frame, heard, labels
from tests.features.wording import words as paragraphs
from tests.screen import shown

TODAY = date(2026, 11, 21)
ASKED = [
    "The incident room or the change ticket exists, and everyone involved knows which it is.",
    "The overview pack (what the system does, who uses it, how it is built) is pinned in the room.",
    "You can open the model card, the monitoring dashboards and the access logs. Give the links.",
    "The kill-switch register is open, with who may pull which lever and when it was last tested.",
    "Legal and communications are on standby. Say who they are. (if notice to anybody outside is "
    "possible)",
]


def offered(**differing: object) -> Shown:
    """What the summary of a fresh SEV1 is drawn from."""
    return replace(Story("").shown, library=library(), **differing)  # type: ignore[arg-type]


def test_the_summary_offers_what_fits_and_has_one_button() -> None:
    [part] = blocks.summary_parts(offered())
    assert heard(part.content) == (
        "Runbooks that fit: Model output causing harm, Narrative or PR incident, Safety incident "
        "(real or near harm)."
    )
    assert [(one.action_id, one.value) for one in part.buttons] == [("runbook_asked", "12")]
    assert part.gaps == ()


def test_the_summary_says_how_far_a_run_is_and_whose_steps_are_nobodys() -> None:
    story = Story().done(1)
    [part] = blocks.summary_parts(story.shown)
    assert heard(part.content) == (
        "Runbook 1, Model output causing harm: 1 of 6 done, now steps 2, 4, 6, review not linked."
    )
    assert part.gaps == ("nobody owns step 4 of runbook 1",)
    assert part.buttons == ()


def test_those_that_fit_stand_first_and_the_best_fit_is_chosen() -> None:
    view = blocks.choose_modal(12, offered())
    assert frame(view) == ("Run a runbook", "Next", "Cancel")
    element = form(view)["blocks"][0]["element"]
    options = element["options"]
    assert element["initial_option"] == options[0]
    assert [one["text"]["text"] for one in options[:4]] == [
        "Model output causing harm",
        "Narrative or PR incident",
        "Safety incident (real or near harm)",
        "Bias spike",
    ]
    assert len(options) == len(library().books)


def test_whoever_begins_one_reads_what_it_is_and_what_it_needs() -> None:
    view = blocks.start_modal(12, library().books[HARM], TODAY, Runs())
    assert frame(view) == ("Run a runbook", "Start", "Cancel")
    assert paragraphs(view)[0] == (
        "*Model output causing harm*\n"
        "0.1.0 · last reviewed 2026-05-09 · about 120 min · operational incident · high\n"
        "5 places are not validated by a practitioner yet."
    )
    assert paragraphs(view)[2].startswith("*When to use it*\n• What happened matches the title")
    assert labels(view) == ["(Whom does it reach?)", *(f"({one})" for one in ASKED)]
    reach = form(view)["blocks"][3]["element"]["options"]
    assert [one["text"]["text"] for one in reach] == [
        "People outside the organisation use it",
        "Only people of the organisation use it",
        "It reaches people through a partner, or data goes to one",
    ]


def test_an_overdue_review_is_told_before_it_is_run() -> None:
    later = blocks.start_modal(12, library().books[HARM], date(2028, 1, 1), Runs())
    assert "last reviewed 2026-05-09, review overdue" in paragraphs(later)[0]


def test_every_shipped_runbook_fits_into_its_forms() -> None:
    for id_, book in library().books.items():
        story = Story(id_)
        for view in (
            blocks.start_modal(12, book, TODAY, story.shown.states.of(Runs)),
            blocks.prerequisites_modal(12, story.run),
            blocks.read_page(story.run),
        ):
            form(view)


def test_prerequisites_show_again_what_was_said_of_them() -> None:
    run = Story().run
    said = {
        "access": Asked("yes", MARA, HOSTILE[:1000]),
        "standby": Asked("yes", MARA, None, (JUN,)),
    }
    drawn = form(blocks.prerequisites_modal(12, replace(run, prerequisites=said)))
    values = {one["block_id"]: one["element"] for one in drawn["blocks"]}
    assert values["access"]["initial_value"] == HOSTILE[:1000]
    assert values["standby"]["initial_users"] == [JUN]
    assert "initial_option" not in values["channel"]


def test_the_review_is_linked_with_its_time() -> None:
    view = blocks.review_modal(12)
    assert frame(view) == ("Link the review", "Link", "Cancel")
    assert labels(view) == [
        "When is it?",
        "Where is it booked? The address of the event or the document.",
    ]


def test_the_page_of_a_runbook_says_first_what_stops_the_harm() -> None:
    view = blocks.read_page(Story().run)
    assert frame(view) == ("Runbook 1", None, "Close")
    said = paragraphs(view)
    assert said[0] == (
        "*Fast lever*\nRestrict the surface or the category.\n"
        "*The question*\nCan an ordinary prompt reproduce it?"
    )
    assert [one.partition("\n")[0] for one in said[1:7]] == [
        "*Contain at once*",
        "*Do not*",
        "*Escalate if*",
        "*How it is detected*",
        "*Triage*",
        "*Tell people when*",
    ]
    assert said[-1].startswith(f"{HARM} 0.1.0 · sha256 ")


def test_the_end_of_an_incident_leaves_no_button() -> None:
    story = Story().did(
        (MARA, f.ReviewLinked(at=datetime(2026, 11, 30, 9, tzinfo=UTC), link="https://c.e"))
    )
    [part] = blocks.summary_parts(story.shown)
    assert "review not linked" not in part.content.text
    assert "Runbook" not in shown([one.to_dict() for one in part.buttons])
