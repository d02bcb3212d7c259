"""What do people read when an incident ends or begins again?"""

from __future__ import annotations

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentReopened, IncidentResolved
from bot.features.status import blocks
from tests.features.values import as_shown, declared, incident

RESOLVED = IncidentResolved(reason=Words("gone"))
CLOSED = IncidentClosed(reason=Words("done"))


@pytest.mark.parametrize(
    ("after", "buttons"),
    [
        ((), ["Resolve"]),
        ((RESOLVED,), ["Close", "Reopen"]),
        ((RESOLVED, CLOSED), ["Reopen"]),
        ((RESOLVED, CLOSED, IncidentReopened()), ["Resolve"]),
    ],
)
def test_the_buttons_are_what_can_come_next(after: tuple[Fact, ...], buttons: list[str]) -> None:
    [part] = blocks.summary_parts(as_shown(declared(), *after))
    assert [button.to_dict()["text"]["text"] for button in part.buttons] == buttons


def test_whoever_ended_it_reads_what_follows() -> None:
    assert blocks.done(incident(declared(), RESOLVED)).text == (
        "INC-12 is resolved. Summary, topic and announcement follow."
    )
    assert blocks.done(incident(declared(), RESOLVED, IncidentReopened())).text == (
        "INC-12 is open again. Summary, topic and announcement follow."
    )


@pytest.mark.parametrize(
    ("step", "title", "asks", "is_optional"),
    [
        ("resolve", "Resolve the incident", "How did it end, and how do you know?", False),
        ("close", "Close the incident", "Why is nothing left to do?", False),
        ("reopen", "Reopen the incident", "Why is it not over?", True),
    ],
)
def test_the_form_asks_for_the_reason_alone(
    step: blocks.Step, title: str, asks: str, is_optional: bool
) -> None:
    view = blocks.reason_modal(12, step).to_dict()
    [reason] = view["blocks"]
    assert view["title"]["text"] == title
    assert reason["label"]["text"] == asks
    assert reason["optional"] is is_optional
