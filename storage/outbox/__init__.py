"""What is owed to others, who is bringing it, and what came of it?"""

from storage.outbox.claiming import claim, next_at, release
from storage.outbox.owing import REQUEST, put
from storage.outbox.references import ref, refs_at
from storage.outbox.rows import Claimed, Done, Failed, Item, Later, Lost, Row
from storage.outbox.settling import retry, settle
from storage.outbox.watching import (
    Depth,
    depths,
    is_kept,
    kept_among,
    listing,
    open_items,
    settle_for_erasure,
)

__all__ = [
    "REQUEST",
    "Claimed",
    "Depth",
    "Done",
    "Failed",
    "Item",
    "Later",
    "Lost",
    "Row",
    "claim",
    "depths",
    "is_kept",
    "kept_among",
    "listing",
    "next_at",
    "open_items",
    "put",
    "ref",
    "refs_at",
    "release",
    "retry",
    "settle",
    "settle_for_erasure",
]
