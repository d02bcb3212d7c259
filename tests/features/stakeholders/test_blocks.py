"""What do executives, support and engineering read?"""

from __future__ import annotations

from dataclasses import replace

from bot.core.facts import Fact, Words
from bot.core.facts.incidents import DetailsFilled, IncidentResolved
from bot.core.facts.people import FollowStarted
from bot.core.facts.severity import SeverityChanged
from bot.core.facts.status import MadePrivate
from bot.core.facts.updates import UpdatePosted
from bot.core.messages import Keep, Message, Send
from bot.core.outcome import Shown
from bot.features.stakeholders import blocks
from bot.features.stakeholders.state import Told
from runbooks.stakeholders import Channel, Mail, Stakeholders
from tests.features.values import POLICY, TITLE, WHEN, as_shown, declared
from tests.screen import shown as read

UPDATE = UpdatePosted(
    number=1,
    harm="unknown",
    happened=Words("Adult doses for <children>"),
    impact=Words("40 chats"),
    is_impact_known=True,
    containment=Words("Dosage topics are blocked"),
    next_steps=Words("Canary by 04:00"),
    asks=Words("A pharmacist"),
    hypotheses=Words("The unit was lost in retrieval"),
    confidence="medium",
    decision_needed=Words("Switch the bot off for the night?"),
    customers=Words("Do not follow any dosage advice"),
    ticket_tags=Words("inc-12"),
    reproductions=Words("trace 88213"),
    rollback=Words("More than 1 in 100 is bad"),
)
STAKEHOLDERS = Stakeholders(
    channels=(
        Channel(channel="#execs", audience="executives", from_severity="SEV1"),
        Channel(channel="support", audience="support", from_severity="SEV2"),
        Channel(channel="eng", audience="engineering", from_severity="SEV0"),
    ),
    mail=(Mail(address="board@example.com", audience="executives", from_severity="SEV1"),),
)


def _shown(*facts: Fact, **differing: object) -> Shown:
    policy = POLICY.model_copy(update={"stakeholders": STAKEHOLDERS})
    return replace(as_shown(declared(**differing), *facts), policy=policy)


def _slots(*facts: Fact, **differing: object) -> list[Message]:
    return blocks.slots(_shown(*facts, **differing))


def _names(*facts: Fact, **differing: object) -> list[str]:
    return [one.slot for one in _slots(*facts, **differing) if isinstance(one, Keep)]


def _reads(audience: str, *facts: Fact) -> str:
    shown = _shown(*facts)
    content = blocks.rendering(shown, shown.states.of(Told), audience)  # type: ignore[arg-type]
    return read(content.to_json()["blocks"])


HEAD = f"{TITLE}\n*INC-12 · SEV1* · Investigating · Harm now: not known yet\n"
DUE = "<!date^1795231650^{date_short_pretty} {time}|2026-11-21 03:27 UTC>"
FOOT = f"Update 1 by <@UMARA> {WHEN} · Next update due {DUE} · Nobody speaks outside yet"


def test_executives_read_the_decision_the_blast_radius_and_the_confidence() -> None:
    assert _reads("executives", UPDATE) == (
        "*A decision is needed*\n" + HEAD + "*Decision needed*\nSwitch the bot off for the night?\n"
        "*What happened*\nAdult doses for &lt;children&gt;\n*Blast radius*\n40 chats\n"
        "*Containment*\nDosage topics are blocked\n*Next steps*\nCanary by 04:00\n"
        f"*Confidence*\nmedium\n{FOOT}\nAsk"
    )


def test_a_title_is_read_as_it_was_typed_and_calls_nobody() -> None:
    title = "It shouts *now* and <!channel>"
    shown = _shown(title=Words(title))
    content = blocks.rendering(shown, shown.states.of(Told), "executives")
    head, status, *_ = content.to_json()["blocks"]
    assert (head["type"], head["text"]["type"], head["text"]["text"]) == (
        "header",
        "plain_text",
        title,
    )
    assert title not in status["text"]["text"]
    assert content.text.startswith("INC-12 · SEV1 · It shouts *now* and &lt;!channel&gt;.\n")


def test_support_reads_what_to_tell_customers() -> None:
    assert _reads("support", UPDATE) == (
        HEAD + "*Tell customers*\nDo not follow any dosage advice\n*Tag tickets*\ninc-12\n"
        "*What happened*\nAdult doses for &lt;children&gt;\n*Who is affected*\n40 chats\n" + FOOT
    )


def test_engineering_reads_hypotheses_apart_from_facts() -> None:
    assert _reads("engineering", UPDATE) == (
        HEAD + "*What happened*\nAdult doses for &lt;children&gt;\n"
        "*Containment*\nDosage topics are blocked\n*Logs and reproductions*\ntrace 88213\n"
        "*Roll back when*\nMore than 1 in 100 is bad\n*Next steps*\nCanary by 04:00\n"
        "*Asks and risks*\nA pharmacist\n"
        "*Hypotheses, not facts*\nThe unit was lost in retrieval\n" + FOOT
    )


def test_an_impact_nobody_counted_is_qualified() -> None:
    guessed = UPDATE.model_copy(update={"is_impact_known": False})
    assert "*Blast radius*\nUnder investigation; first evidence shows: 40 chats" in _reads(
        "executives", guessed
    )


def test_before_the_first_update_the_channels_hold() -> None:
    assert _reads("support") == (
        HEAD + f"We are investigating. There is no update yet.\nNext update due {DUE} · "
        "Nobody speaks outside yet"
    )


def test_a_channel_is_told_from_its_severity_on_and_goes_on_being_told() -> None:
    assert _names() == ["update/12/execs/0", "update/12/support/0"]
    assert _names(severity="SEV2", rank=2) == ["update/12/support/0"]
    lower = SeverityChanged(severity="SEV3", rank=3, reason=Words("narrow"))
    assert _names(lower) == ["update/12/execs/0", "update/12/support/0"]


def test_only_news_is_a_new_message() -> None:
    worse = SeverityChanged(severity="SEV0", rank=0, reason=Words("a child"))
    calm = UPDATE.model_copy(update={"decision_needed": None})
    assert _names(calm, calm)[0] == "update/12/execs/0"
    assert _names(worse) == [
        "update/12/execs/1", "update/12/execs/0", "update/12/support/1", "update/12/support/0",
        "update/12/eng/1", "update/12/eng/0",
    ]  # fmt: skip
    assert [one for one in _names(UPDATE) if "history" not in one] == [
        "update/12/execs/1", "update/12/execs/0", "update/12/support/0",
    ]  # fmt: skip
    assert _names(UPDATE, UPDATE)[0] == "update/12/execs/1"
    assert _names(DetailsFilled(harm="stopped"))[0] == "update/12/execs/1"
    assert _names(IncidentResolved(reason=Words("gone")))[0] == "update/12/execs/1"


def test_an_older_message_leads_on_to_the_newer_one_and_quotes_nothing() -> None:
    older = next(
        one for one in _slots(UPDATE) if isinstance(one, Keep) and one.slot == "update/12/execs/0"
    )
    assert older.content.text == "INC-12: a decision is needed, see the newer message."


def test_each_update_goes_into_the_thread_once() -> None:
    replies = [one for one in _slots(UPDATE) if isinstance(one, Keep) and one.thread]
    assert [(one.slot, one.thread) for one in replies] == [
        ("update/12/execs/1 history 1", "update/12/execs/1"),
        ("update/12/support/0 history 1", "update/12/support/0"),
    ]


def test_no_change_is_a_line_in_the_thread() -> None:
    same = UPDATE.model_copy(update={"number": 2, "is_no_change": True})
    reply = next(one for one in _slots(UPDATE, same) if isinstance(one, Keep) and one.thread)
    assert reply.content.text == f"Update 2 {WHEN}: no change."


def test_mail_goes_out_with_the_first_update_and_with_news() -> None:
    assert not [one for one in _slots() if isinstance(one, Send)]
    [mail] = [one for one in _slots(UPDATE) if isinstance(one, Send)]
    assert mail.name == "mail/12/896a8d81b4907bd2/1/1"
    assert mail.body["subject"] == f"INC-12 · SEV1 · {TITLE} · A decision is needed"
    assert mail.body["text"].startswith(
        "Investigating. Harm now: not known yet.\n\nDecision needed:"
    )


def test_each_update_with_news_is_one_mail_and_no_change_is_none() -> None:
    again = UPDATE.model_copy(update={"number": 2, "happened": Words("It is off")})
    same = again.model_copy(update={"number": 3, "is_no_change": True})

    def name(*facts: Fact) -> str:
        [mail] = [one for one in _slots(*facts) if isinstance(one, Send)]
        return mail.name

    assert len({name(UPDATE), name(UPDATE, again), name(UPDATE, again, same)}) == 2
    assert name(UPDATE, again) == name(UPDATE, again, same)


def test_a_follower_reads_what_executives_read() -> None:
    slots = _slots(FollowStarted(person="UNOOR"))
    [follower] = [one for one in slots if isinstance(one, Keep) and one.to == "person/UNOOR"]
    assert follower.slot == "update/12/UNOOR/0"


def test_a_private_incident_is_told_nowhere_and_one_made_private_is_redacted() -> None:
    assert _slots(UPDATE, is_private=True) == []
    slots = _slots(UPDATE, MadePrivate())
    assert [one.slot for one in slots if isinstance(one, Keep)] == [
        "update/12/execs/0", "update/12/execs/1", "update/12/execs/1 history 1",
        "update/12/support/0", "update/12/support/0 history 1",
    ]  # fmt: skip
    for one in slots:
        assert isinstance(one, Keep)
        assert one.content.text == "INC-12 was made private. There is nothing more to read here."


def test_a_title_that_must_stay_in_the_room_stays_there() -> None:
    shown = _shown(is_person_at_risk=True)
    content = blocks.rendering(shown, shown.states.of(Told), "executives")
    assert TITLE not in content.text + read(content.to_json()["blocks"])
