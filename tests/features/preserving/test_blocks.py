"""What does somebody read who preserves something?"""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.core.facts import Words
from bot.features.preserving import blocks
from tests.features.evidence.values import SHA256
from tests.features.values import POLICY, declared, incident
from tests.features.wording import HOSTILE, form, frame, labels
from tests.features.wording import words as paragraphs

USUAL = [
    "What is it?",
    "How far may it go?",
    "Who answers for it?",
    "(Note)",
    "(How can those it concerns be reached?)",
]
TYPED = "jane@clinic.example was told to take <4> g"


def modal(text: str = "", *, is_link: bool = False, **files: str) -> View:
    """The form that Mara gets."""
    about = {"by": "UMARA", "is_link": is_link}
    return blocks.preserve_modal(about, POLICY, text, files, ())


def test_what_was_found_is_masked_before_it_is_kept_and_left_in_on_purpose_alone() -> None:
    view = modal(TYPED)
    assert frame(view) == ("Preserve as evidence", "Preserve", "Cancel")
    assert paragraphs(view) == [
        "*What those in the room may read*\n[e-mail address 1] was told to take &lt;4&gt; g"
    ]
    assert labels(view) == ["(Found an e-mail address)", *USUAL, "What is kept?"]
    found = form(view)["blocks"][1]
    [option] = found["element"]["options"]
    assert option["text"]["text"] == "Leave each e-mail address in"
    assert "initial_options" not in found["element"]


def test_words_in_which_nothing_was_found_ask_nothing_about_it() -> None:
    assert labels(modal("Take 4 g")) == [*USUAL, "What is kept?"]


def test_files_are_named_and_all_ticked() -> None:
    view = form(modal(F1=HOSTILE[:300], F2="b.txt"))
    files = view["blocks"][0]
    assert files["label"]["text"] == "Files"
    assert len(files["element"]["initial_options"]) == 2
    assert len(files["element"]["options"][0]["text"]["text"]) == 75


def test_whoever_preserves_a_link_reads_that_it_is_fetched() -> None:
    assert (
        "What it leads to is fetched once, without signing in, and kept with its SHA-256. Do not "
        "preserve a link that does something when it is opened."
    ) in paragraphs(modal("https://x.example", is_link=True))


def test_outside_a_room_the_incident_is_chosen() -> None:
    choices = [incident(declared(title=Words(HOSTILE[:300])))]
    view = blocks.preserve_modal({"by": "UMARA"}, POLICY, "x", {}, choices)
    assert labels(view)[0] == "Which incident?"
    [option] = form(view)["blocks"][0]["element"]["options"]
    assert option["text"]["text"].startswith("INC-12 &<>")


def test_the_longest_message_fits_with_everything_that_is_found_in_it() -> None:
    form(modal(HOSTILE))
    form(modal("a@b.example 4111 1111 1111 1111 " * 80))


def test_whoever_preserved_it_reads_its_number_and_hash() -> None:
    assert blocks.taken([(1, SHA256)]) == f"E-1 is kept, SHA-256 {SHA256}."
    assert blocks.taken([(1, SHA256), (2, None), (3, None)], is_snapped=True) == (
        f"E-1 is kept, SHA-256 {SHA256}.\nE-2, E-3: being fetched; you are told if it fails.\n"
        "What the link leads to is being fetched; you are told if it fails."
    )
