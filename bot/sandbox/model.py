"""What does a workspace hold?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass
class Person:
    """A member of the workspace; `name` is the handle, `title` the job shown beside it.

    Do-not-disturb is on from `quiet_from` until before `quiet_until`, seconds since 1970.
    """

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Europe/Berlin"
    is_bot: bool = False
    is_guest: bool = False
    is_single_channel_guest: bool = False
    is_deleted: bool = False
    email: str = ""
    is_away: bool = False
    quiet_from: int = 0
    quiet_until: int = 0
    muted: frozenset[str] = frozenset()

    def is_quiet_at(self, seconds: int) -> bool:
        """Do-not-disturb is on at this moment, in seconds since 1970."""
        return self.quiet_from <= seconds < self.quiet_until


@dataclass(frozen=True)
class UserGroup:
    """People who are mentioned by one handle; `members` are their ids."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]


@dataclass
class Bookmark:
    """A link at the top of a channel."""

    id: str
    title: str
    link: str
    emoji: str = ""


@dataclass
class Message:
    """One message; `ephemeral_to` alone sees it, `is_broadcast` is a reply in the channel too."""

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    edited_ts: str | None = None
    ephemeral_to: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    attachments: list[Json] = field(default_factory=list)
    username: str = ""
    icons: Json = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    reply_count: int = 0
    is_broadcast: bool = False


@dataclass
class File:
    """A file; `shared` names the messages it is in, by channel, and `created` is seconds.

    `is_for_app`: a person gave it to a modal of the app's; `external_id`: it lies elsewhere.
    """

    id: str
    name: str
    title: str
    user: str
    created: int
    content: bytes = b""
    alt_txt: str = ""
    snippet_type: str = ""
    shared: dict[str, list[str]] = field(default_factory=dict)
    is_for_app: bool = False
    is_deleted: bool = False
    external_id: str = ""
    external_url: str = ""


@dataclass
class Channel:
    """A channel, or a direct conversation: with one person `is_im`, with several `is_mpim`."""

    id: str
    name: str
    creator: str
    created: int
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    topic: str = ""
    purpose: str = ""
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    canvas_id: str = ""
    is_mpim: bool = False

    @property
    def is_direct(self) -> bool:
        """It is a conversation between people, without a name of its own."""
        return self.is_im or self.is_mpim


@dataclass(frozen=True)
class Policy:
    """What the team's admins and its plan leave to apps.

    `restricted`: methods that are `restricted_action`. `required`: ids of channels nobody archives.
    `edit_seconds`: how long a message can be changed, None for ever. `storage_bytes`: how much all
    files may hold, None for as much as a plan without pay has.
    """

    restricted: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    edit_seconds: int | None = None
    storage_bytes: int | None = None
    has_user_groups: bool = True
    has_canvases: bool = True


@dataclass
class Canvas:
    """A document; of its Markdown each paragraph is a section, by the section's id."""

    id: str
    title: str = ""
    sections: dict[str, str] = field(default_factory=dict)


@dataclass
class Scheduled:
    """A message of the app's that is to be written at `post_at`, seconds since 1970.

    `arguments` are those of chat.postMessage; `never` is true of one that Slack loses.
    """

    id: str
    channel: str
    post_at: int
    created: int
    arguments: Json
    never: bool = False


@dataclass
class View:
    """A modal a person has open; `content` is the view as the app gave it.

    `state` is what the person has entered so far, `errors` what the app answered per block_id.
    """

    id: str
    hash: str
    user: str
    content: Json
    root_id: str
    previous_id: str | None = None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """What Slack itself tells one person, such as a command that timed out."""

    person_id: str
    text: str
    channel_id: str | None = None


@dataclass(frozen=True)
class Notification:
    """What made one person's Slack ring; `text` is what it read.

    `why` is "direct", "mention", "group" (a user group the person is in), "broadcast" or "thread".
    """

    channel: str
    ts: str
    why: str
    text: str


@dataclass(frozen=True)
class CommandSpec:
    """A slash command as the manifest declares it."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class ShortcutSpec:
    """A shortcut as the manifest declares it; `type` is "global" or "message"."""

    name: str
    type: str
    callback_id: str
    description: str


@dataclass(frozen=True)
class App:
    """The installed app, as far as its manifest and its installation tell."""

    app_id: str
    bot_user_id: str
    bot_id: str
    name: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: tuple[CommandSpec, ...]
    shortcuts: tuple[ShortcutSpec, ...]
    has_home: bool
    metadata_types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Call:
    """One Web API call the app made; times are monotonic seconds, `error` is None when ok.

    `number` and `at` (the workspace's time) are the journal's; `fault` is what was done to the call
    on purpose, None for nothing; `status` is HTTP's, 0 where no answer was given.
    """

    method: str
    args: Json
    ok: bool
    error: str | None
    started_at: float
    ended_at: float
    status: int = 200
    fault: str | None = None
    number: int = 0
    at: datetime | None = None

    @property
    def name(self) -> str:
        """What was called."""
        return self.method


@dataclass(frozen=True)
class Delivery:
    """One request to the app; `error` is None when it acked in time.

    `retry` counts repeats of an event, 0 for the first; the rest is as in a call.
    """

    kind: str
    payload: Json
    error: str | None
    started_at: float
    ended_at: float
    retry: int = 0
    fault: str | None = None
    number: int = 0
    at: datetime | None = None

    @property
    def ok(self) -> bool:
        """The app acked in time."""
        return self.error is None

    @property
    def name(self) -> str:
        """The slash command, the interaction's type or the event's."""
        if self.kind == "events_api":
            return str(self.payload.get("event", self.payload).get("type", ""))
        return str(self.payload.get("command") or self.payload.get("type", ""))
