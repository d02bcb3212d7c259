"""How do words made for Slack read in a terminal?"""

from __future__ import annotations

import pytest

from bot.core.plain import people_in, plain, typed_here

NAMES = {"U0ONCALL": "mara"}


@pytest.mark.parametrize(
    ("mrkdwn", "said"),
    [
        ("<@U0ONCALL> asked <@U0COMMS|jun>", "@mara asked @U0COMMS"),
        ("<!subteam^S1|@oncall> and <!subteam^S2>", "@oncall and @S2"),
        ("see <#C0GENERAL> and <#C1|legal>", "see #C0GENERAL and #legal"),
        ("goes on in <#\ue000room/1/private\ue000>", "goes on in its room"),
        ("<https://a.example/?b=1&amp;c=2|the graph>", "the graph (https://a.example/?b=1&c=2)"),
        ("<https://a.example>", "https://a.example"),
        ("due <!date^1772355600^{time}|2026-03-01 09:00 UTC>", "due 2026-03-01 10:00 CET"),
        ("it was *bold*, 2*3*4 &lt;b&gt; &amp;lt;", "it was *bold*, 2*3*4 <b> &lt;"),
        ("red\x1b[31m \x9b31m line\nnext", "red[31m 31m line\nnext"),
    ],
)
def test_it_reads_without_markup_and_without_what_a_terminal_obeys(mrkdwn: str, said: str) -> None:
    assert plain(mrkdwn, NAMES, "Europe/Stockholm") == said


def test_a_zone_this_machine_does_not_know_is_told_as_utc() -> None:
    told = plain("<!date^1772355600^{time}|then>", {}, "Mars/Olympus")
    assert told == "2026-03-01 09:00 UTC"


def test_those_who_are_mentioned_are_found() -> None:
    assert people_in("<@U0ONCALL> and <@U0COMMS|jun>, not @U1") == {"U0ONCALL", "U0COMMS"}


@pytest.mark.parametrize(
    ("sentence", "here"),
    [
        ("`/incident note 03:40 It began`", "`warroom note INC-7 03:40 It began`"),
        ("`/incident take ic`", "`warroom role INC-7 take ic`"),
        ("`/incident decision INC-2 words`", "`warroom decide INC-2 words`"),
        ("`/incident timeline notes` shows", "`warroom timeline INC-7 notes` shows"),
        ("`/incident list`", "`warroom list`"),
        ("`/incident decisions` lists them", "`/incident decisions` lists them"),
        ("`/incident handoff ic @someone`", "`/incident handoff ic @someone`"),
    ],
)
def test_what_to_type_is_told_as_one_types_it_here(sentence: str, here: str) -> None:
    assert typed_here(sentence, "/incident", 7) == here
