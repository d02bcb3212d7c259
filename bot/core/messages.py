"""What can be owed to Slack?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from slack_sdk.models.blocks import Block

from bot.core import ids

Shape = Literal["message", "topic", "purpose", "name", "home", "slots"]
DRAWING = "slots"  # the bucket that all slots draw on, of whichever incident
Effect = Literal[
    "create",
    "invite",
    "pin",
    "bookmark",
    "rebookmark",
    "view",
    "react",
    "unreact",
    "archive",
    "enroll",
    "redraw_homes",
    "whisper",
    "upload",
]
# Order of urgency: the room, the people, the summary; then topic, announcement, pin; then the rest.
ROOM, PEOPLE, SUMMARY, SOON, REST = 0, 1, 2, 3, 5

MENTION = "\ue000{}\ue000"  # the courier puts the channel of a symbolic room here


@dataclass(frozen=True)
class Content:
    """A message: `text` says everything (screen readers read only that), `blocks` show it."""

    text: str
    blocks: tuple[Block, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The message as Slack takes it."""
        return {"text": self.text, "blocks": list(self._written)}

    @cached_property
    def _written(self) -> list[dict[str, Any]]:
        # The library takes longer to write a long list down than the database to keep it.
        return [block.to_dict() for block in self.blocks]


@dataclass(frozen=True)
class Post:
    """A message that is posted once. `name` is its identity: the same name is sent once.

    `to` is a symbolic room, "announce", "person/U123" or "channel/C123". `thread` is the name of
    the Post or Keep under which it goes; `thread_ts` is a message of Slack's own instead. Of one
    `family` a newer one takes the place of those that could not be sent yet.
    """

    name: str
    to: str
    content: Content
    urgency: int = REST
    thread: str | None = None
    thread_ts: str | None = None
    family: str | None = None


@dataclass(frozen=True)
class Keep:
    """What a slot should show now; the newest wins and overtaken content is skipped.

    Only a message has blocks; of the other shapes the text alone is shown. A "home" and "slots",
    which are all of an incident's, are drawn when their turn comes: the text only says that
    something changed. `needs` is the symbolic reference that must exist first, if it is not the
    place itself. `thread` as in a Post: what was said in a thread before comes before. The same
    content is shown once more for each higher `again`. What `only_edits` is owed where the slot had
    something to show before, and is no new message.
    """

    slot: str
    to: str
    content: Content
    shape: Shape = "message"
    urgency: int = SOON
    needs: str | None = None
    thread: str | None = None
    again: int = 0
    only_edits: bool = False


@dataclass(frozen=True)
class Call:
    """One call that changes something in Slack; `gives` names what it brings into being.

    `lane` puts it behind what is still owed to that slot, or was asked for in that lane before;
    None gives it a lane of its own. `family` as of a Post.
    """

    name: str
    effect: Effect
    arguments: Mapping[str, Any] = field(default_factory=dict)
    needs: str | None = None
    gives: str | None = None
    urgency: int = SOON
    lane: str | None = None
    family: str | None = None


@dataclass(frozen=True)
class Send:
    """Something owed to another system than Slack: a pager, a webhook, a mail.

    `body` has "via" and what that way needs; secrets are named there, never held.
    """

    name: str
    body: Mapping[str, Any]
    urgency: int = PEOPLE


Message = Post | Keep | Call | Send


def slots(number: int) -> Keep:
    """What has all slots of an incident drawn soon."""
    name, changed = ids.slots(number), Content(ids.reference(number))
    return Keep(name, "", changed, shape="slots", urgency=SUMMARY)


def enroll(number: int) -> Call:
    """What has the roll of an incident shown, with it, once its room is open."""
    arguments = {"number": number}
    return Call(ids.rolled(number), "enroll", arguments, needs=ids.room(number), urgency=SUMMARY)


def redraw_homes(number: int, seq: int) -> Call:
    """What has every Home drawn anew by and by; what an earlier one has not done yet goes along.

    It is by the fact of this place in that incident.
    """
    name = f"{ids.ALL_HOMES}{number}/{seq}"
    return Call(name, "redraw_homes", urgency=REST, family=ids.ALL_HOMES)


def channel(place: str) -> str:
    """A mention of a room whose channel is not known yet: `<#C123>` once it is delivered."""
    return f"<#{MENTION.format(place)}>"


def channel_id(place: str) -> str:
    """The bare channel id of a room that may not exist yet; filled in at delivery."""
    return MENTION.format(place)
