"""Which of Slack's limits does an effect draw on?"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core import ids, messages
from bot.slack import leaving
from bot.slack.effects import Owed

# Slack's clock and ours do not start a minute together, and calls overtake each other on the way.
_SLACK = 1.02
_PER_MINUTE = {2: 20, 3: 50, 4: 100}
# Tiers: docs.slack.dev/apis/web-api/rate-limits and each method's own page.
TIERS: Mapping[str, int] = {
    "bookmarks.add": 2,
    "bookmarks.edit": 2,
    "bookmarks.list": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.archive": 2,
    "conversations.create": 2,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.invite": 3,
    "conversations.join": 3,
    "conversations.list": 2,
    "conversations.open": 3,
    "conversations.rename": 2,
    "conversations.replies": 3,
    "conversations.setPurpose": 2,
    "conversations.setTopic": 2,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "pins.add": 2,
    "reactions.add": 3,
    "reactions.remove": 2,
    "users.conversations": 3,
    "views.publish": 4,
    "views.update": 4,
}
_POST = "chat.postMessage"
_POSTS_A_MINUTE = 300  # "several hundred" in a workspace, says the page
_POSTS_AT_ONCE = 4  # "short bursts" in a channel; how short Slack does not say
# No limits of Slack's: what a busy room changes in a second is drawn together, and where many are
# busy, drawing takes no more of the machine than Slack's 50 updates and 300 posts a minute can use:
# thirty rooms drawn at once took half a second, and reminders of that moment waited so long.
_DRAWN_EVERY, _DRAWN_AT_ONCE = timedelta(seconds=1), 3
_ALL_DRAWN_EVERY, _ALL_DRAWN_AT_ONCE = timedelta(seconds=0.2), 8
# Each time 25 Homes: half of what Slack takes is left for those who look at theirs meanwhile.
_HOMES_EVERY, _HOMES_AT_ONCE = timedelta(seconds=30), 3
EFFECTS: Mapping[str, tuple[str, ...]] = {
    "create": ("conversations.create",),
    "invite": ("conversations.invite",),
    "pin": ("pins.add",),
    "bookmark": ("bookmarks.add",),
    "rebookmark": ("bookmarks.edit",),
    "view": ("views.update",),
    "react": ("reactions.add",),
    "unreact": ("reactions.remove",),
    "archive": ("conversations.archive",),
    "whisper": ("chat.postEphemeral",),
    "upload": (
        "conversations.open",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    ),
    "enroll": (),
    "redraw_homes": (),
}
_LOOKS: Mapping[str, str] = {
    "create": "users.conversations",
    "bookmark": "bookmarks.list",
    "upload": "conversations.history",
}
# Not the dialog's link: an ack that is later than it would put the dialog back to what it was.
_FURNISH = frozenset({"create", "pin", "bookmark"})
_BEFORE_ARCHIVE = (("name", "conversations.rename"), ("topic", "conversations.setTopic"))
# How a place is found that nobody wrote to yet since the start.
_FINDS: Mapping[str, tuple[str, ...]] = {
    "person": ("conversations.open",),
    "channel": ("conversations.list", "conversations.join"),
    "announce": ("conversations.list", "conversations.join"),
}
_SHAPES: Mapping[str, tuple[str, ...]] = {
    "name": ("conversations.rename",),
    "topic": ("conversations.setTopic",),
    "purpose": ("conversations.setPurpose",),
    "home": ("views.publish",),
}


@dataclass(frozen=True)
class Draw:
    """One call that counts against a limit: one more in `every`, `at_once` after a rest.

    Of a limit with none at once this process never gets one, and takes none from others.
    """

    bucket: str
    every: timedelta
    at_once: int


BEYOND = Draw("newer code", timedelta(seconds=1), 0)


def knows(owed: Owed) -> bool:
    """Whether this code can carry it out; while two versions are at work the newer owes more."""
    if owed.kind == "call":
        return owed.body.get("effect") in EFFECTS
    shape = owed.body.get("shape", "message")
    return owed.kind != "keep" or shape in {"message", "slots", *_SHAPES}


def furnishes(owed: Owed) -> bool:
    """Whether it makes a room or puts something into it, and lets nobody in."""
    if owed.kind == "call":
        return owed.body.get("effect") in _FURNISH
    return owed.kind == "keep" and str(owed.body.get("to", "")).startswith("room/")


def draws(owed: Owed, known: Container[str] = ()) -> list[Draw]:
    """What carrying this out will call, by its limits; what it looks at first is counted too.

    `known` are the places whose channel need not be asked for any more. What only newer code can
    carry out stays where it is, for that to take at once.
    """
    if owed.kind == "send":
        return []
    if not knows(owed):
        return [BEYOND]
    effect = str(owed.body.get("effect", ""))
    if effect == "redraw_homes":
        return [Draw(ids.ALL_HOMES, _HOMES_EVERY, _HOMES_AT_ONCE)]
    if owed.kind == "call":
        looks = [_LOOKS[effect]] if owed.is_uncertain and effect in _LOOKS else []
        of_leaving = _of_leaving(owed) if effect == "archive" else []
        return [*(_tier(method) for method in (*EFFECTS[effect], *looks)), *of_leaving]
    shape = str(owed.body.get("shape", "message"))
    if shape == "slots":
        return [
            Draw(owed.name, _DRAWN_EVERY, _DRAWN_AT_ONCE),
            Draw(messages.DRAWING, _ALL_DRAWN_EVERY, _ALL_DRAWN_AT_ONCE),
        ]
    if shape != "message":
        is_seen = owed.is_uncertain or (shape == "topic" and owed.gives_value)
        looks = ["conversations.info"] if is_seen and shape != "home" else []
        return [_tier(method) for method in (*_SHAPES[shape], *looks)]
    return _of_message(owed, known)


def bucket(method: str, owed: Owed) -> str:
    """The limit that Slack says is reached: that of the method, or of one channel for posts."""
    mine = [draw.bucket for draw in draws(owed)]
    return next((one for one in mine if one.partition(" ")[0] == method), method)


def _of_leaving(owed: Owed) -> list[Draw]:
    """What one attempt at closing a room may call before it archives it."""
    steps = [method for word, method in _BEFORE_ARCHIVE if owed.body.get(word)]
    found = [_tier(method) for method in (*steps, *(("conversations.info",) if steps else ()))]
    if owed.body.get("but"):
        # Paid for together: as long as the first finds as much saved up, it is enough for all.
        delete = _tier("chat.delete")
        delete = replace(delete, at_once=delete.at_once - leaving.AT_ONCE + 1)
        found += [_tier("conversations.history"), *[delete] * leaving.AT_ONCE]
        found += [_tier("conversations.replies")] * leaving.AT_ONCE
    return found


def _of_message(owed: Owed, known: Container[str]) -> list[Draw]:
    if owed.gives_value:
        return [_tier("chat.update")]
    place = str(owed.body["to"])
    is_reply = bool(owed.body.get("is_reply"))
    if is_reply or not place.startswith(("person/", "channel/", "announce")):
        place = str((owed.needs_value or {}).get("channel", place))
    found = [
        Draw(f"{_POST} {place}", timedelta(seconds=_SLACK), _POSTS_AT_ONCE),
        _rate(_POST, _POSTS_A_MINUTE),
    ]
    if place not in known:
        found += [_tier(method) for method in _FINDS.get(place.partition("/")[0], ())]
    if owed.is_uncertain:
        is_threaded = is_reply or owed.body.get("thread_ts")
        found.append(_tier("conversations.replies" if is_threaded else "conversations.history"))
    return found


def _tier(method: str) -> Draw:
    return _rate(method, _PER_MINUTE[TIERS[method]])


def _rate(method: str, a_minute: int) -> Draw:
    return Draw(method, timedelta(seconds=60 * _SLACK / a_minute), a_minute)
