"""What do people read of a declare, in its room and outside it?"""

from __future__ import annotations

from bot.core import calling, summary
from bot.core.facts import ERASED, Words
from bot.core.facts.incidents import IncidentClosed, IncidentResolved
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.severity import MajorDecided
from bot.core.facts.status import MadePrivate
from bot.core.messages import Keep
from bot.features.details import blocks as details_blocks
from bot.features.incidents import blocks
from bot.features.status import blocks as status_blocks
from tests.features.values import NOW, POLICY, TITLE, WHEN, as_shown, declared, incident
from tests.screen import shown

PARTS = (
    blocks.summary_parts,
    details_blocks.summary_parts,
    status_blocks.summary_parts,
)
ROOM = "<#\ue000room/12\ue000>"


def _slots(**differing: object) -> dict[str, Keep]:
    kept = blocks.slots(as_shown(declared(**differing)))
    return {one.slot.split("/")[0]: one for one in kept if isinstance(one, Keep)}


def test_the_form_asks_for_a_title_and_explains_the_severities() -> None:
    view = blocks.declare_modal(POLICY.severities, {"route": "command"}, TITLE, "SEV2").to_dict()
    assert view["title"]["text"] == "Declare an incident"
    by_id = {block.get("block_id"): block for block in view["blocks"]}
    title = by_id["title"]
    assert title["label"]["text"] == "What is wrong?"
    assert title["element"]["initial_value"] == TITLE
    assert title["element"]["max_length"] == 150
    assert by_id["severity"]["element"]["initial_option"]["value"] == "SEV2"
    assert shown(by_id["severity"]["element"]["options"]) == (
        "Not sure yet (treated as SEV1)\nSEV0\nSEV1\nSEV2\nSEV3"
    )
    [criteria] = [block for block in view["blocks"] if block["type"] == "context"]
    assert shown(criteria).startswith("*SEV0*  Serious bodily or financial harm under way")
    assert shown(by_id["switches"]["element"]["options"]) == (
        "A person or personal data may be at risk\nThe title stays inside the room\n"
        "Private\nOnly invited people see the room; nothing is announced"
    )
    assert [by_id[name].get("optional", False) for name in ("title", "switches")] == [False, True]


def test_a_form_from_a_message_asks_to_redact_it() -> None:
    view = blocks.declare_modal(POLICY.severities, {"route": "message"}, message="x" * 4000)
    [source] = [one for one in view.to_dict()["blocks"] if one.get("block_id") == "source_text"]
    assert source["label"]["text"] == "The message, as it goes into the record"
    assert source["hint"]["text"] == "Take out names and personal data before you declare."
    assert len(source["element"]["initial_value"]) == 3000


def test_the_declarer_reads_that_the_room_is_on_its_way() -> None:
    page = blocks.declared_page(12, TITLE, is_test=False).to_dict()
    assert shown(page["blocks"]) == (
        "*INC-12 is declared.* You are acting Incident Commander until someone accepts.\n"
        "The room is being opened and you are invited to it; the link appears here."
    )


def test_the_declarer_is_led_to_the_room_when_it_is_open() -> None:
    page = blocks.declared_page(12, "🔥", is_test=True, is_open=True).to_dict()
    assert shown(page["blocks"]) == (
        "*TEST INC-12 is declared.* You are acting Incident Commander until someone accepts.\n"
        f"Go to {ROOM}.\nThe title has no words, so the room is named by its number alone."
    )


def test_the_summary_says_what_is_known_and_what_is_missing() -> None:
    [slot] = summary.render(PARTS, as_shown(declared()))
    assert isinstance(slot, Keep)
    missing = (
        "what was seen, model or surface, since when, family, who reported it, an example or "
        "credible report, how people could be harmed, whether waiting makes it worse, where the "
        "evidence is, model version"
    )
    assert shown(slot.content.to_json()["blocks"]) == (
        "*Harm now: unknown*\n"
        f"{TITLE}\n"
        "INC-12 · *SEV1* · *Investigating* · <@UMARA> is acting Incident Commander\n"
        f"First bad output: not known · aware since {WHEN} (declared)\n"
        f"*Gaps:* still missing: {missing}\n"
        "Fill in\n"
        "Mitigated\n"
        "Resolve\n"
        f"As of {WHEN}"
    )
    assert slot.content.text == (
        f"Harm now: unknown. {TITLE}. INC-12 · SEV1 · Investigating · <@UMARA> is acting Incident "
        f"Commander. First bad output: not known · aware since {WHEN} (declared). "
        f"Gaps: still missing: {missing}. As of {WHEN}."
    )


def test_the_summary_of_a_resolved_incident_says_why() -> None:
    facts = (declared(), IncidentResolved(reason=Words("Rolled <back>")))
    [slot] = summary.render(PARTS, as_shown(*facts))
    assert isinstance(slot, Keep)
    assert "\nResolved: Rolled <back>\n" in shown(slot.content.to_json()["blocks"])
    assert "Resolved: Rolled &lt;back&gt;." in slot.content.text


def test_topic_purpose_and_announcement_say_the_same() -> None:
    slots = _slots()
    assert slots["topic"].content.text == f"INC-12 · SEV1 · Investigating · \u2068{TITLE}\u2069"
    assert slots["purpose"].content.text == (
        "War room of INC-12. What is decided here is kept in its log."
    )
    line = f"INC-12 · SEV1 · Investigating · {ROOM} · <@UMARA> declared it {WHEN}"
    announced = slots["announcement"].content
    assert announced.text == f"{TITLE} {line}"
    assert shown(announced.to_json()["blocks"]) == f"Join\n{TITLE}\n{line}"


def test_a_major_incident_is_marked_where_the_severity_stands() -> None:
    major = MajorDecided(is_major=True, criteria=Words("three regions"))
    facts = (declared(), major)
    kept = {one.slot: one for one in blocks.slots(as_shown(*facts)) if isinstance(one, Keep)}
    assert kept["topic/12"].content.text.startswith("INC-12 · SEV1 · MAJOR · Investigating ·")
    assert "INC-12 · SEV1 · MAJOR · Investigating ·" in kept["announcement/12"].content.text
    [part] = blocks.summary_parts(as_shown(*facts))
    assert "INC-12 · SEV1 · MAJOR · Investigating · <@UMARA>" in part.content.text


def test_once_somebody_accepted_the_command_the_line_names_nobody() -> None:
    accepted = RoleAccepted(role="ic", person="UIDRIS")
    [part] = blocks.summary_parts(as_shown(declared(), accepted))
    assert part.content.text == f"{TITLE}. INC-12 · SEV1 · Investigating."


def test_a_test_is_marked_in_every_slot() -> None:
    slots = _slots(is_test=True, severity=None)
    assert slots["topic"].content.text.startswith("TEST INC-12 · Not sure yet (treated as SEV1)")
    assert slots["purpose"].content.text.startswith("War room of TEST INC-12.")
    assert slots["announcement"].content.text.startswith(f"TEST. {TITLE} TEST INC-12")


def test_a_title_that_must_stay_inside_is_in_no_slot_outside() -> None:
    slots = _slots(is_person_at_risk=True)
    assert slots["topic"].content.text == "INC-12 · SEV1 · Investigating"
    announced = slots["announcement"].content
    assert announced.text.startswith("The title is kept in the room: a person may be at risk. INC-")
    assert TITLE not in str(announced.to_json())


def test_a_private_incident_has_no_announcement() -> None:
    assert sorted(_slots(is_private=True)) == ["purpose", "topic"]


def test_without_a_channel_for_announcements_there_is_none() -> None:
    kept = blocks.slots(as_shown(declared(), announces=False))
    assert [one.slot for one in kept if isinstance(one, Keep)] == ["topic/12", "purpose/12"]


def test_a_closed_incident_is_announced_without_a_way_in() -> None:
    facts = (
        declared(),
        IncidentResolved(reason=Words("gone")),
        IncidentClosed(reason=Words("done")),
    )
    [announced] = [
        one
        for one in blocks.slots(as_shown(*facts))
        if isinstance(one, Keep) and one.slot == "announcement/12"
    ]
    assert "INC-12 · SEV1 · Closed" in announced.content.text
    assert "button" not in str(announced.content.to_json())


def test_an_erased_title_takes_the_name_of_the_room_with_it() -> None:
    slots = _slots(title=ERASED)
    assert slots["name"].content.text == "inc-12-incident"


def test_a_private_room_had_no_title_in_its_name_and_keeps_it() -> None:
    slots = blocks.slots(as_shown(declared(title=ERASED), MadePrivate()))
    assert not [one for one in slots if isinstance(one, Keep) and one.shape == "name"]


def test_a_topic_of_escapes_fits_into_what_slack_takes() -> None:
    topic = _slots(title=Words("&<>" * 50))["topic"].content.text
    assert len(topic) <= 250
    assert topic.endswith("…\u2069")
    assert topic.count("&") == topic.count(";")


def test_a_loss_says_what_to_do() -> None:
    told = blocks.loss(incident(declared()), "the announcement", "chat.postMessage: is_archived")
    assert told.to == "person/UMARA"
    assert told.content.text == (
        "INC-12: Slack refused the announcement (chat.postMessage: is_archived). The record is "
        "whole. Whoever runs warroom can see it with `warroom outbox`, and what to do with "
        "`warroom doctor`."
    )
    assert shown(told.content.to_json()["blocks"]) == told.content.text


def test_what_another_system_refused_says_where_to_go_on() -> None:
    told = blocks.unsent(incident(declared()), (1, 6), "jira: HTTP 422 <b>")
    assert told.to == "person/UMARA"
    assert told.content.text == (
        "Open step 6 of runbook 1 on INC-12's checklist: what it sends was refused "
        "(jira: HTTP 422 &lt;b&gt;). Send it again, or say that it was done by hand."
    )
    assert shown(told.content.to_json()["blocks"]) == told.content.text


def test_the_same_person_asking_at_another_moment_is_invited_again() -> None:
    invited = calling.invitation(incident(declared()), "UIDRIS", NOW)
    assert invited.name == "room/12 invite UIDRIS 2026-11-21T03:12:30.123456+00:00"
    assert invited.arguments == {"person": "UIDRIS"}
    assert invited.needs == "room/12"
