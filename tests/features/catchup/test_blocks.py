"""Does a newcomer read what matters, in ten lines, and what was known at a moment?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.facts import Fact, Words
from bot.core.facts.decisions import DecisionAmended, DecisionRecorded, DecisionReversed
from bot.core.facts.incidents import DetailsFilled
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.facts.updates import UpdatePosted
from bot.features.catchup import blocks
from bot.features.catchup.state import known
from tests.features.values import NOW, POLICY, TITLE, WHEN, as_shown, declared, recorded

FACTS: tuple[Fact, ...] = (
    declared(title=Words("Doses <wrong>")),
    DetailsFilled(harm="ongoing"),
    RoleAccepted(role="ic", person="UMARA"),
    RoleAccepted(role="safety", person="UKOFI", is_external=True),
    *(DecisionRecorded(number=at, text=Words(f"Choice {at}"), rank=1) for at in range(1, 6)),
    DecisionAmended(number=5, text=Words("Choice 5 & more")),
    DecisionReversed(number=4, why=Words("no")),
    TaskGiven(number=1, text=Words("Rotate keys"), owner="UJUN"),
    TaskGiven(number=2, text=Words("Ask vendor"), owner="UJUN"),
    TaskDone(number=1),
    TaskReassigned(number=2, owner="UNOOR"),
    UpdatePosted(number=1, harm="ongoing", happened=Words("Doses doubled"), impact=Words("40")),
)


def test_catchup_is_ten_lines_with_the_harm_first() -> None:
    page = blocks.catchup(as_shown(*FACTS), known(12, recorded(*FACTS)), "UMARA", "https://x/p1")
    head, *lines = page.text.split("\n")
    owed = lines.pop(6)
    assert head == "INC-12 Doses &lt;wrong&gt;."
    assert owed.startswith("Owed next: ")
    assert owed != "Owed next: nothing"
    assert lines == [
        "Harm now: ongoing",
        f"SEV1 since {WHEN} · Investigating since {WHEN}",
        f"What happened: Doses doubled (update 1, {WHEN})",
        "Impact: under investigation; so far 40",
        "Roles: Incident Commander <@UMARA>, Safety Lead <@UKOFI> EXTERNAL",
        "Decisions: 2. Choice 2; 3. Choice 3; 5. Choice 5 &amp; more",
        "Open tasks: Ask vendor (<@UNOOR>)",
        "Where to look: <https://x/p1|the pinned summary>, `/incident timeline` for all that "
        "happened, `/incident decisions` for why",
        "What you could do: you are Incident Commander; what is owed next comes first",
    ]
    assert [block.type for block in page.blocks] == ["section"] * 11


def test_as_of_echoes_the_time_and_says_what_was_not_known() -> None:
    then = known(12, recorded(declared()))
    page = blocks.as_of(then, POLICY, NOW + timedelta(minutes=5), "Europe/Stockholm")
    assert page.text.startswith("INC-12 as of 04:17 (Europe/Stockholm), <!date^")
    assert page.text.split("\n")[0].endswith(f">: {TITLE}.")
    assert page.text.split("\n")[1:] == [
        "Harm now: not known yet",
        f"SEV1 since {WHEN} · Investigating since {WHEN}",
        "What happened: not said yet (no update yet)",
        "Impact: not known yet",
        "Roles: Incident Commander <@UMARA> (acting)",
        "Decisions: none yet",
    ]


def test_before_the_declaration_nothing_was_known() -> None:
    page = blocks.as_of(known(12, []), POLICY, NOW, "UTC")
    assert page.text == "INC-12 was not declared yet at 03:12 (UTC). Try a later time."


def test_somebody_without_a_role_is_offered_one_nobody_holds() -> None:
    shown = as_shown(declared())
    page = blocks.catchup(shown, known(12, recorded(declared())), "UNEW", None)
    role = next(one for one in POLICY.severities.of("SEV1", 1).requires if one != "ic")
    label = POLICY.roles.get(role).label
    assert page.text.endswith(f"What you could do: take {label}: `/incident role take {role}`")
