"""What do people read who add files to a step?"""

from __future__ import annotations

from typing import Any

from bot.core.evidence import Evidence
from bot.core.facts import Fact, Words
from bot.core.facts import runbooks as f
from bot.core.facts.evidence import FileMissed, FileTaken
from bot.core.messages import Keep
from bot.features.proofs import blocks
from runbooks.steps import FileUpload
from tests.features.evidence.values import SHA256, awaited, preserved
from tests.features.runs import NOOR, Story
from tests.features.values import NOW
from tests.features.wording import HOSTILE, form, frame, heard, labels
from tests.features.wording import words as paragraphs


def story(*facts: Fact) -> Story:
    """The third step of the source runbook is active; after these facts of Noor's."""
    return Story().done(1, 2).did(*((NOOR, one) for one in facts))


def tied(kind: str, *numbers: int) -> f.ProofAdded:
    return f.ProofAdded(run=1, step=3, kind=kind, numbers=numbers)


def modal(one: Story) -> Any:  # noqa: ANN401 (a view)
    """The form, for Noor who sees everything."""
    step = one.run.steps[2]
    assert isinstance(step.what, FileUpload)
    items = one.shown.states.of(Evidence).all
    return blocks.add_modal(one.shown, one.run, step, step.what, (NOOR, items))


def test_the_form_says_what_is_asked_for_and_takes_files_of_one_kind() -> None:
    view = modal(story())
    assert frame(view) == ("Step 3", "Add", "Cancel")
    asked = labels(view)
    assert asked[0] == "(Files)"
    assert asked[-5:] == [
        "How far may it go?",
        "(Is it redacted?)",
        "Who answers for it?",
        "(Custody: who took it, from where and when)",
        "(Is it all?)",
    ]
    said = paragraphs(view)
    assert said[0] == "*3. Attach primary evidence*"
    assert said[-5:-1] == [
        "☐ Dashboards",
        "☐ Queries that were run",
        "☐ Redacted samples",
        "☐ Custody notes",
    ]


def test_each_kind_is_ticked_off_once_it_is_there_and_says_what_is_on_its_way() -> None:
    one = story(
        preserved(1), awaited(2), awaited(3), FileMissed(number=3, reason=Words("It is empty.")),
        tied("dashboards", 1), tied("queries", 2), tied("samples", 3),
    )  # fmt: skip
    assert paragraphs(modal(one))[-5:-1] == [
        "✓ Dashboards: E-1",
        "☐ Queries that were run: E-2 is being fetched",
        "☐ Redacted samples: E-3 did not come",
        "☐ Custody notes",
    ]
    [kept] = blocks.slots(one.shown)
    assert isinstance(kept, Keep)
    assert (kept.slot, kept.thread) == ("step/12/1/3/proof", "step/12/1/3")
    assert heard(kept.content).splitlines() == paragraphs(modal(one))[-5:-1]


def thread(one: Story) -> list[str]:
    """The lines under the files in the thread."""
    [kept] = blocks.slots(one.shown)
    assert isinstance(kept, Keep)
    return heard(kept.content).splitlines()


def picture(number: int) -> tuple[Fact, Fact]:
    """A file whose bytes are there and that the bot cannot mask."""
    taken = FileTaken(number=number, sha256=SHA256, size_bytes=9, taken_at=NOW)
    return awaited(number), taken


def test_the_thread_says_what_to_do_with_what_is_not_redacted() -> None:
    lines = thread(story(*picture(1), tied("dashboards", 1)))
    assert lines[0] == "☐ Dashboards: E-1 (not redacted)"
    assert lines[-1] == (
        "Dashboards: press Add files, then add a redacted copy; or, where nothing has to be "
        "masked, choose E-1 and tick that it is redacted."
    )


def test_once_every_kind_is_there_the_thread_says_how_to_end_the_step() -> None:
    kinds = ("dashboards", "queries", "samples", "custody")
    facts = [one for number, kind in enumerate(kinds, 1)
             for one in (preserved(number), tied(kind, number))]  # fmt: skip
    end = "All that is asked for is there. To end the step, press Add files and tick All is here."
    assert thread(story(*facts))[-1] == end
    assert end not in thread(story(*facts[:-2]))
    assert end not in thread(story(*facts, f.StepDone(run=1, step=3)))


def test_what_is_in_the_vault_can_be_chosen_by_its_name() -> None:
    long = preserved(2, name=Words(HOSTILE[:300]))
    view = form(modal(story(preserved(1), long)))
    [items] = [one for one in view["blocks"] if one.get("block_id") == "items"]
    options = [one["text"]["text"] for one in items["element"]["options"]]
    assert options[0] == "E-1 Take <4> g"
    assert len(options[1]) == 75
    assert options[1].endswith("…")


def test_a_hundred_items_of_three_hundred_can_be_chosen_the_newest() -> None:
    view = form(modal(story(*(preserved(number) for number in range(1, 301)))))
    [items] = [one for one in view["blocks"] if one.get("block_id") == "items"]
    options = items["element"]["options"]
    assert [options[0]["value"], options[-1]["value"], len(options)] == ["201", "300", 100]


def test_before_anything_is_there_the_thread_says_nothing() -> None:
    assert blocks.slots(story().shown) == []
