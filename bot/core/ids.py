"""How are incidents, rooms and chains called?"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

ROOM_NAME_CHARS = 80  # Slack's limit on a channel's name
NEUTRAL = "incident"  # stands in a room's name for a title that must not or cannot be shown
NEAR_MISSES = "near-misses"
HOUSE = "house"  # the chain of what is about no incident in particular
SLOTS = "slots/"  # what stands for all slots of an incident begins so
BOT = "warroom"  # who acts when nobody asked: time, alerts, events

ANNOUNCEMENTS, ROLLED = "announcement/", "rolled/"
HOMES, ALL_HOMES = "home/", "homes/"

_REFERENCE = re.compile(r"^#?(?:inc[-\s]?)?(\d{1,9})$", re.IGNORECASE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
# Overrides and isolates that could turn the text around a title about, invisible controls, and
# halves of surrogate pairs, which no database takes.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000]"
)


def reference(number: int) -> str:
    """How people call an incident: INC-12."""
    return f"INC-{number}"


def parse_reference(word: str) -> int | None:
    """The number in `INC-12`, `inc12`, `#12` or `12`; None when the word is none of these."""
    match = _REFERENCE.match(word)
    return int(match.group(1)) if match else None


def chain(number: int) -> str:
    """The chain of facts on which an incident's decisions stand."""
    return f"incident/{number}"


def talk(number: int) -> str:
    """The chain of what people said in an incident's room."""
    return f"talk/{number}"


def home(person_id: str) -> str:
    """The slot of a person's App Home."""
    return f"{HOMES}{person_id}"


def home_of(slot: str) -> str:
    """The person whose `home` this slot is."""
    return slot.removeprefix(HOMES)


def slots(number: int) -> str:
    """What stands for all slots of an incident until they are drawn."""
    return f"{SLOTS}{number}"


def drawn(slot: str) -> int | None:
    """The number in `slots(number)`; None for any other slot."""
    number = slot.removeprefix(SLOTS)
    return int(number) if number != slot else None


def is_ours(name: str) -> bool:
    """Whether what is owed under this name is done in the database, and Slack hears nothing."""
    return name.startswith((SLOTS, ROLLED, ALL_HOMES))


def room(number: int) -> str:
    """The symbolic name of an incident's room."""
    return f"room/{number}"


def summary(number: int) -> str:
    """The slot of the pinned summary."""
    return f"summary/{number}"


def topic(number: int) -> str:
    """The slot of the room's topic."""
    return f"topic/{number}"


def announcement(number: int) -> str:
    """The slot of the announcement."""
    return f"{ANNOUNCEMENTS}{number}"


def roll(number: int) -> str:
    """The slot in which several announcements stand together."""
    return f"roll/{number}"


def is_roll(slot: str) -> bool:
    """Whether this is the slot of a roll."""
    return slot.startswith(roll(0)[:-1])


def rolled(number: int) -> str:
    """What says in which roll an incident stands."""
    return f"{ROLLED}{number}"


def marks(channel: str, ts: str) -> str:
    """The lane of what is put on a message and taken off it again."""
    return f"marks/{channel}/{ts}"


def person(person_id: str) -> str:
    """The symbolic place where one person is written to privately."""
    return f"person/{person_id}"


def clean(text: str) -> str:
    """The text without control characters and direction overrides, trimmed."""
    return _UNSEEN.sub("", text).strip()


def has_words(text: str) -> bool:
    """Whether the text has at least one letter or digit of any language."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def room_name(number: int, title: str | None, *, is_test: bool) -> str:
    """The channel name of a room: `inc-12-chatbot-gives-unsafe-dosage-advice`.

    A title of any language is written in Latin letters. None stands for a title that must not show.
    """
    start = f"inc-{number}-test" if is_test else f"inc-{number}"
    # anyascii spells emoji as :fire:, which says less than the neutral word does.
    words = anyascii(title) if title and has_words(title) else ""
    slug = _NOT_SLUG.sub("-", words.lower()).strip("-") or NEUTRAL
    return f"{start}-{slug}"[:ROOM_NAME_CHARS].rstrip("-")
