"""Who owes something by when?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.deadlines import Alarm, Deadline, earliest
from bot.core.facts.roles import RoleAccepted
from tests.features.values import declared, incident

THREE, FOUR = (datetime(2026, 11, 21, hour, tzinfo=UTC) for hour in (3, 4))


def _owed(owner: str | None = None, roles: tuple[str, ...] = ("ic",)) -> Deadline:
    return Deadline("x", "X", THREE, FOUR, "Do it.", owner_roles=roles, owner=owner)


def test_the_last_quarter_begins_after_three() -> None:
    assert _owed().soon_at == datetime(2026, 11, 21, 3, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("held", "owes"), [((), "UMARA"), (("ic",), "Uic"), (("ic", "comms"), "Ucomms")]
)
def test_the_first_role_that_is_filled_owes_it_and_else_whoever_commands(
    held: tuple[str, ...], owes: str
) -> None:
    facts = (RoleAccepted(role=role, person=f"U{role}") for role in held)
    assert _owed(roles=("comms", "scribe")).owed_by(incident(declared(), *facts)) == owes


def test_a_person_who_is_named_owes_it_whatever_roles_there_are() -> None:
    taken = incident(declared(), RoleAccepted(role="ic", person="UIDRIS"))
    assert _owed(owner="UJUN").owed_by(taken) == "UJUN"


def test_the_first_alarm_is_the_earliest_and_of_none_there_is_none() -> None:
    assert earliest([Alarm(FOUR, "idle"), Alarm(THREE, "deadline", "x")]) == THREE
    assert earliest([]) is None
