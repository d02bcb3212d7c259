"""Which announcements stand together in one message, because each alone would come late?"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core import ids, messages
from bot.core.incident import Incident
from bot.core.messages import Keep, Message
from storage import lookup, outbox

_LATE = 4  # so many messages Slack takes in a channel at once; a fifth waits
_AT_MOST = 25  # in one message; the texts of so many fit into what Slack lets be changed
# Nobody is told of a change to a message: who declares later is announced in another.
_TAKES_FOR = timedelta(minutes=5)


def stands_in(conn: Connection, number: int) -> str | None:
    """The roll that an incident was announced in; None where it is in none."""
    stands = outbox.ref(conn, ids.rolled(number))
    return str(stands["channel"]) if stands else None


def gathered(
    conn: Connection, owed: list[Message], incident: Incident, now: datetime
) -> list[Message]:
    """What is owed, without the announcement of an incident that stands in a roll.

    It was not announced by itself before. Its roll is owed instead as soon as its room is open.
    Whether it stands in one is settled when it is announced for the first time: when others were
    still to be announced.
    """
    number = incident.number
    slot = ids.announcement(number)
    others = [one for one in owed if not (isinstance(one, Keep) and one.slot == slot)]
    if len(others) == len(owed):
        return owed
    roll = stands_in(conn, number)
    if roll is None:
        if outbox.unsent(conn, ids.ANNOUNCEMENTS, _LATE) < _LATE:
            return owed
        _join(conn, number, now)
        # Not by drawing all of it once more: where many declare, that would delay their rooms.
        return [*others, messages.enroll(number)]
    if outbox.ref(conn, ids.room(number)):
        outbox.again(conn, [_item(roll)], now)
    return others


def owe(conn: Connection, number: int, now: datetime) -> None:
    """Owe the roll that an incident stands in as it stands now."""
    if roll := stands_in(conn, number):
        outbox.again(conn, [_item(roll)], now)


def standing(conn: Connection, roll: str) -> list[tuple[int, str]]:
    """The incidents of a roll that have a room, in their order, each with its channel."""
    numbers = (int(name.rpartition("/")[2]) for name in outbox.refs_at(conn, roll, ids.ROLLED))
    found = []
    for number in sorted(numbers):
        room = outbox.ref(conn, ids.room(number))
        # Another version of the bot, which knows no rolls, may have announced it by itself.
        if room and not outbox.is_kept(conn, ids.announcement(number)):
            found.append((number, str(room["channel"])))
    return found


def _join(conn: Connection, number: int, now: datetime) -> None:
    """Settle which roll the incident stands in from now on."""
    last = lookup.last_number(conn, "roll")
    roll = ids.roll(last)
    if last == 0 or not outbox.takes_more(conn, roll, _AT_MOST, now - _TAKES_FOR):
        roll = ids.roll(lookup.next_number(conn, "roll"))
    # A roll is its place, as the channel is that of a message.
    outbox.give(conn, ids.rolled(number), {"channel": roll})


def _item(roll: str) -> outbox.Item:
    """Drawn when its turn comes; the words are for a version of the bot that cannot draw it."""
    text = "Several incidents were declared."
    body = {"to": "announce", "shape": "message", "text": text, "blocks": [], "drawn": "roll"}
    return outbox.Item(roll, roll, "keep", body, messages.SOON, gives=roll)
