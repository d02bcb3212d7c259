"""What does somebody read who asks what there is?"""

from __future__ import annotations

from bot.features.finding import blocks
from bot.sandbox.blockkit import check_message
from tests.screen import shown, text_objects


def test_the_menu_leads_to_the_three_things_people_need() -> None:
    menu = blocks.menu("/incident")
    assert menu.text == (
        "warroom. Declare an incident with `/incident declare what happened`, see the open ones "
        "with `/incident list`, or read `/incident help`."
    )
    assert shown(menu.to_json()["blocks"]) == (
        "What do you need?\nDeclare an incident\nOpen incidents\nHelp"
    )


def test_the_help_has_a_line_for_each_verb() -> None:
    page = blocks.help_page("/oops", [("declare what", "opens a room"), ("list", "open ones")])
    assert page.text == "`/oops declare what`  opens a room\n`/oops list`  open ones"
    assert shown(page.to_json()["blocks"]) == page.text


def test_the_help_fits_a_message_under_a_long_command_with_many_verbs() -> None:
    verbs = [(f"verb{number} @someone words", "x" * 60) for number in range(60)]
    page = blocks.help_page("/incidents-of-the-whole-house", verbs)
    told = check_message(page.to_json()["blocks"])
    assert shown(told) == page.text
    assert page.text.count("\n") == 59


def test_the_list_says_what_is_open_and_how_much_more() -> None:
    lines = [("INC-2 · SEV1", "A <b> & *c*"), ("INC-1 · SEV2", None)]
    page = blocks.incident_list(lines, hidden=3)
    assert page.text == (
        "INC-2 · SEV1: A &lt;b&gt; &amp; *c*\n"
        "INC-1 · SEV2: The title is kept in the room.\n"
        "and 3 more"
    )
    assert text_objects(page.to_json()["blocks"], "plain_text") == [
        "A <b> & *c*",
        "The title is kept in the room.",
    ]


def test_an_empty_list_says_so() -> None:
    page = blocks.incident_list([], hidden=0)
    assert page.text == "No incident is open."
    assert shown(page.to_json()["blocks"]) == "No incident is open."
