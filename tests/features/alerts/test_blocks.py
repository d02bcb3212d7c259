"""How do alerts look and read?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.alerts import Alert
from bot.core.blockkit import FIELD_CHARS, when
from bot.core.facts import Fact, Words
from bot.core.facts.people import AlertTaken
from bot.core.facts.status import MadePrivate
from bot.core.messages import SOON, Keep
from bot.features.alerts import blocks
from bot.sandbox.blockkit import check_message
from tests.features.values import NOW, WHEN, as_shown, context, declared, told
from tests.screen import shown, text_objects

LINK = "https://grafana.test/d?a=1&b=2"
ALERT = Alert("alert one", "<!channel> & co", "<b> & grafana", "warning", "f1", LINK, 1)
TAKEN = AlertTaken(
    alert="alert one",
    source="<b> & grafana",
    title=Words("<!channel> & co"),
    fingerprint="f1",
    link=LINK,
    is_first=True,
    was_proposed=True,
    proposal=1,
)
PROPOSED = AlertTaken(
    alert="alert two",
    source="probe",
    title=Words("Refusals dropped"),
    fingerprint="f2",
    is_first=False,
)
ESCAPED = "&lt;!channel&gt; &amp; co"
SOURCE = "&lt;b&gt; &amp; grafana"


def _kept(*facts: Fact, announces: bool = True) -> list[Keep]:
    told = blocks.slots(as_shown(declared(), *facts, announces=announces))
    return [one for one in told if isinstance(one, Keep)]


def _carried(kept: Keep) -> dict[str, object]:
    row = kept.content.to_json()["blocks"][-1]
    assert [one["action_id"] for one in row["elements"]] == ["declare_from_alert", "dismiss_alert"]
    assert all(len(one["value"]) <= FIELD_CHARS for one in row["elements"])
    return dict(json.loads(row["elements"][0]["value"]))


def test_an_alert_asks_whether_it_is_an_incident() -> None:
    kept = blocks.proposal(ALERT, "announce", 1, context())
    assert (kept.slot, kept.to, kept.urgency) == ("alert/f1/1", "announce", SOON)
    assert kept.content.text == (
        f"Alert from {SOURCE}, which would be SEV2: {ESCAPED}. Declare an incident, or dismiss it."
    )
    seen = kept.content.to_json()["blocks"]
    assert shown(seen) == (
        f"*Alert from {SOURCE}, which would be SEV2*\n"
        "<!channel> & co\n"
        "<https://grafana.test/d?a=1&amp;b=2|Where it comes from>\n"
        "Declare\n"
        "Dismiss"
    )
    assert text_objects(seen, "plain_text") == ["<!channel> & co", "Declare", "Dismiss"]


def test_an_alert_that_does_not_say_how_bad_or_where_says_neither() -> None:
    unsaid = replace(ALERT, severity_word="loud", link=None, title="Refusals dropped", source="x")
    kept = blocks.proposal(unsaid, "person/UMARA", 1, context())
    assert kept.content.text == (
        "Alert from x: Refusals dropped. Declare an incident, or dismiss it."
    )
    assert shown(kept.content.to_json()["blocks"]) == (
        "*Alert from x*\nRefusals dropped\nDeclare\nDismiss"
    )


def test_the_button_knows_what_the_form_needs() -> None:
    kept = blocks.proposal(ALERT, "announce", 1, context())
    assert _carried(kept) == {
        "fingerprint": "f1",
        "source": "<b> & grafana",
        "title": "<!channel> & co",
        "severity": "SEV2",
        "link": LINK,
        "word": "warning",
        "proposal": 1,
    }
    named = json.loads(kept.content.to_json()["blocks"][-1]["elements"][1]["value"])
    assert named == {"fingerprint": "f1", "proposal": 1}


def test_the_same_trouble_told_again_says_how_often() -> None:
    kept = blocks.proposal(ALERT, "announce", 3, context())
    assert f", told 3 times, last {when(NOW)}: " in kept.content.text


@pytest.mark.parametrize(
    "long",
    [
        replace(ALERT, link=f"https://x.test/{'q' * 1990}"),
        replace(ALERT, link=f"https://x.test/{'&' * 1990}"),
        replace(ALERT, title='"' * 150, source="\\" * 80, link=f"https://x.test/{'q' * 1900}"),
        replace(ALERT, title="火" * 150, source="🔥" * 80, severity_word="火" * 40),
    ],
)
def test_it_can_be_declared_however_long_it_is(long: Alert) -> None:
    kept = blocks.proposal(long, "announce", 1, context())
    carried = _carried(kept)
    assert (carried["title"], carried["link"]) == (long.title, None)
    assert check_message(kept.content.to_json()["blocks"])


def test_a_dismissed_alert_is_one_line_in_the_same_place() -> None:
    kept = blocks.dismissed("alert/f1/1", "announce", "UKOFI")
    assert (kept.slot, kept.to) == ("alert/f1/1", "announce")
    assert kept.content.text == "An alert was dismissed by <@UKOFI>."
    assert shown(kept.content.to_json()["blocks"]) == kept.content.text


def test_a_proposal_that_became_an_incident_offers_nothing_any_more() -> None:
    (kept,) = _kept(TAKEN, PROPOSED)
    assert (kept.slot, kept.to) == ("alert/f1/1", "announce")
    assert kept.content.text == f"An alert from {SOURCE} was declared as INC-12."
    assert shown(kept.content.to_json()["blocks"]) == kept.content.text


def test_of_a_private_incident_and_where_nothing_is_announced_nothing_is_said() -> None:
    assert _kept(TAKEN, MadePrivate()) == []
    assert _kept(TAKEN, announces=False) == []


def test_the_summary_says_what_other_systems_said_how_often_and_when_last() -> None:
    again = TAKEN.model_copy(update={"alert": "alert three", "is_first": False})
    happened = told(
        (0, "UMARA", declared()),
        (0, "UMARA", TAKEN),
        (0, "warroom", PROPOSED),
        (6, "warroom", again),
    )
    (part,) = blocks.summary_parts(happened)
    assert part.place == 32
    assert part.content.text == (
        f"Alerts: <https://grafana.test/d?a=1&amp;b=2|{ESCAPED}> ({SOURCE}) 2 times, "
        f"last {when(NOW + timedelta(minutes=6))}"
        f" · Refusals dropped (probe) once, last {WHEN}."
    )
    assert f"{shown(part.content.to_json()['blocks'])}." == part.content.text


def test_without_alerts_the_summary_says_nothing_of_them() -> None:
    assert blocks.summary_parts(as_shown(declared())) == []


def test_of_many_alerts_the_newest_three_fit_the_summary_with_any_link() -> None:
    many = [
        PROPOSED.model_copy(
            update={
                "alert": f"alert {n}",
                "fingerprint": f"f{n}",
                "title": Words(f"{n} {'x' * 140}"),
                "link": f"https://prometheus.test/graph?g0.expr={'x' * (455 + n)}",
            }
        )
        for n in range(10)
    ]
    (part,) = blocks.summary_parts(as_shown(declared(), *many))
    said = shown(part.content.to_json()["blocks"])
    assert said.count("(probe) once, last ") == 3
    assert [f"{n} {'x' * 77}… (probe)" in said.replace(">", "") for n in (6, 7, 8, 9)] == [
        False, True, True, True,
    ]  # fmt: skip
    assert "|7 x" in said  # 500 characters of address
    assert "|8 x" not in said
    assert check_message(part.content.to_json()["blocks"])
