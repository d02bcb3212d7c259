"""By when does somebody accept, and by when is harm held off?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentReopened, IncidentResolved
from bot.core.facts.people import CallAnswered
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.severity import ProposalAnswered, SeverityChanged, SeverityProposed
from bot.core.facts.status import Mitigated
from bot.features.severity import due
from tests.features.values import NOW, declared, told

RANKS = {"SEV0": 0, "SEV1": 1, "SEV2": 2, "SEV3": 3}
HELD = Mitigated(done=Words("a"), exposed=Words("b"), measure=Words("c"))
RESOLVED = IncidentResolved(reason=Words("gone"))
ACCEPTED = RoleAccepted(role="technical", person="UJUN")


def _changed(severity: str) -> SeverityChanged:
    return SeverityChanged(severity=severity, rank=RANKS[severity], reason=Words("x"))


def _minutes(*happened: tuple[int, Fact]) -> dict[str, float]:
    """The minutes after NOW at which each deadline is due."""
    shown = told(*((minutes, "UMARA", fact) for minutes, fact in happened))
    owed = due.deadlines(shown)
    return {one.name: (one.due_at - NOW) / timedelta(minutes=1) for one in owed}


@pytest.mark.parametrize(
    ("severity", "minutes"),
    [
        ("SEV0", {"acknowledge": 5, "mitigate": 30, "hard_stop": 60}),
        ("SEV1", {"acknowledge": 15, "mitigate": 60}),
        (None, {"acknowledge": 15, "mitigate": 60}),
    ],
)
def test_a_severity_gives_the_times_of_the_policy(
    severity: str | None, minutes: dict[str, float]
) -> None:
    rank = RANKS[severity or "SEV1"]
    assert _minutes((0, declared(severity=severity, rank=rank))) == minutes


def test_a_business_day_ends_with_the_working_day_and_none_is_not_owed() -> None:
    [accept, mitigate] = due.deadlines(told((0, "UMARA", declared(severity="SEV2", rank=2))))
    assert accept.due_at == NOW + timedelta(hours=1)
    assert f"{mitigate.due_at:%A %H:%M}" == "Monday 17:00"  # NOW is a Saturday
    assert mitigate.rule == "17:00 on Monday (UTC), the next working day"
    [accept] = due.deadlines(told((0, "UMARA", declared(severity="SEV3", rank=3))))
    assert (accept.name, f"{accept.due_at:%A %H:%M}") == ("acknowledge", "Monday 17:00")


@pytest.mark.parametrize("answer", [ACCEPTED, CallAnswered(call=1, by="UJUN")])
def test_the_first_answer_stops_the_acknowledgement(answer: Fact) -> None:
    assert _minutes((0, declared()), (3, answer)) == {"mitigate": 60}


@pytest.mark.parametrize(("end", "again"), [(HELD, {}), (RESOLVED, {"mitigate": 60})])
def test_a_mitigation_ends_its_clock_and_the_end_only_stops_it(
    end: Fact, again: dict[str, float]
) -> None:
    after = _minutes((0, declared()), (3, ACCEPTED), (20, end))
    assert after == {}
    assert _minutes((0, declared()), (3, ACCEPTED), (20, end), (30, IncidentReopened())) == again


def test_what_comes_to_be_owed_late_is_due_after_a_quarter_of_its_span() -> None:
    mild = declared(severity="SEV2", rank=2)
    raised = _minutes((0, mild), (3, ACCEPTED), (120, _changed("SEV0")))
    assert raised == {"mitigate": 127.5, "hard_stop": 135}


def test_raised_it_is_acknowledged_from_then_on_and_never_later_than_before() -> None:
    raised = _minutes((0, declared(severity="SEV2", rank=2)), (30, _changed("SEV1")))
    assert raised == {"acknowledge": 45, "mitigate": 60}
    late = _minutes((0, declared()), (12, _changed("SEV0")))
    assert late["acknowledge"] == 15
    assert late["mitigate"] == 30


def test_lowered_it_has_the_time_of_the_lower_severity_from_the_same_start() -> None:
    lowered = _minutes((0, declared(severity="SEV0", rank=0)), (3, _changed("SEV1")))
    assert lowered == {"acknowledge": 15, "mitigate": 60}
    back = _minutes((0, declared()), (2, _changed("SEV0")), (4, _changed("SEV1")))
    assert back["acknowledge"] == 17


def test_reopened_with_nobody_there_it_is_acknowledged_anew() -> None:
    after = _minutes((0, declared()), (20, RESOLVED), (100, IncidentReopened()))
    assert after == {"acknowledge": 115, "mitigate": 115}


def test_who_owes_it_is_whoever_commands_or_leads_the_repair() -> None:
    shown = told((0, "UMARA", declared(severity="SEV0", rank=0)))
    owners = {one.name: one.owed_by(shown.incident) for one in due.deadlines(shown)}
    assert owners == {"acknowledge": "UMARA", "mitigate": "UMARA", "hard_stop": "UMARA"}
    shown = told((0, "UMARA", declared(severity="SEV0", rank=0)), (1, "UJUN", ACCEPTED))
    owners = {one.name: one.owed_by(shown.incident) for one in due.deadlines(shown)}
    assert owners == {"mitigate": "UJUN", "hard_stop": "UMARA"}


def test_the_hard_stop_begins_when_the_first_mitigation_is_overdue() -> None:
    owed = {
        one.name: one for one in due.deadlines(told((0, "U", declared(severity="SEV0", rank=0))))
    }
    assert owed["hard_stop"].starts_at == owed["mitigate"].due_at


def test_a_proposal_rings_when_its_time_is_up_and_no_more_once_it_is_answered() -> None:
    moment = NOW + timedelta(minutes=9)
    asked = SeverityProposed(
        proposal=1, severity="SEV0", rank=0, reason=Words("x"), applies_at=moment
    )
    before = ((0, "UMARA", declared()), (4, "UKOFI", asked))
    assert due.alarms(told(*before)) == [Alarm(moment, "proposal", "1")]
    assert due.alarms(told(*before, (5, "UMARA", ProposalAnswered(proposal=1)))) == []
    assert due.alarms(told(*before, (5, "UMARA", RESOLVED))) == []
    assert due.alarms(told(*before, (5, "UMARA", RESOLVED), (6, "UMARA", IncidentReopened()))) == []
