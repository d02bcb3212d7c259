"""What is owed to others, who is bringing it, and what came of it?"""

from storage.outbox.claiming import claim, next_at, take_along
from storage.outbox.holding import current, hand_back, hold, put_back, release
from storage.outbox.owing import REQUEST, again, put
from storage.outbox.pacing import forget as forget_paces
from storage.outbox.references import give, ref, refs_at, refs_under
from storage.outbox.rows import (
    SETTLING,
    Claimed,
    Done,
    Failed,
    Item,
    Later,
    Lost,
    Only,
    Row,
    Toll,
    Worker,
)
from storage.outbox.settling import drop, retry, settle
from storage.outbox.waiting import hurry, let_go, open_names
from storage.outbox.watching import (
    Depth,
    depths,
    is_kept,
    kept_among,
    listing,
    open_items,
    put_before,
    settle_for_erasure,
    takes_more,
    unsent,
)

__all__ = [
    "REQUEST",
    "SETTLING",
    "Claimed",
    "Depth",
    "Done",
    "Failed",
    "Item",
    "Later",
    "Lost",
    "Only",
    "Row",
    "Toll",
    "Worker",
    "again",
    "claim",
    "current",
    "depths",
    "drop",
    "forget_paces",
    "give",
    "hand_back",
    "hold",
    "hurry",
    "is_kept",
    "kept_among",
    "let_go",
    "listing",
    "next_at",
    "open_items",
    "open_names",
    "put",
    "put_before",
    "put_back",
    "ref",
    "refs_at",
    "refs_under",
    "release",
    "retry",
    "settle",
    "settle_for_erasure",
    "take_along",
    "takes_more",
    "unsent",
]
