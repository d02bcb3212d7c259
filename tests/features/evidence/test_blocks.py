"""Do the list, the page and the summary say what they should, and no more?"""

from __future__ import annotations

from bot.core.evidence import Evidence, Item
from bot.core.facts import Fact, Words
from bot.core.facts.evidence import EvidenceErased, FileMissed, HoldPlaced
from bot.features.evidence import blocks
from tests.features.evidence.values import LINK, SHA256, awaited, preserved
from tests.features.values import WHEN, as_shown, declared
from tests.features.wording import HOSTILE, form, heard
from tests.screen import shown

LISTED = f"""\
Evidence of INC-12, newest first (2).
E-2 trace.json (being fetched)
Trace · TLP:AMBER · <@UMARA> answers for it · {WHEN}
E-1 Take &lt;4&gt; g
Statement · TLP:AMBER · 1,234 bytes · <@UMARA> answers for it · {WHEN} · <{LINK}|source>
SHA-256 {SHA256}
Still to preserve: Prompt and response. The exact prompt and response, who saw it, the model and \
version, and the route it took.
Still to preserve: Configuration. Flag states, rollout percentage, safety settings and model \
bundle as they were.
Still to preserve: Logs. For each request: model, prompt template, safety settings, retrieval, \
tools, post-processor. Ask for a longer log rotation now."""


def items(*facts: Fact) -> tuple[Item, ...]:
    return as_shown(declared(), *facts).states.of(Evidence).all


def test_the_list_says_what_is_there_and_what_is_missing() -> None:
    facts = (preserved(permalink=LINK), awaited(2))
    content = blocks.listed(as_shown(declared(), *facts), items(*facts))
    assert content.text == LISTED
    told = content.to_json()["blocks"]
    assert "Open E-2" in shown(told)
    assert f"SHA-256 `{SHA256}`" in shown(told)
    assert len(told) <= 50


def test_a_page_has_eight_and_a_button_to_older_ones() -> None:
    facts = tuple(preserved(number) for number in range(1, 12))
    first = shown(blocks.listed(as_shown(declared(), *facts), items(*facts)).to_json()["blocks"])
    assert "*E-11*" in first
    assert "*E-3*" not in first
    assert "Older evidence" in first
    last = blocks.listed(as_shown(declared(), *facts), items(*facts), 9)
    assert "E-1 " in last.text
    assert "Older evidence" not in shown(last.to_json()["blocks"])


def test_without_evidence_it_says_how_to_begin() -> None:
    said = blocks.listed(as_shown(declared()), ()).text
    assert said.startswith(
        "INC-12 has no evidence that you may see yet. Choose Preserve as evidence in a message's "
        "menu, or `/incident evidence add`."
    )


def test_the_page_shows_labels_words_and_custody_but_what_may_harm_waits() -> None:
    shown_of = as_shown(declared(), preserved(kind="exchange", note=Words("v4.1")))
    [one] = items(preserved(kind="exchange", note=Words("v4.1")))
    page = blocks.page(shown_of, one).to_dict()
    said = shown(page["blocks"])
    assert "Note: v4.1" in said
    assert f"{WHEN} <@UMARA> preserved E-1 (Prompt and response, TLP:AMBER)" in said
    assert "Show what it says" in said
    assert "*E-1* words behind a warning" in said
    assert "Take" not in said
    told = shown(blocks.page(shown_of, one, blocks.Page(is_told=True)).to_dict()["blocks"])
    assert told.count("Take") == 2


def test_what_was_erased_offers_nothing_but_its_story() -> None:
    erased = EvidenceErased(number=1, reason=Words("asked for"))
    facts = (preserved(), erased)
    page = blocks.page(as_shown(declared(), *facts), items(*facts)[0])
    said = shown(page.to_dict()["blocks"])
    assert "erased: asked for" in said
    assert "Open the original" not in said
    assert "Erase" not in said
    assert SHA256 in said


def test_a_file_that_could_not_be_had_says_why() -> None:
    facts = (awaited(), FileMissed(number=1, reason=Words("It is empty, 0 bytes.")))
    page = blocks.page(as_shown(declared(), *facts), items(*facts)[0])
    assert "not kept: It is empty, 0 bytes." in shown(page.to_dict()["blocks"])


def test_the_summary_counts_and_tells_of_a_hold() -> None:
    assert blocks.summary_parts(as_shown(declared())) == []
    facts = (preserved(), awaited(2), HoldPlaced(reason=Words("regulator")))
    [part] = blocks.summary_parts(as_shown(declared(), *facts))
    assert part.content.text == (
        "Evidence: 1 kept, 1 being fetched · `/incident evidence`\n"
        "Legal hold: delete no log, message or file of this incident."
    )
    [part] = blocks.summary_parts(as_shown(declared(), preserved(source="pasted")))
    assert part.gaps == ("pasted data still in Slack: E-1",)


def test_the_longest_names_notes_and_custody_fit() -> None:
    long = Words(HOSTILE)
    facts = tuple(
        preserved(number, name=long, note=long, contact=long, working=long, permalink=LINK)
        for number in range(1, 9)
    )
    whole = as_shown(declared(), *facts)
    heard(blocks.listed(whole, items(*facts)))
    form(blocks.page(whole, items(*facts)[0], blocks.Page(is_told=True)))
    form(blocks.original(whole.incident, items(*facts)[0], HOSTILE * 30))
    form(blocks.warning(whole.incident, items(*facts)[0], "evidence_show"))
