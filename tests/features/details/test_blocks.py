"""What do people read of the harm, of what is known and of what is missing?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.facts import Words
from bot.core.facts.decisions import DecisionRecorded
from bot.core.facts.incidents import DetailsFilled, IncidentClosed, IncidentResolved
from bot.features.details import blocks
from bot.features.details.state import Details, missing
from tests.features.values import WHEN, as_shown, declared, states
from tests.screen import shown

STOPPED = datetime(2026, 11, 21, 2, 50, tzinfo=UTC)
FULL = DetailsFilled(
    harm="stopped",
    harm_stopped_at=STOPPED,
    family="safety",
    surface=Words("Web chat, EU"),
    seen=Words("Adult dose for a child"),
    first_output_at=datetime(2026, 11, 20, 22, 0, tzinfo=UTC),
    first_output_basis="log or trace",
    source="user",
    has_example=True,
    has_impact_path=True,
    is_worse_with_time=True,
    evidence=Words("Vault, case 7"),
    model_version=Words("2026-11-18"),
)


def _read(*facts: DetailsFilled) -> list[str]:
    parts = blocks.summary_parts(as_shown(declared(), *facts))
    return [shown(part.content.to_json()["blocks"]) for part in parts if part.content.blocks]


def test_the_summary_of_what_is_known() -> None:
    assert _read(FULL) == [
        "*Harm now: stopped (<!date^1795229400^{date_short_pretty} {time}|2026-11-21 02:50 UTC>)*",
        "*What was seen*\nAdult dose for a child\n*Where*\nWeb chat, EU\n"
        "*Model version*\n2026-11-18\n*Family*\nSafety: it can hurt people\n"
        "*Evidence*\nVault, case 7",
        "First bad output <!date^1795212000^{date_short_pretty} {time}|2026-11-20 22:00 UTC> "
        f"(log or trace) · aware since {WHEN} (declared) · reported by: a user",
    ]


@pytest.mark.parametrize("harm", ["unknown", "ongoing"])
def test_the_first_line_is_the_harm(harm: str) -> None:
    assert _read(DetailsFilled.model_validate({"harm": harm}))[0] == f"*Harm now: {harm}*"


def test_what_is_missing_shrinks_as_it_is_filled_in() -> None:
    gaps = [
        missing(states(declared(), *facts).of(Details))
        for facts in ((), (DetailsFilled(seen=Words("x"), family="safety"),), (FULL,))
    ]
    assert len(gaps[0]) == 10
    assert set(gaps[0]) - set(gaps[1]) == {"what was seen", "family"}
    assert gaps[2] == []


def test_a_title_without_words_is_missing_too() -> None:
    assert missing(states(declared(title=Words("🔥"))).of(Details))[0] == "a title in words"


def test_a_closed_incident_asks_for_nothing() -> None:
    ended = (IncidentResolved(reason=Words("gone")), IncidentClosed(reason=Words("done")))
    parts = blocks.summary_parts(as_shown(declared(), *ended))
    assert [button for part in parts for button in part.buttons] == []
    assert "missing" not in str([part.content.text for part in parts])


def test_long_words_are_cut_so_that_the_summary_fits_a_screen() -> None:
    filled = DetailsFilled(seen=Words("word " * 600))
    table = _read(filled)[1]
    assert table.startswith("*What was seen*\nword word")
    assert len(table) <= 260
    assert table.endswith("…")


def test_the_form_shows_what_is_known() -> None:
    case = as_shown(declared(), FULL)
    view = blocks.fill_in_modal(case).to_dict()
    by_id = {block["block_id"]: block["element"] for block in view["blocks"] if "element" in block}
    assert by_id["harm"]["initial_option"]["value"] == "stopped"
    assert by_id["harm_stopped_at"]["initial_date_time"] == int(STOPPED.timestamp())
    assert by_id["seen"]["initial_value"] == "Adult dose for a child"
    assert by_id["family"]["initial_option"]["value"] == "safety"
    assert len(by_id["bar"]["initial_options"]) == 3
    assert all(block.get("optional") for block in view["blocks"] if block["type"] == "input")


def test_what_is_only_talked_about_still_needs_a_decision() -> None:
    wanted = "a decision on mitigations, documentation and limits"
    narrative = DetailsFilled(family="narrative")
    assert wanted in missing(states(declared(), narrative).of(Details))
    decided = DecisionRecorded(number=1, text=Words("We name the limits"), rank=2)
    assert wanted not in missing(states(declared(), narrative, decided).of(Details))
    assert wanted not in missing(states(declared()).of(Details))
