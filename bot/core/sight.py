"""What does a room look like in Slack?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sight:
    """A room as Slack shows it; None of a part says that it was not looked at, or is not shown.

    `has_our_topic` is whether the topic begins with what was set last, and not with an elder form
    of it behind, `bookmark_id` the bookmark that leads to the summary: empty where there is none.
    """

    is_inside: bool
    is_archived: bool = False
    name: str | None = None
    has_summary: bool | None = None
    is_pinned: bool | None = None
    has_our_topic: bool | None = None
    bookmark_id: str | None = None
    members: frozenset[str] | None = None
