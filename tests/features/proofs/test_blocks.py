"""What do people read who add files to a step?"""

from __future__ import annotations

from typing import Any

from bot.core.evidence import Evidence
from bot.core.facts import Fact, Words
from bot.core.facts import runbooks as f
from bot.core.facts.evidence import FileMissed
from bot.core.messages import Keep
from bot.features.proofs import blocks
from runbooks.steps import FileUpload
from tests.features.evidence.values import awaited, preserved
from tests.features.runs import NOOR, Story
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
    assert said[-5:] == [
        "☐ Dashboards",
        "☐ Queries that were run",
        "☐ Redacted samples",
        "☐ Custody notes",
        "Of each kind there has to be a redacted copy. Text files are masked by the bot; of others "
        "say that they are redacted.",
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
