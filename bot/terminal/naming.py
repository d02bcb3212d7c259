"""Who is meant by an id, an e-mail address or a name, when Slack may not be there to ask?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.outcome import Person, Refused
from bot.core.plain import safe
from bot.directory import Directory
from bot.slack.listen import Desk
from bot.slack.silent import NOBODY

Voucher = Literal["slack", "record", "nobody"]
_ID = re.compile(r"(?:<@)?([UW][A-Z0-9]{2,})(?:\|[^<>]*)?>?")
_LISTED = 8


@dataclass(frozen=True)
class Named:
    """A person, and who knew them: Slack, what Slack had said before, or nobody."""

    person: Person
    vouched_by: Voucher


async def find(word: str, desk: Desk, directory: Directory, why_silent: str) -> Named:
    """The one person this stands for.

    `why_silent` is why Slack cannot be asked, where it cannot.

    An id is taken as it is where nobody can be asked: whoever uses it has no more than the rights
    of that id, and the record says that nobody vouched.

    Raises:
        Refused: there is nobody of that name, more than one, or they cannot act.
    """
    asked = word.strip().removeprefix("@")
    named = _ID.fullmatch(asked)
    if named:
        return _acting(await _by_id(named[1], desk, directory), asked)
    if desk.me is not NOBODY:
        person = await _in_slack(asked, desk)
        await directory.keep(person)  # so that the name serves when Slack is down
        return _acting(Named(person, "slack"), asked)
    found = await directory.named(asked) if asked else []
    return _acting(Named(_one(found, asked, f"is known here, and {why_silent}"), "record"), asked)


async def _by_id(person_id: str, desk: Desk, directory: Directory) -> Named:
    if desk.me is not NOBODY:
        person = (await desk.people.look_up([person_id]))[person_id]
        if person.name or not person.is_known:
            return Named(person, "slack")
    known = (await directory.known([person_id])).get(person_id)
    return Named(known, "record") if known else Named(Person(person_id), "nobody")


async def _in_slack(asked: str, desk: Desk) -> Person:
    if "@" in asked:
        found = await desk.people.by_email(asked)
        if found is None:
            raise Refused(f"Slack knows no {safe(asked)}. Check the address, or give the Slack id.")
        return (await desk.people.look_up([found]))[found]
    people = await desk.people.named(asked) if asked else []
    exact = [one for one in people if one.name.casefold() == asked.casefold()]
    return _one(exact or people, asked, "is in the workspace")


def _one(found: Sequence[Person], asked: str, where: str) -> Person:
    if not found:
        raise Refused(
            f"Nobody called “{safe(asked)}” {where}. Give the Slack id: "
            "it begins with U and stands in the person's profile."
        )
    if len(found) > 1:
        several = ", ".join(f"{one.name} is {one.id}" for one in found[:_LISTED])
        raise Refused(f"“{safe(asked)}” can be several people. Give the id: {safe(several)}.")
    return found[0]


def _acting(named: Named, asked: str) -> Named:
    person = named.person
    if not person.is_known:
        raise Refused(f"Slack knows nobody with the id {safe(asked)}. Check it, and try again.")
    if person.is_bot:
        raise Refused(f"{safe(asked)} is an app. Name a person.")
    if person.has_left:
        raise Refused(f"{safe(asked)} has left the workspace. Name somebody who is there.")
    return named
