"""How do the parts of the features become one message?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.core import blockkit, summary
from bot.core.facts.status import MadePrivate
from bot.core.incident import Incident
from bot.core.messages import SUMMARY, Content, Keep
from bot.core.outcome import Shown, SummaryPart
from tests.features.values import WHEN, as_shown, declared
from tests.screen import shown


def _part(place: int, words: str, **more: Any) -> SummaryPart:  # noqa: ANN401
    return SummaryPart(place, Content(f"{words}.", (blockkit.context(words),)), **more)


def _rendered(told: Shown, *parts: SummaryPart) -> Keep:
    (kept,) = summary.render([lambda _: parts[1:], lambda _: parts[:1]], told)
    assert isinstance(kept, Keep)
    return kept


def _read(kept: Keep) -> str:
    return shown([one.to_dict() for one in kept.content.blocks])


def test_parts_stand_in_the_order_of_their_places_and_end_with_the_time() -> None:
    kept = _rendered(as_shown(declared()), _part(10, "Severity"), _part(40, "Decisions"))
    assert _read(kept) == f"Severity\nDecisions\nAs of {WHEN}"
    assert kept.content.text == f"Severity. Decisions. As of {WHEN}."
    assert (kept.slot, kept.to, kept.urgency) == ("summary/12", "room/12", SUMMARY)


def test_the_gaps_of_all_parts_are_one_line_before_the_bridge() -> None:
    kept = _rendered(
        as_shown(declared()),
        _part(10, "Severity", gaps=("no bucket",)),
        _part(85, "Bridge"),
        SummaryPart(12, gaps=("*nobody is IC*", "4 owners")),
    )
    assert _read(kept).splitlines() == [
        "Severity",
        "*Gaps:* no bucket · *nobody is IC* · 4 owners",
        "Bridge",
        f"As of {WHEN}",
    ]
    assert kept.content.text == (
        f"Severity. Gaps: no bucket · nobody is IC · 4 owners. Bridge. As of {WHEN}."
    )


def test_the_buttons_of_all_parts_share_one_row() -> None:
    buttons = [blockkit.button(f"b{one}", f"Button {one}") for one in range(3)]
    kept = _rendered(
        as_shown(declared()),
        _part(90, "Last", buttons=(buttons[2],)),
        _part(10, "First", buttons=(buttons[0], buttons[1])),
    )
    rows = [one.to_dict() for one in kept.content.blocks if one.type == "actions"]
    assert [[one["action_id"] for one in row["elements"]] for row in rows] == [["b0", "b1", "b2"]]


def test_it_moves_with_the_incident_into_the_private_room() -> None:
    kept = _rendered(as_shown(declared(), MadePrivate()), _part(10, "Severity"))
    assert (kept.slot, kept.to) == ("summary/12/private", "room/12/private")


def test_before_the_first_fact_it_is_as_of_no_time() -> None:
    kept = _rendered(replace(as_shown(declared()), incident=Incident(12)), _part(10, "Nothing"))
    assert _read(kept) == "Nothing"
    assert kept.content.blocks[-1].type == "context"
