"""What do people read from the first mitigation to the end?"""

from __future__ import annotations

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentReopened, IncidentResolved
from bot.core.facts.status import (
    IncidentCancelled,
    IncidentMerged,
    Mitigated,
    MonitoringStarted,
)
from bot.features.status import blocks
from tests.features.values import as_shown, declared, incident
from tests.screen import shown

RESOLVED = IncidentResolved(reason=Words("gone"))
CLOSED = IncidentClosed(reason=Words("done"))
MITIGATED = Mitigated(
    done=Words("Fallback is live"), exposed=Words("<nobody>"), measure=Words("0 of 50 probes")
)
MONITORING = MonitoringStarted(reason=Words("for a day"))
CANCELLED = IncidentCancelled(reason=Words("a bot"), detector_fix=Words("threshold"))


@pytest.mark.parametrize(
    ("after", "buttons"),
    [
        ((), ["Mitigated", "Resolve"]),
        ((MITIGATED,), ["Resolve"]),
        ((MITIGATED, MONITORING), ["Resolve"]),
        ((RESOLVED,), ["Close", "Reopen"]),
        ((RESOLVED, CLOSED), ["Reopen"]),
        ((CANCELLED,), ["Reopen"]),
        ((IncidentMerged(into=9),), ["Reopen"]),
        ((RESOLVED, CLOSED, IncidentReopened()), ["Mitigated", "Resolve"]),
    ],
)
def test_the_buttons_are_what_can_come_next(after: tuple[Fact, ...], buttons: list[str]) -> None:
    first = blocks.summary_parts(as_shown(declared(), *after))[0]
    assert [button.to_dict()["text"]["text"] for button in first.buttons] == buttons


@pytest.mark.parametrize("after", [(MITIGATED,), (MITIGATED, MONITORING)])
def test_the_summary_says_how_harm_is_held_off(after: tuple[Fact, ...]) -> None:
    [_, held] = blocks.summary_parts(as_shown(declared(), *after))
    assert held.content.text == (
        "Held off by: Fallback is live · still exposed: &lt;nobody&gt; · shown by: 0 of 50 probes."
    )
    again = blocks.summary_parts(as_shown(declared(), *after, IncidentResolved(reason=Words("x"))))
    assert len(again) == 1


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ((MITIGATED,), "INC-12 is mitigated."),
        ((MONITORING,), "INC-12 is being monitored."),
        ((RESOLVED,), "INC-12 is resolved."),
        ((RESOLVED, CLOSED), "INC-12 is closed."),
        ((CANCELLED,), "INC-12 is a false alarm."),
        ((RESOLVED, IncidentReopened()), "INC-12 is open again."),
    ],
)
def test_whoever_took_a_step_reads_what_follows(after: tuple[Fact, ...], says: str) -> None:
    told = blocks.done(incident(declared(), *after)).text
    assert told == f"{says} Summary, topic and announcement follow."


@pytest.mark.parametrize(
    ("step", "title", "asks"),
    [
        (
            "mitigated",
            "Harm is held off",
            "What was done?\nWho is still exposed?\nWhich measure shows that it works?",
        ),
        ("monitoring", "Start monitoring", "What is being watched, and until when?"),
        ("resolve", "Resolve the incident", "How did it end, and how do you know?"),
        ("close", "Close the incident", "Why is nothing left to do?"),
        ("reopen", "Reopen the incident", "Why is it not over?"),
        (
            "cancel",
            "Call it a false alarm",
            "How do you know that it was a false alarm?\n"
            "What is changed in the detector, and by whom?",
        ),
    ],
)
def test_the_form_asks_for_what_the_step_needs(step: blocks.Step, title: str, asks: str) -> None:
    view = blocks.step_modal(12, step).to_dict()
    assert view["title"]["text"] == title
    assert shown(view["blocks"]) == asks
    assert {one["optional"] for one in view["blocks"]} == {step == "reopen"}


def test_the_form_that_closes_lists_what_is_open_and_asks_why_it_may_be() -> None:
    view = blocks.step_modal(12, "close", {"reason": "done"}, ["Task 1", "Task 2"]).to_dict()
    assert shown(view["blocks"]) == (
        "*Still open:*\n• Task 1\n• Task 2\nWhy is nothing left to do?\nWhy can this stay open?"
    )
    assert view["blocks"][1]["element"]["initial_value"] == "done"
    many = blocks.step_modal(12, "close", left=[f"Task {n}" for n in range(20)]).to_dict()
    assert shown(many["blocks"][:1]).endswith("• Task 11\n• and 8 more")
