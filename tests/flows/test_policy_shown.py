"""Does what the policy says stand where people in the room read it?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from runbooks import load
from runbooks.span import Span
from tests.flows.story import TITLE
from tests.room import MARA, NOOR, SANDBOX_CONTENT, Room, war_room

POLICY = load.policy()
CORE = ("Incident Commander", "Scribe", "Technical Lead", "Communications Lead", "Legal",
        "Data Protection Officer")  # fmt: skip
FULL_TEAM = {"ic", "model", "safety", "product", "comms", "legal"}
BRIDGE = "https://meet.example.com/war-room"


async def _room(room: Room, severity: str = "SEV3") -> str:
    await room.declare(TITLE, severity=severity)
    await room.settled()
    return room.channel(1).id


def _called(room: Room) -> set[str]:
    """The roles that were called, offered or looked for."""
    return {
        str(fact.payload["role"])
        for fact in room.facts(1)
        if fact.kind in {"PersonCalled", "RoleOffered", "RoleSought"} and fact.payload.get("role")
    }


@pytest.mark.parametrize(
    ("label", "harms"),
    [
        ("SEV0", ("bodily or financial harm", "mass leakage", "abuse at scale")),
        ("SEV1", ("anyone can reproduce", "vulnerable users", "core feature", "discrimination")),
        ("SEV2", ("Hard-to-hit jailbreak", "narrow bias or toxicity", "local loss of quality")),
        ("SEV3", ("Near miss caught by a guardrail", "no user reached")),
    ],
)
async def test_whoever_declares_reads_what_makes_each_severity(
    room: Room, label: str, harms: tuple[str, ...]
) -> None:
    form = await room.form(MARA, "/incident declare")
    criteria = next(line for line in form.text.split("\n") if line.startswith(f"*{label}*"))
    assert [harm for harm in harms if harm not in criteria] == []


async def test_the_core_roles_are_offered_with_those_the_policy_adds(room: Room) -> None:
    channel = await _room(room)
    await room.press(MARA, channel, "roles_asked")
    offered = room.open_form(MARA).text.split("\n")
    assert [label for label in CORE if label not in offered] == []
    added = ("Model Owner", "Safety Lead", "Product Owner", "Security Lead", "Governance and Risk")
    assert [label for label in added if label not in offered] == []


@pytest.mark.parametrize("severity", ["SEV0", "SEV1"])
async def test_a_severe_one_lacks_each_of_its_team_until_somebody_accepts(
    room: Room, severity: str
) -> None:
    found = POLICY.severities.find(severity)
    assert found
    assert set(found.requires) >= FULL_TEAM
    channel = await _room(room, severity)
    gaps = _gaps(room)
    assert "*nobody is Safety Lead* · *nobody is Model Owner*" in gaps
    lacking = re.search(r"· no ([\w, ]+?) ·", gaps)
    assert lacking
    assert {"Product", "Comms", "Legal"} <= set(lacking[1].split(", "))
    await room.type(MARA, channel, "/incident take safety")
    await room.settled()
    assert "Safety Lead" not in _gaps(room)
    assert "nobody is Model Owner" in _gaps(room)


async def test_a_mild_one_lacks_nobody_but_its_commander(room: Room) -> None:
    await _room(room, "SEV2")
    assert "nobody is" not in _gaps(room)
    assert "nobody has accepted the command" in _gaps(room)


def _gaps(room: Room) -> str:
    lines = room.summary(1).split("\n")
    return next((line for line in lines if line.startswith("*Gaps:*")), "")


async def test_a_catastrophe_calls_everybody_a_safety_call_needs(room: Room) -> None:
    await _room(room, "SEV0")
    needed = {"ic", "product", "comms", "safety", "legal", "privacy", "model"}
    reached = _called(room) | {"ic"}  # whoever declared acts as commander
    assert needed - reached == set()


@pytest.mark.parametrize(
    ("label", "alias", "times"),
    [
        ("SEV0", "Sev-1", ("PT5M", "PT30M", "PT1H", "PT15M", None, "PT10M")),
        ("SEV1", "Sev-2", ("PT15M", "PT1H", None, "PT15M", "PT30M", "PT10M")),
        ("SEV2", "Sev-3", ("PT1H", "1bd", None, "PT4H", None, "PT10M")),
        ("SEV3", "Sev-4", ("1bd", None, None, "P1D", None, "PT10M")),
    ],
)
def test_the_shipped_severities_have_the_times_that_were_decided(
    label: str, alias: str, times: tuple[str | None, ...]
) -> None:
    one = POLICY.severities.find(label)
    assert one
    assert one.four_level_alias == alias
    spans = (one.acknowledge, one.mitigate, one.mitigate_hard_stop, one.update_every,
             one.update_later, one.classify)  # fmt: skip
    assert spans == tuple(Span.read(text) if text else None for text in times)


def test_the_ladder_leads_to_safety_and_to_the_owner_of_the_model() -> None:
    steps = [step.role for step in POLICY.paging.ladder]
    assert steps.index("safety") < steps.index("model")


@pytest.mark.parametrize(
    "right",
    [
        "To pull a lever that can be undone: IC, Tech lead, Safety",
        "To answer a regulator: Legal, DPO",
        "To file with a regulator: Legal, DPO",
        "To authorise an investigation or bring in a partner: IC, Legal",
        "To roll back a bundle: Model, IC",
        "To switch a feature off: Product, IC",
        "To contact a vendor: Tech lead, Legal",
    ],
)
async def test_anybody_can_read_who_may_decide_it(room: Room, right: str) -> None:
    await _room(room)
    told = await room.type(NOOR, room.channel(1).id, "/incident who")
    assert right in told.split("\n")


async def test_who_was_asked_and_when_they_accepted_stand_with_their_times(room: Room) -> None:
    channel = await _room(room)
    await room.type(MARA, channel, f"/incident role scribe <@{NOOR}>")
    await room.settled()
    asked = room.clock.now()
    await room.pass_time(minutes=4)
    await room.press_direct(NOOR, "accept_role")
    await room.settled()
    at = {fact.kind: fact.at for fact in room.facts(1)}
    assert (at["RoleAccepted"] - at["RoleOffered"]).total_seconds() >= 240
    assert at["RoleOffered"] <= asked
    told = await room.type(MARA, channel, "/incident timeline roles")
    lines = [line for line in told.split("\n") if f"<@{NOOR}>" in line]
    stamps = [re.findall(r"<!date\^(\d+)", line)[:1] for line in lines]
    assert [[str(int(at[kind].timestamp()))] for kind in ("RoleOffered", "RoleAccepted")] == stamps


async def test_the_form_has_the_three_prompts_of_the_minimum_bar(room: Room) -> None:
    channel = await _room(room)
    await room.press(MARA, channel, "fill_in")
    form = room.open_form(MARA)
    for prompt in (
        "There is an example one can reproduce, or a credible report",
        "There is a plausible way it harms people",
        "Not knowing gets worse with time",
    ):
        assert prompt in form.text.split("\n")
    assert "how people could be harmed" in _missing(room)
    assert await form.submit(bar=["has_impact_path"]) == {}
    await room.settled()
    assert "how people could be harmed" not in _missing(room)
    assert "whether waiting makes it worse" in _missing(room)


def _missing(room: Room) -> str:
    lines = room.summary(1).split("\n")
    return next(line for line in lines if "still missing:" in line)


async def test_one_room_has_one_bridge_and_the_summary_leads_to_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    shutil.copytree(SANDBOX_CONTENT, content)
    habits = (load.SHIPPED / "policy" / "habits.yaml").read_text()
    (content / "policy" / "habits.yaml").write_text(f"{habits}\nbridge_url: {BRIDGE}\n")
    async with war_room(sqlite_url, warroom_content=content) as room:
        await _room(room)
        assert len(room.rooms()) == 1
        assert f"Bridge: <{BRIDGE}>" in room.summary(1).split("\n")
        await room.type(MARA, room.channel(1).id, "/incident resolve It is gone")
        await room.type(MARA, room.channel(1).id, "/incident close Nothing is left")
        await room.settled()
        assert BRIDGE not in room.summary(1)
