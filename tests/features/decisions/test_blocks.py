"""How do decisions read?"""

from __future__ import annotations

import pytest

from bot.core.facts import Fact, Words
from bot.core.facts.decisions import DecisionAmended, DecisionRecorded, DecisionReversed
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.status import MadePrivate
from bot.core.messages import Keep
from bot.features.decisions import blocks
from tests.features.values import WHEN, as_shown, declared
from tests.screen import shown as read

RECORD = DecisionRecorded(
    number=1,
    text=Words("We roll back <!channel>"),
    severity="SEV1",
    rank=1,
    permalink="https://slack.test/p12",
)
REVERSED = DecisionReversed(number=1, why=Words("It is worse"))


def keeps(*facts: Fact) -> dict[str, str]:
    """The text of each slot."""
    slots = blocks.slots(as_shown(declared(), *facts))
    return {one.slot: one.content.text for one in slots if isinstance(one, Keep)}


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (
            (RECORD,),
            "Decision 1: We roll back &lt;!channel&gt; · <https://slack.test/p12|the message>",
        ),
        (
            (RECORD, REVERSED),
            "Decision 1 (reversed): We roll back &lt;!channel&gt;\n"
            "Reversed because: It is worse · <https://slack.test/p12|the message>",
        ),
        (
            (RECORD, DecisionAmended(number=1, decider="UIDRIS", decider_role="technical")),
            "Decision 1 (amended): We roll back &lt;!channel&gt; – by Technical Lead · "
            "<https://slack.test/p12|the message>",
        ),
    ],
)
def test_the_room_reads_one_line(facts: tuple[Fact, ...], line: str) -> None:
    assert keeps(*facts)["decisions/12/log"] == f"Decisions so far, newest first.\n{line}"


def test_later_decisions_are_edits_and_name_who_decided() -> None:
    amended = DecisionAmended(number=1, decider="UIDRIS")
    second = RECORD.model_copy(update={"number": 2, "text": Words("We wait"), "permalink": None})
    assert keeps(RECORD, amended, second)["decisions/12/log"] == (
        "Decisions so far, newest first.\nDecision 2: We wait\n"
        "Decision 1 (amended): We roll back &lt;!channel&gt; – by <@UIDRIS> · "
        "<https://slack.test/p12|the message>"
    )


def test_however_many_there_are_the_room_has_one_message_with_the_last_twenty() -> None:
    records = [
        RECORD.model_copy(update={"number": number, "text": Words("&" * 3000)})
        for number in range(1, 23)
    ]
    reversals = [DecisionReversed(number=one, why=Words("<" * 3000)) for one in range(1, 23)]
    slots = blocks.slots(as_shown(declared(), *records, *reversals))
    [log] = [one for one in slots if isinstance(one, Keep) and one.to == "room/12"]
    log.content.to_json()  # raises where Slack would refuse
    said = log.content.text
    assert said.startswith("Decisions so far, newest first (2 older: `/incident decisions`).")
    assert said.count("\nDecision ") == 20
    assert len(said) < 13_000


def test_words_that_grow_when_escaped_fit_all_the_same() -> None:
    hostile = RECORD.model_copy(update={"text": Words("&" * 3000)})
    facts = (declared(), hostile, DecisionReversed(number=1, why=Words("<" * 3000)))
    for message in blocks.slots(as_shown(*facts)):
        assert isinstance(message, Keep)
        message.content.to_json()  # raises where Slack would refuse
    shown_list = blocks.listed(as_shown(*facts))
    assert len(shown_list.to_json()["text"]) < 3000


def test_the_line_of_a_public_room_stays_behind_when_it_is_made_private() -> None:
    private = MadePrivate(reason=Words("press"))
    assert "decisions/12/log" not in keeps(RECORD, private)
    assert "decisions/12/log/private" not in keeps(RECORD, private)
    after = keeps(RECORD, private, REVERSED)
    assert "decisions/12/log" not in after
    assert "\nDecision 1 (reversed): We roll back" in after["decisions/12/log/private"]


def test_reasons_are_asked_of_whoever_is_scribe_now() -> None:
    asked = keeps(RECORD)["decisions/12/asked/UMARA"]
    assert asked == (
        "INC-12: decisions without a reason. Say why, while people still know: "
        "1. We roll back &lt;!channel&gt;."
    )
    scribe = RoleAccepted(role="scribe", person="UJUN")
    after = keeps(RECORD, scribe)
    assert after["decisions/12/asked/UJUN"] == asked
    assert after["decisions/12/asked/UMARA"] == (
        "INC-12: nothing about its decisions is asked of you now."
    )


def test_the_list_shows_the_newest_first_with_what_became_of_them() -> None:
    second = RECORD.model_copy(update={"number": 2, "text": Words("We wait"), "permalink": None})
    facts = (declared(), RECORD, REVERSED, second)
    told = blocks.listed(as_shown(*facts))
    assert told.text == (
        "Decisions of INC-12, newest first (2).\n"
        f"*Decision 2* · {WHEN} · SEV1 · recorded by <@UMARA>\nWe wait\n"
        f"*Decision 1* (reversed) · {WHEN} · SEV1 · recorded by <@UMARA>\n"
        "We roll back &lt;!channel&gt;\nReversed because: It is worse · "
        "<https://slack.test/p12|the message>"
    )


def test_a_long_list_is_paged() -> None:
    records = [RECORD.model_copy(update={"number": number}) for number in range(1, 11)]
    facts = (declared(), *records)
    first = blocks.listed(as_shown(*facts))
    last = blocks.listed(as_shown(*facts), 1)
    assert "Older decisions" in read(first.to_json()["blocks"])
    assert last.text.count("*Decision") == 2
    assert "Older decisions" not in read(last.to_json()["blocks"])


def test_the_summary_has_the_last_three_and_says_how_many_lack_a_reason() -> None:
    records = [RECORD.model_copy(update={"number": number}) for number in range(1, 5)]
    [part] = blocks.summary_parts(as_shown(declared(), *records))
    assert "1. We" not in part.content.text
    assert part.content.text.startswith("Last decisions: 4. We roll back &lt;!channel&gt; · <http")
    assert part.gaps == ("decisions without a reason: 4",)


def test_without_decisions_the_list_says_how_to_record_one() -> None:
    assert blocks.summary_parts(as_shown(declared())) == []
    told = blocks.listed(as_shown(declared()))
    assert told.text == (
        "INC-12 has no decisions yet. Record one with `/incident decision` or from a message's "
        "menu."
    )


@pytest.mark.parametrize(
    ("deciders", "gap"), [(2, ()), (3, ("4 people decide: agree on who owns this",))]
)
def test_more_than_three_who_decide_are_a_gap(deciders: int, gap: tuple[str, ...]) -> None:
    records = [
        RECORD.model_copy(update={"number": number, "decider": f"U{number}", "why": Words("x")})
        for number in range(1, deciders + 1)
    ]
    [part] = blocks.summary_parts(as_shown(declared(), *records))
    assert part.gaps == gap
