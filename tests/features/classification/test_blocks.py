"""What do people read of the class of a failure and of the impact checklist?"""

from __future__ import annotations

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.severity import Classified, ImpactAssessed
from bot.core.outcome import SummaryPart
from bot.features.classification import blocks
from bot.features.classification.state import Classification
from tests.features.values import POLICY, as_shown, declared, incident, states
from tests.screen import shown

CLASSIFIED = Classified(
    bucket="model",
    contributors=("data", "policy"),
    failure_mode="hallucination",
    intent="induced",
    effort=Words("ten <turns>"),
)
ASSESSED = ImpactAssessed(
    harmed=Words("<patients>"),
    how_many=Words("20 to 50"),
    harm_kinds=("physical", "psychological"),
    loss="under_10k",
    data_types=("health",),
    jurisdictions=Words("DE, AT"),
    legal_exposure=Words("GDPR"),
    promises=Words("a call back"),
)


def _known(*facts: Fact) -> Classification:
    return states(declared(), *facts).of(Classification)


def _parts(*facts: Fact) -> dict[int, SummaryPart]:
    return {part.place: part for part in blocks.summary_parts(as_shown(declared(), *facts))}


def _buttons(part: SummaryPart) -> list[str]:
    return [one.to_dict()["text"]["text"] for one in part.buttons]


def test_the_form_asks_for_the_class_and_keeps_effort_out_of_the_severity() -> None:
    view = blocks.classify_modal(incident(declared()), _known(), POLICY).to_dict()
    by_id = {one["block_id"]: one for one in view["blocks"] if one["type"] == "input"}
    assert [one["label"]["text"] for one in by_id.values()] == [
        "Primary bucket",
        "What else contributes?",
        "How does it fail?",
        "Induced or accidental?",
        "How much effort does it take to trigger?",
    ]
    assert all(one["optional"] for one in by_id.values())
    assert "*Data*  training or retrieval data" in shown(view["blocks"])
    assert "Effort is for the record; it never lowers the severity." in shown(view["blocks"])


def test_the_form_shows_what_is_known_and_asks_why_it_changes() -> None:
    view = blocks.classify_modal(incident(declared()), _known(CLASSIFIED), POLICY).to_dict()
    by_id = {one["block_id"]: one for one in view["blocks"] if one["type"] == "input"}
    assert by_id["bucket"]["element"]["initial_option"]["value"] == "model"
    ticked = [one["value"] for one in by_id["contributors"]["element"]["initial_options"]]
    assert ticked == ["data", "policy"]
    assert by_id["reason"]["label"]["text"] == "Why does it change?"


def test_the_checklist_has_eight_questions_and_none_is_an_answer() -> None:
    view = blocks.impact_modal(incident(declared()), _known(ASSESSED), POLICY).to_dict()
    by_id = {one["block_id"]: one for one in view["blocks"] if one["type"] == "input"}
    assert [one["label"]["text"] for one in by_id.values()] == [
        "Who is harmed?",
        "How many? A number or a range",
        "Which kinds of harm?",
        "Financial loss so far",
        "Which data is affected?",
        "Which jurisdictions?",
        "Legal or regulatory exposure?",
        "Which promises were made?",
    ]
    assert by_id["harm_kinds"]["element"]["options"][-1]["text"]["text"] == "None known"
    data = [one["text"]["text"] for one in by_id["data_types"]["element"]["options"]]
    assert data.count("No personal data") == 1
    assert "None known" not in data
    assert by_id["how_many"]["element"]["initial_value"] == "20 to 50"


def test_a_failure_mode_answers_with_what_to_do_first_and_what_to_find_out() -> None:
    chosen = blocks.mode(_known(CLASSIFIED), POLICY)
    assert chosen is not None
    page = blocks.advice(chosen).to_dict()
    assert page["title"]["text"] == "Hallucination"
    assert shown(page["blocks"]) == (
        "*Do first:* Switch the surface to answers from approved sources only, and flush the "
        "cache.\n"
        "*Find out:* Was the right source retrieved, and did the answer contradict it?"
    )


def test_every_failure_mode_of_the_policy_fits_a_page() -> None:
    for one in POLICY.classification.failure_modes:
        assert len(blocks.advice(one).to_dict()["title"]["text"]) <= 24


def test_the_summary_says_the_class_and_what_to_do_first() -> None:
    parts = _parts(CLASSIFIED)
    assert parts[17].content.text == (
        "Class: Model (also Data, Policy) · Hallucination · induced, effort: ten &lt;turns&gt;\n"
        "First: Switch the surface to answers from approved sources only, and flush the cache. "
        "Find out: Was the right source retrieved, and did the answer contradict it?"
    )


def test_the_summary_says_whom_it_hits() -> None:
    assert _parts(ASSESSED)[18].content.text == (
        "Checklist: harmed: &lt;patients&gt; · how many: 20 to 50 · harm: Physical, Psychological "
        "· loss: under 10,000 · data: Health · where: DE, AT · exposure: GDPR · "
        "promised: a call back."
    )


def test_what_is_lacking_is_a_gap_and_the_button_leads_to_the_next_form() -> None:
    part = _parts()[92]
    assert part.gaps == ("no bucket", "impact checklist open (0 of 8)")
    assert _buttons(part) == ["Classify"]
    part = _parts(CLASSIFIED, ImpactAssessed(harmed=Words("a"), loss="nothing", harm_kinds=()))[92]
    assert part.gaps == ("impact checklist open (2 of 8)",)
    assert _buttons(part) == ["Impact"]
    part = _parts(CLASSIFIED, ASSESSED)[92]
    assert part.gaps == ()
    assert _buttons(part) == ["Classify"]


def test_what_is_over_shows_its_class_and_asks_for_nothing() -> None:
    assert set(_parts(CLASSIFIED, ASSESSED, IncidentClosed(reason=Words("x")))) == {17, 18}
    assert _parts(IncidentClosed(reason=Words("x"))) == {}


def test_what_a_later_policy_dropped_is_shown_as_it_was_recorded() -> None:
    parts = _parts(Classified(bucket="gremlins", failure_mode="boredom"))
    assert parts[17].content.text == "Class: gremlins."
